/** Who may ask how often, which repetitions are answered, and that no centre reads another's interactions. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredEvent } from '../../../src/events/ports.ts';
import type { SystemsDeps } from '../../../src/http/app.ts';
import type { RequestStore } from '../../../src/http/idempotency.ts';
import { createApiKeys, type ApiKeyStore } from '../../../src/registration/apiKeys.ts';
import { hashToken } from '../../../src/registration/tokens.ts';
import { stalledRequest } from '../../support/wire.ts';
import { startHttp, type Http } from './server.ts';

const keys = { northlight: `ck_${'n'.repeat(43)}`, southbank: `ck_${'s'.repeat(43)}` };
const requested: StoredEvent = {
  interactionId: 'i-1',
  seq: 1,
  at: 1,
  event: {
    type: 'requested',
    origin: 'viewer',
    request: stalledRequest,
    tv: {
      tvId: 'tv-1',
      serial: 'SER-1',
      form: 'all-in-one',
      model: 'X40',
      displayModel: null,
      firmware: '4.2.1',
      engine: 'Chromium 120',
      name: 'Living room TV',
      customer: null,
    },
  },
};

type Kept = Awaited<ReturnType<RequestStore['claim']>> & { claimedAt: number };

let now: number;
let lookedUp: number;
let done: string[];
let answerOf: () => Promise<{ ok: true; interactionId: string }>;
let requests: Map<string, Kept>;
let http: Http;

/** Northlight has one TV and one interaction; Southbank has none. */
function systems(): SystemsDeps {
  const store: Partial<ApiKeyStore> = {
    async find(hash) {
      lookedUp += 1;
      const found = Object.entries(keys).find(([, key]) => hashToken(key).equals(hash));
      return found === undefined
        ? null
        : { keyId: found[0], centreId: found[0], scopes: ['read', 'viewer', 'agent'], lastUsedAt: now };
    },
  };
  const door = async (_sender: { commandId: string }) => {
    done.push(_sender.commandId);
    return await answerOf();
  };
  return {
    keys: createApiKeys({ store: store as ApiKeyStore, clock: () => now, newId: () => 'id' }),
    webhooks: {} as never,
    api: {
      door: { request: door, viewer: door, agent: door },
      store: {
        tv: async (centreId, serial) => (centreId === 'northlight' && serial === 'SER-1' ? { tvId: 'tv-1' } : null),
        tvOf: async (centreId, id) =>
          centreId === 'northlight' && id === 'i-1' ? { tvId: 'tv-1', serial: 'SER-1' } : null,
        eventsAfter: async (centreId, id) => (centreId === 'northlight' && id === 'i-1' ? [requested] : []),
        async claim({ keyId, idempotencyKey, fingerprint, at, staleBefore }) {
          const name = `${keyId} ${idempotencyKey}`;
          const kept = requests.get(name);
          if (kept !== undefined && (kept.answer !== null || kept.claimedAt >= staleBefore)) return kept;
          requests.set(name, { fingerprint, answer: null, claimedAt: at });
          return null;
        },
        async answer(keyId, idempotencyKey, answer) {
          const kept = requests.get(`${keyId} ${idempotencyKey}`);
          if (kept !== undefined) kept.answer = answer;
        },
        async release(keyId, idempotencyKey) {
          requests.delete(`${keyId} ${idempotencyKey}`);
        },
      },
    },
  };
}

beforeEach(async () => {
  now = 1_700_000_000_000;
  lookedUp = 0;
  done = [];
  requests = new Map();
  answerOf = async () => ({ ok: true, interactionId: 'i-1' });
  http = await startHttp({
    systems: systems(),
    clock: () => now,
    apiLimits: { perKey: { points: 5, seconds: 60 }, strangers: { points: 3, seconds: 60 } },
  });
});
afterEach(() => http.close());

const read = (key: string, path = '/v1/interactions/i-1') => http.get(path, { Authorization: `Bearer ${key}` });
const ask = (id: string, key = keys.northlight) =>
  http.post('/v1/interactions', { serial: 'SER-1' }, { Authorization: `Bearer ${key}`, 'Idempotency-Key': id });

describe('a system that asks too often', () => {
  it('[M8] is told when to come back, and another key is not held up by it', async () => {
    for (let n = 0; n < 5; n += 1) expect((await read(keys.northlight)).status).toBe(200);
    const late = await read(keys.northlight);
    expect(late.status).toBe(429);
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await read(keys.southbank)).status).toBe(404);
  });

  it('[M8] with keys that do not count is not looked up any more', async () => {
    for (let n = 0; n < 3; n += 1) expect((await read(`ck_wrong${n}`)).status).toBe(401);
    expect((await read('ck_wrong')).status).toBe(429);
    expect(lookedUp).toBe(3);
  });
});

describe('a key of another centre', () => {
  it('[M8] finds none of this one’s interactions and TVs', async () => {
    expect((await read(keys.southbank)).status).toBe(404);
    expect((await read(keys.southbank, '/v1/interactions/i-1/events')).status).toBe(404);
    expect((await ask('from-southbank', keys.southbank)).status).toBe(404);
    expect(done).toEqual([]);
    expect((await read(keys.northlight)).status).toBe(200);
  });
});

describe('a request that is repeated', () => {
  it('[M8] while the first is under way is asked to come back, and does nothing', async () => {
    let answer = (_: { ok: true; interactionId: string }) => {};
    answerOf = () => new Promise((resolve) => (answer = resolve));
    const first = ask('the-same-one');
    while (done.length === 0) await new Promise((turn) => setImmediate(turn));
    const second = await ask('the-same-one');
    expect(second.status).toBe(409);
    expect(second.headers.get('retry-after')).toBe('1');
    answer({ ok: true, interactionId: 'i-1' });
    expect((await first).status).toBe(201);
    expect((await ask('the-same-one')).status).toBe(201);
    expect(done).toHaveLength(1);
  });

  it('[M8] after the first was cut off is done under the same command id, so that the door knows it', async () => {
    answerOf = () => new Promise(() => {});
    void ask('was-cut-off').catch(() => {});
    while (done.length === 0) await new Promise((turn) => setImmediate(turn));
    now += 31_000;
    answerOf = async () => ({ ok: true, interactionId: 'i-1' });
    expect((await ask('was-cut-off')).status).toBe(201);
    expect(done).toEqual([done[0], done[0]]);
    expect(done[0]).toBe('api:northlight:was-cut-off');
  });

  it('[M8] after an error of ours is tried anew', async () => {
    answerOf = async () => {
      throw new Error('The database was not there.');
    };
    expect((await ask('had-bad-luck')).status).toBe(500);
    answerOf = async () => ({ ok: true, interactionId: 'i-1' });
    expect((await ask('had-bad-luck')).status).toBe(201);
  });

  it('[M8] with its key in quotes, as the draft standard writes it, is the same', async () => {
    expect((await ask('quoted-or-not')).status).toBe(201);
    expect((await ask('"quoted-or-not"')).headers.get('idempotency-replayed')).toBe('true');
    expect(done).toHaveLength(1);
  });
});
