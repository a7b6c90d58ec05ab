/** The HTTP side on a free port, over a store in memory, with Sam and Priya to sign in. */
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createHttpApp, type HttpDeps } from '../../../src/http/app.ts';
import type { PastInteraction, TvListed } from '../../../src/protocol/api.ts';
import { hashPassword } from '../../../src/registration/password.ts';
import { createRegistration, type Registration } from '../../../src/registration/registration.ts';
import { createMemoryStore } from '../registration/memoryStore.ts';
import { northlight, sam, southbank } from '../registration/people.ts';

export const priya = {
  ...sam,
  email: 'priya@southbank.example',
  name: 'Priya Nair',
  roles: ['agent', 'supervisor'] as ('agent' | 'supervisor')[],
};

/** They share a password, derived once. */
const passwordHash = await hashPassword(sam.password);

const livingRoom: TvListed = {
  id: 'tv-1',
  name: 'Living room TV',
  serial: 'SER-1',
  model: 'X40',
  firmware: '4.2.1',
  customerName: 'Alice Ward',
  connected: true,
  lastHeardAt: 1,
  openInteractionId: null,
};

const past: PastInteraction = {
  id: 'ix-1',
  openedAt: 1,
  endedAt: 2,
  faultCode: 'playback:stalled',
  faultTitle: 'The picture keeps stopping',
  agentName: 'Sam Okafor',
  outcome: 'fixedVerified',
  note: 'Moved the router.',
};

export interface Http {
  url: string;
  registration: Registration;
  logged: unknown[][];
  /** @returns the cookie, ready to be sent */
  signIn(who?: { email: string; password: string }): Promise<string>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** As our own pages send it; a header of undefined is left out. */
  post(path: string, body: unknown, headers?: Record<string, string | undefined>): Promise<Response>;
  close(): Promise<void>;
}

/** @param files what was built, by path below dist/web */
export async function startHttp(more: Partial<HttpDeps> = {}, files: Record<string, string> = {}): Promise<Http> {
  const folder = await mkdtemp(join(tmpdir(), 'couchline-web-'));
  const webRoot = join(folder, 'web');
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(webRoot, path)), { recursive: true });
    await writeFile(join(webRoot, path), content);
  }
  const store = createMemoryStore();
  await store.addCentre(northlight);
  await store.addCentre(southbank);
  // Whoever asks is in this process: while a test keeps it busy, no connection may end that the next request takes.
  const server = createServer({ keepAliveTimeout: 300_000 }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const publicUrl = more.publicUrl ?? url;
  const registration = createRegistration({ store, clock: () => Date.now(), publicUrl });
  for (const [id, centre, { password: _, ...agent }] of [
    ['sam', northlight, sam],
    ['priya', southbank, priya],
  ] as const) {
    await store.insertAgent({ ...agent, id, centreId: centre.id, passwordHash });
  }
  const logged: unknown[][] = [];
  const notAsked = () => Promise.reject(new Error('not part of these tests'));
  server.on(
    'request',
    createHttpApp({
      registration,
      tvs: {
        listTvs: async (centreId, search) =>
          centreId === northlight.id && livingRoom.name.includes(search) ? [livingRoom] : [],
        tvHistory: async (centreId, tvId) => (centreId === northlight.id && tvId === livingRoom.id ? [past] : null),
      },
      catalogue: { state: notAsked, saveDraft: notAsked, publish: notAsked, restore: notAsked, discard: notAsked },
      suggestions: { catalogue: notAsked, interaction: notAsked },
      systems: { keys: {} as never, api: {} as never, webhooks: {} as never },
      clock: () => Date.now(),
      calls: { state: () => ({}) as never, rooms: { open: notAsked } },
      readiness: { database: async () => 1, workerRuns: () => true, mediaMissing: () => null },
      logger: { info: () => {}, error: (...said: unknown[]) => void logged.push(said) },
      trustProxy: false,
      webRoot,
      ...more,
      publicUrl,
    }),
  );

  const http: Http = {
    url,
    registration,
    logged,
    async signIn({ email, password } = sam) {
      const answer = await http.post('/api/sign-in', { email, password });
      return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    },
    get: (path, headers = {}) => fetch(url + path, { headers, redirect: 'manual' }),
    post(path, body, headers = {}) {
      const all = { 'content-type': 'application/json', 'x-couchline': '1', ...headers };
      const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
      return fetch(url + path, {
        method: 'POST',
        headers: sent,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return http;
}
