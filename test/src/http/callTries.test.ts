import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallsState, CallTry } from '../../../src/protocol/calls.ts';
import { CallTries } from '../../../src/http/callTries.ts';
import { echoRoomsContract } from '../../contract/echoRooms.ts';
import { PaperEchoRooms } from '../../support/paperEcho.ts';
import { priya, startHttp, type Http } from './server.ts';

describe('rooms of one on paper', () => {
  echoRoomsContract(
    () => new PaperEchoRooms(),
    (offer) => offer,
  );
});

const calls: CallsState = {
  missing: null,
  workersWanted: 2,
  workers: [{ slot: 0, ports: [9500], cpu: 0, memory: 14_000_000, rooms: 1 }],
  addresses: ['192.0.2.10'],
  turnUrls: [],
  rooms: 0,
  browsers: 0,
  telephones: 0,
};

let rooms: PaperEchoRooms;
let http: Http;
let cookie: string;
let now: number;
const path = '/api/admin/calls/try';

beforeEach(async () => {
  now = 1_000_000;
  rooms = new PaperEchoRooms();
  http = await startHttp({ calls: { state: () => calls, rooms }, clock: () => now });
  cookie = await http.signIn(priya);
});
afterEach(async () => {
  vi.useRealTimers();
  await http.close();
});

const post = (to: string, body: unknown = {}) => http.post(to, body, { cookie });
const start = async () => (await (await post(path)).json()) as CallTry;
const end = (id: string, headers: Record<string, string>) =>
  fetch(`${http.url}${path}/${id}`, { method: 'DELETE', headers: { 'x-couchline': '1', ...headers } });

describe('the calls page', () => {
  it('[B8] tells supervisors how media stand, and nobody else', async () => {
    expect(await (await http.get('/api/admin/calls', { cookie })).json()).toEqual(calls);
    const sam = await http.signIn();
    expect((await http.get('/api/admin/calls', { cookie: sam })).status).toBe(403);
    expect((await http.post(path, {}, { cookie: sam })).status).toBe(403);
    expect((await http.get('/api/admin/calls')).status).toBe(401);
    expect((await http.post(path, {})).status).toBe(401);
    expect(rooms.opened).toEqual([]);
  });

  it('[B8] a try: offer, answer, how it stands, another offer, the end', async () => {
    const { id, sdp, endsAt, iceServers } = await start();
    expect({ endsAt, iceServers, until: rooms.until }).toEqual({
      endsAt: now + 120_000,
      iceServers: [],
      until: [now + 120_000],
    });
    const answered = await post(`${path}/${id}/answer`, { sdp });
    expect(await answered.json()).toEqual({
      layout: [
        { mid: '0', participant: 'echo' },
        { mid: '1', participant: 'echo' },
      ],
    });
    expect(await (await http.get(`${path}/${id}`, { cookie })).json()).toEqual({
      connection: 'nothing',
      from: null,
      endsAt,
    });
    const again = await post(`${path}/${id}/offer`);
    expect(((await again.json()) as { sdp: string }).sdp).toContain('o=- 1 2 ');
    expect((await end(id, { cookie })).status).toBe(204);
    expect(rooms.opened[0]?.over).toBe(true);
    expect((await http.get(`${path}/${id}`, { cookie })).status).toBe(404);
    expect((await end(id, { cookie })).status).toBe(204);
  });

  it('an answer that cannot be taken is refused with why, and one without an end is not read', async () => {
    const { id, sdp } = await start();
    const refused = await post(`${path}/${id}/answer`, { sdp: 'v=0' });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ message: expect.stringContaining('sections of the offer') });
    expect((await post(`${path}/${id}/answer`, { sdp: 'a'.repeat(50_000) })).status).toBe(400);
    expect((await post(`${path}/${id}/answer`, {})).status).toBe(400);
    expect((await post(`${path}/${id}/answer`, { sdp })).status).toBe(200);
  });

  it('[B8] says what is missing where there are no media', async () => {
    rooms.missing = 'There is no sound and no picture: the media worker is not there. Run "npm run worker".';
    const refused = await post(path);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ message: rooms.missing });
  });

  it('one a supervisor: the next takes the place of the last', async () => {
    const first = await start();
    const second = await start();
    expect(rooms.opened.map(({ over }) => over)).toEqual([true, false]);
    expect((await http.get(`${path}/${first.id}`, { cookie })).status).toBe(404);
    await end(first.id, { cookie });
    expect((await http.get(`${path}/${second.id}`, { cookie })).status).toBe(200);
    // Nor is it anybody else's to look at or to end.
    const sam = await http.signIn();
    expect((await end(second.id, { cookie: sam })).status).toBe(403);
    expect(rooms.opened[1]?.over).toBe(false);
  });

  it('is over after two minutes, whatever the page does', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { id } = await start();
    vi.advanceTimersByTime(119_999);
    expect(rooms.opened[0]?.over).toBe(false);
    vi.advanceTimersByTime(1);
    expect(rooms.opened[0]?.over).toBe(true);
    vi.useRealTimers();
    const gone = await http.get(`${path}/${id}`, { cookie });
    expect(gone.status).toBe(404);
    expect(await gone.json()).toMatchObject({ message: 'This try is over. Start another.' });
  });

  it('one whose worker died is over', async () => {
    const { id } = await start();
    rooms.opened[0]?.close();
    expect((await post(`${path}/${id}/offer`)).status).toBe(404);
  });

  it('twenty in five minutes, and no more', async () => {
    for (let tries = 0; tries < 20; tries++) expect((await post(path)).status).toBe(201);
    const refused = await post(path);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(rooms.opened.filter(({ over }) => !over)).toHaveLength(1);
  });
});

describe('many supervisors', () => {
  it('eight try at once; the ninth is asked to wait, until one has ended', async () => {
    const tries = new CallTries({ rooms, clock: () => now });
    const all = await Promise.all(Array.from({ length: 8 }, (_, index) => tries.open(`supervisor ${index}`)));
    await expect(tries.open('alice')).rejects.toMatchObject({ status: 429, message: expect.stringContaining('Wait') });
    tries.close('supervisor 3', all[3]?.id ?? '');
    await tries.open('alice');
    for (const [index, { id }] of all.entries()) tries.close(`supervisor ${index}`, id);
  });

  it('two clicks at once open one', async () => {
    const tries = new CallTries({ rooms, clock: () => now });
    const both = await Promise.allSettled([tries.open('alice'), tries.open('alice')]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(rooms.opened).toHaveLength(1);
  });
});
