/** What arrives on the wire and is no message, no registration, or nobody's: each has a clear answer and costs little. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../../../db/database.ts';
import { CLOSE, MAX_MESSAGE_BYTES } from '../../../src/protocol/version.ts';
import { demo } from '../../support/demo.ts';
import { startService, type Service } from '../../support/service.ts';
import { livingRoomTv, registerAgent, registerTv, signIn, stalledRequest, WireClient } from '../../support/wire.ts';

let service: Service;
const open: WireClient[] = [];

beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  expect(await service.stop()).toBe(0);
});
afterEach(() => {
  for (const client of open.splice(0)) client.cut();
});

async function stranger(headers?: Record<string, string>): Promise<WireClient> {
  const client = await WireClient.open(service.url, headers);
  open.push(client);
  return client;
}

async function livingRoom(): Promise<WireClient> {
  const tv = await registerTv(service.url, demo.tv);
  open.push(tv);
  return tv;
}

describe('before a registration', () => {
  it.each([
    ['bytes that are not JSON', '{"v":1,'],
    ['a JSON value that is not an object', '[1,2]'],
    ['an id that is no text', '{"v":1,"id":{}}'],
  ])('%s are refused as malformed and the connection ends with 4003', async (_what, frame) => {
    const client = await stranger();
    client.send(frame);
    expect(await client.nextOf('refused')).toMatchObject({ re: null, code: 'malformed', retry: false });
    expect(await client.closed).toMatchObject({ code: CLOSE.malformed });
  });

  it('a binary frame is refused as malformed', async () => {
    const client = await stranger();
    client.socket.send(Buffer.from('{"v":1,"id":"a","type":"ping"}'));
    expect(await client.nextOf('refused')).toMatchObject({ code: 'malformed' });
  });

  it.each([2, 0, '1', null])('version %j is told which one is spoken, and the connection ends with 4002', async (v) => {
    const client = await stranger();
    client.send({ v, id: 'from-the-future', type: 'registerTv' });
    expect(await client.nextOf('refused')).toMatchObject({ re: 'from-the-future', code: 'version' });
    expect(await client.closed).toMatchObject({ code: CLOSE.version });
  });

  it('[M3] anything but a registration is refused as unauthorized, and the connection ends with 4001', async () => {
    const client = await stranger();
    client.send({ v: 1, id: 'too-early', type: 'request', request: stalledRequest });
    expect(await client.nextOf('refused')).toMatchObject({ re: 'too-early', code: 'unauthorized' });
    expect(await client.closed).toMatchObject({ code: CLOSE.unauthorized });
  });

  it('[M3] a wrong secret, a short one, an unknown serial and a made-up session get the same answer', async () => {
    const answers = [];
    for (const credentials of [
      { kind: 'secret', serial: demo.tv.serial, secret: 'not-the-secret-at-all' },
      { kind: 'secret', serial: demo.tv.serial, secret: 'short' },
      { kind: 'secret', serial: 'NOBODY-1', secret: demo.tv.secret },
      { kind: 'session', token: 'x'.repeat(43) },
    ]) {
      const client = await stranger();
      client.send({ v: 1, id: 'same', type: 'registerTv', credentials, told: livingRoomTv, resume: [] });
      const refused = await client.nextOf('refused');
      answers.push([refused.code, refused.message, (await client.closed).code]);
    }
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(answers[0]).toMatchObject(['unauthorized', expect.any(String), CLOSE.unauthorized]);
  });

  it('a frame longer than the limit ends the connection with 1009 before it is read', async () => {
    const client = await stranger();
    client.send('x'.repeat(MAX_MESSAGE_BYTES + 1));
    expect(await client.closed).toMatchObject({ code: 1009 });
    expect(client.heard).toEqual([]);
  });

  it('a foreign origin is refused at the upgrade with 403, and the log says which setting lets it in', async () => {
    await expect(WireClient.open(service.url, { origin: 'https://elsewhere.example' })).rejects.toThrow('403');
    const said = await vi.waitUntil(() =>
      service
        .output()
        .split('\n')
        .find((line) => line.includes('https://elsewhere.example')),
    );
    expect(JSON.parse(said)).toMatchObject({ level: 40, setting: 'ALLOWED_ORIGINS' });
  });

  it('a path that is none is refused at the upgrade with 404', async () => {
    await expect(WireClient.open(`${service.url}/elsewhere`)).rejects.toThrow('404');
  });

  it("an agent's cookie is worth nothing without the service's own origin", async () => {
    const cookie = await signIn(service.url, demo.sam.email, demo.sam.password);
    const client = await stranger({ cookie });
    client.send({
      v: 1,
      id: 'no-origin',
      type: 'registerAgent',
      credentials: { kind: 'cookie' },
      told: { device: 'elsewhere', appVersion: '0' },
      resume: [],
    });
    expect(await client.nextOf('refused')).toMatchObject({ code: 'unauthorized' });
  });
});

describe('after a registration', () => {
  it('a message that departs from its schema is refused with the place, and the connection goes on', async () => {
    const tv = await livingRoom();
    const answer = await tv.ask({ type: 'request', request: { ...stalledRequest, screen: { path: 'Player' } } });
    expect(answer).toMatchObject({ type: 'refused', code: 'malformed', retry: false });
    expect(answer).toHaveProperty('message', expect.stringContaining('request.screen.path'));
    tv.send({ v: 1, id: 'still-there', type: 'ping' });
    expect(await tv.nextOf('pong')).toMatchObject({ re: 'still-there' });
  });

  it.each([
    ['a fault code without a namespace', { fault: { ...stalledRequest.fault, code: 'stalled' } }],
    [
      'more recent actions than are kept',
      { screen: { ...stalledRequest.screen, recentActions: Array(13).fill('OK') } },
    ],
    [
      'more facts than are kept',
      {
        context: {
          serviceState: 'playing',
          facts: Object.fromEntries(Array.from({ length: 41 }, (_, n) => [`f${n}`, n])),
        },
      },
    ],
  ])('%s is refused', async (_what, part) => {
    const tv = await livingRoom();
    expect(await tv.ask({ type: 'request', request: { ...stalledRequest, ...part } })).toMatchObject({
      code: 'malformed',
    });
  });

  it("what an agent may say is not understood from a TV, and a TV's words not from an agent", async () => {
    const tv = await livingRoom();
    expect(await tv.ask({ type: 'setPresence', wish: { kind: 'ready' } })).toMatchObject({ code: 'malformed' });
    const cookie = await signIn(service.url, demo.sam.email, demo.sam.password);
    const sam = await registerAgent(service.url, cookie);
    open.push(sam);
    expect(await sam.ask({ type: 'request', request: stalledRequest })).toMatchObject({ code: 'malformed' });
  });

  it('a second registration on the same connection is refused', async () => {
    const tv = await livingRoom();
    const again = { type: 'registerTv', credentials: { kind: 'secret', ...demo.tv }, told: livingRoomTv, resume: [] };
    expect(await tv.ask(again)).toMatchObject({ code: 'wrongState' });
  });

  it('an interaction of somebody else and one that is nobody’s are told alike', async () => {
    const tv = await livingRoom();
    const command = { type: 'leave' };
    const nobodys = await tv.ask({ type: 'viewer', interactionId: randomUUID(), command });
    expect(nobodys).toMatchObject({ type: 'refused', code: 'notFound' });
  });

  it('the same TV connecting again replaces the older connection with 4009', async () => {
    const older = await livingRoom();
    await livingRoom();
    expect(await older.closed).toMatchObject({ code: CLOSE.replaced });
  });

  it('signing out closes the agent’s connection with 4001 at once', async () => {
    const cookie = await signIn(service.url, demo.priya.email, demo.priya.password);
    const priya = await registerAgent(service.url, cookie);
    await fetch(`${service.url}/api/sign-out`, { method: 'POST', headers: { cookie, 'X-Couchline': '1' } });
    expect(await priya.closed).toMatchObject({ code: CLOSE.unauthorized });
  });

  it('[M3] a session that runs out while connected ends the connection, and is not taken again', async () => {
    const cookie = await signIn(service.url, demo.priya.email, demo.priya.password);
    const database = openDatabase(service.databaseUrl, { connections: 1 });
    await database.query(`update sessions set expires_at = $1 where kind = 'agent' and revoked_at is null`, [
      // Priya's computer has to be registered by then, on a busy machine too.
      Date.now() + 6_000,
    ]);
    await database.end();
    const priya = await registerAgent(service.url, cookie);
    expect(await priya.closed).toMatchObject({ code: CLOSE.timeout });
    const back = await stranger({ cookie, origin: service.url });
    back.send({
      v: 1,
      id: 'again',
      type: 'registerAgent',
      credentials: { kind: 'cookie' },
      told: { device: 'test bench', appVersion: '0' },
      resume: [],
    });
    expect(await back.closed).toMatchObject({ code: CLOSE.unauthorized });
  });

  // The last of all: this TV has nothing more to say for a while. That coming back gives it no more is held by frames.test.ts.
  it('[M4] a TV that talks too fast is told to wait, and loses its connection with 4008', async () => {
    const tv = await livingRoom();
    for (let n = 0; n < 400; n += 1) tv.send({ v: 1, id: `ping-${n}`, type: 'ping' });
    const refused = await tv.nextOf('refused');
    expect(refused).toMatchObject({ code: 'rateLimited', retry: true });
    expect(await tv.closed).toMatchObject({ code: CLOSE.rateLimited });
  });
});
