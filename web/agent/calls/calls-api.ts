/** The calls page's side of HTTP: one function a route of src/protocol/calls.ts. */
import type { CallsState, CallTry, CallTryAnswered, CallTryOffer, CallTryState } from '../../../src/protocol/calls.ts';

/** Every function rejects with an ApiFailure. */
export interface CallsApi {
  state(): Promise<CallsState>;
  startTry(): Promise<CallTry>;
  /** New paths for the same try. */
  tryOffer(id: string): Promise<CallTryOffer>;
  tryAnswer(id: string, sdp: string): Promise<CallTryAnswered>;
  tryState(id: string): Promise<CallTryState>;
  endTry(id: string): Promise<void>;
}

/** @param get and `change` as the desk's API speaks */
export function createCallsApi(
  get: <T>(path: string) => Promise<T>,
  change: <T>(method: string, path: string, body?: unknown) => Promise<T>,
): CallsApi {
  const one = (id: string, what = '') => `/api/admin/calls/try/${encodeURIComponent(id)}${what}`;
  return {
    state: () => get('/api/admin/calls'),
    startTry: () => change('POST', '/api/admin/calls/try'),
    tryOffer: (id) => change('POST', one(id, '/offer')),
    tryAnswer: (id, sdp) => change('POST', one(id, '/answer'), { sdp }),
    tryState: (id) => get(one(id)),
    endTry: (id) => change('DELETE', one(id)),
  };
}
