/** The HTTP side of the desk: one function a route of src/protocol/api.ts. */
import type { CatalogueEntry } from '../../../src/diagnosis/diagnosis.ts';
import type {
  CatalogueDiscarded,
  CatalogueState,
  Me,
  PairingPending,
  PastInteraction,
  Suggestion,
  TvListed,
} from '../../../src/protocol/api.ts';
import { createAdminApi } from '../admin/admin-api.ts';
import type { AdminApi } from '../admin/admin-api.ts';
import { createCallsApi } from '../calls/calls-api.ts';
import type { CallsApi } from '../calls/calls-api.ts';

/** `status` 0 means that nothing was heard from the service. `message` can be shown to people. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiFailure';
    this.status = status;
    this.code = code;
  }
}

export type PairingAnswer =
  { allow: true; name: string; customer: { name: string; reference?: string } | null } | { allow: false };

/** Every function rejects with an ApiFailure. */
export interface DeskApi {
  me(): Promise<Me>;
  signIn(email: string, password: string): Promise<Me>;
  signOut(): Promise<void>;
  tvs(search: string): Promise<TvListed[]>;
  history(tvId: string): Promise<PastInteraction[]>;
  suggestions(interactionId: string): Promise<Suggestion[]>;
  catalogue(): Promise<CatalogueState>;
  /**
   * @param revision of the draft that was read; 0 for a new one
   * @param version the published one that the draft was made from
   */
  saveDraft(revision: number, version: number, entries: CatalogueEntry[]): Promise<CatalogueState>;
  publish(revision: number, note: string): Promise<CatalogueState>;
  /** Answers with what was discarded, so that it can be put back. */
  discardDraft(): Promise<CatalogueDiscarded>;
  restore(version: number): Promise<CatalogueState>;
  pairing(userCode: string): Promise<PairingPending>;
  answerPairing(userCode: string, answer: PairingAnswer): Promise<void>;
  /** What supervisors set up for other systems. */
  admin: AdminApi;
  /** Whether calls work, for supervisors. */
  calls: CallsApi;
}

/**
 * @param onSessionOver told when any answer but the sign-in's own is 401
 * @param send the browser's fetch
 */
export function createDeskApi(onSessionOver: () => void, send: typeof fetch = (...all) => fetch(...all)): DeskApi {
  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    let response: Response;
    try {
      response = await send(path, {
        method,
        credentials: 'same-origin',
        headers: {
          accept: 'application/json',
          // A page of another origin cannot send this header without being asked first.
          ...(method === 'GET' ? {} : { 'x-couchline': '1' }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (cause) {
      throw new ApiFailure(0, 'offline', 'Not online. Nothing was changed. Try again in a moment.', { cause });
    }
    if (response.ok) return response.status === 204 ? undefined : response.json();
    const failure = await readFailure(response);
    if (failure.status === 401 && path !== '/api/sign-in') onSessionOver();
    throw failure;
  }

  // What comes back is trusted: it is the service that this page came from.
  const get = <T>(path: string) => call('GET', path) as Promise<T>;
  const change = <T>(method: string, path: string, body?: unknown) => call(method, path, body) as Promise<T>;
  const part = encodeURIComponent;

  return {
    me: () => get('/api/me'),
    signIn: (email, password) => change('POST', '/api/sign-in', { email, password }),
    signOut: () => change('POST', '/api/sign-out'),
    tvs: (search) => get(`/api/tvs?search=${part(search)}`),
    history: (tvId) => get(`/api/tvs/${part(tvId)}/history`),
    suggestions: (interactionId) => get(`/api/interactions/${part(interactionId)}/suggestions`),
    catalogue: () => get('/api/catalogue'),
    saveDraft: (revision, version, entries) => change('PUT', '/api/catalogue/draft', { revision, version, entries }),
    publish: (revision, note) => change('POST', '/api/catalogue/publish', { revision, note }),
    discardDraft: () => change('DELETE', '/api/catalogue/draft'),
    restore: (version) => change('POST', '/api/catalogue/restore', { version }),
    pairing: (userCode) => get(`/api/pairings/${part(userCode)}`),
    answerPairing: (userCode, answer) => change('POST', `/api/pairings/${part(userCode)}`, answer),
    admin: createAdminApi(get, change),
    calls: createCallsApi(get, change),
  };
}

async function readFailure(response: Response): Promise<ApiFailure> {
  try {
    const body: unknown = await response.json();
    if (typeof body === 'object' && body !== null && 'error' in body && 'message' in body) {
      return new ApiFailure(response.status, String(body.error), String(body.message));
    }
  } catch {
    // Not our service's answer, such as a proxy's page: said in our words below.
  }
  return new ApiFailure(
    response.status,
    'unreadable',
    `The service answered with an error. Nothing was lost. Try again in a moment. Ref ${response.status}`,
  );
}
