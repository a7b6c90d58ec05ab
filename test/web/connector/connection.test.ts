import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLOSE, PING_EVERY_MS } from '../../../src/protocol/version.ts';
import { tvMessage } from '../../../src/protocol/client.ts';
import { createTvConnector } from '../../../web/connector/tv.ts';
import type { TvConnector, TvConnectorOptions, TvState } from '../../../web/connector/types.ts';
import { nothingKnown, queued, requested, room, shelf, startService, until } from './service.ts';
import type { Room, Service } from './service.ts';

let service: Service;
let connectors: TvConnector[] = [];

beforeEach(async () => {
  service = await startService();
});

afterEach(async () => {
  vi.useRealTimers();
  for (const connector of connectors) connector.close();
  connectors = [];
  await service.stop();
});

const provisioned = { serial: 'LR-1', secret: 'a-secret-of-sixteen' };

function livingRoomTv(changes: Partial<TvConnectorOptions> = {}, around: Room = room()): TvConnector {
  const connector = createTvConnector(
    { url: service.url, credentials: provisioned, told: { model: 'X40' }, storage: shelf(), ...changes },
    around,
  );
  connectors.push(connector);
  return connector;
}

const online = (state: TvState): boolean => state.connection.kind === 'online';
const offline = (state: TvState): boolean => state.connection.kind === 'offline';
const stopped = (state: TvState): boolean => state.connection.kind === 'stopped';

/** Lets sockets work while timers stand still. */
const io = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const fakeTimers = (): void => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
};

describe('the connection', () => {
  it('[M1] registers before anything else, with credentials and what the TV tells', async () => {
    const tv = livingRoomTv();
    const help = tv.requestHelp();
    const peer = await service.connection();
    await peer.registerTv();
    const request = await peer.next('request');
    expect(peer.heard.map(({ type }) => type)).toEqual(['registerTv', 'request']);
    for (const message of peer.heard) expect(tvMessage.safeParse(message).error).toBeUndefined();
    expect(peer.heard[0]).toMatchObject({
      credentials: { kind: 'secret', ...provisioned },
      told: { model: 'X40', form: 'all-in-one', engine: 'Chromium 120' },
      resume: [],
    });
    peer.ack(request, 'i1');
    await help;
    expect(tv.state.registered).toEqual({ tvId: 'tv1', name: 'Living room TV', centreName: 'Acme TV' });
  });

  it('[M4] repeats an unacknowledged command with the same id after a lost connection', async () => {
    const tv = livingRoomTv();
    const help = tv.requestHelp();
    const first = await service.connection();
    await first.registerTv();
    const said = await first.next('request');
    first.close(1011);
    const second = await service.connection();
    await second.registerTv();
    const again = await second.next('request');
    expect(again).toEqual(said);
    second.ack(again, 'i1');
    await help;
    expect(tv.state.unsent).toBe(0);
  });

  it('[M4] resumes from the last seq it saw and takes no event twice', async () => {
    const tv = livingRoomTv();
    const first = await service.connection();
    await first.registerTv({ open: ['i1'] });
    first.event(1, requested);
    first.event(3, queued);
    await until(tv, ({ interaction }) => interaction?.seq === 3);
    first.close(1011);
    const second = await service.connection();
    const registration = await second.next('registerTv');
    expect(registration).toMatchObject({ resume: [{ interactionId: 'i1', seq: 3 }] });
    second.registered(registration);
    second.event(3, queued);
    second.event(4, { type: 'messageSent', from: 'agent', name: 'Sam', text: 'Hello' });
    second.send({ type: 'resumed', open: ['i1'] });
    const { interaction } = await until(tv, (state) => online(state) && state.interaction?.seq === 4);
    expect(interaction?.timeline.map(({ seq }) => seq)).toEqual([1, 3, 4]);
  });

  it('[M4] uses the session of its registration for the next, and the secret when that is refused', async () => {
    livingRoomTv();
    const first = await service.connection();
    await first.registerTv({ token: 'a-session-of-sixteen' });
    first.close(CLOSE.goingAway);
    const second = await service.connection();
    const bySession = await second.next('registerTv');
    expect(bySession['credentials']).toEqual({ kind: 'session', token: 'a-session-of-sixteen' });
    second.refuse(bySession, 'unauthorized');
    second.close(CLOSE.unauthorized);
    const third = await service.connection();
    expect((await third.registerTv())['credentials']).toEqual({ kind: 'secret', ...provisioned });
  });

  it('[M4] keeps what is said offline in order, and says it after a reload with the same ids', async () => {
    const storage = shelf();
    const before = livingRoomTv({ storage });
    const first = await service.connection();
    await first.registerTv({ open: ['i1'] });
    first.event(1, requested);
    await until(before, ({ interaction }) => interaction !== null);
    before.say({ type: 'askForPerson' }).catch(() => undefined);
    before.say({ type: 'leave' }).catch(() => undefined);
    const said = [await first.next('viewer'), await first.next('viewer')];
    before.close();
    await first.closed;

    const after = livingRoomTv({ storage });
    expect(after.state.unsent).toBe(2);
    const second = await service.connection();
    await second.registerTv();
    expect([await second.next('viewer'), await second.next('viewer')]).toEqual(said);
    said.forEach((message) => {
      second.ack(message);
    });
    await until(after, ({ unsent }) => unsent === 0);
    expect([...storage.items.keys()].filter((key) => key.endsWith('outbox'))).toEqual([]);
  });

  it('[M4] refuses the 101st unanswered command and keeps the hundred before it', async () => {
    const tv = livingRoomTv();
    const peer = await service.connection();
    await peer.registerTv({ open: ['i1'] });
    peer.event(1, requested);
    await until(tv, ({ interaction }) => interaction !== null);
    for (let count = 0; count < 100; count += 1) tv.say({ type: 'askForPerson' }).catch(() => undefined);
    await expect(tv.say({ type: 'leave' })).rejects.toMatchObject({ code: 'unavailable', retry: true });
    expect(tv.state.unsent).toBe(100);
  });

  it('[M4] says nothing from storage that is older than a quarter of an hour, nor what is no command', async () => {
    const storage = shelf();
    const key = `couchline ${service.url} LR-1 outbox`;
    const stale = { id: 'old', body: { type: 'request', request: nothingKnown }, at: Date.now() - 16 * 60_000 };
    storage.setItem(key, JSON.stringify([stale, null, 'garbage', { id: 7 }]));
    expect(livingRoomTv({ storage }).state.unsent).toBe(0);
    storage.setItem(key, '{not json');
    expect(livingRoomTv({ storage }).state.unsent).toBe(0);
  });

  it('[M4] a refused command rejects with its code and is not said again', async () => {
    const tv = livingRoomTv();
    const help = tv.requestHelp();
    const first = await service.connection();
    await first.registerTv();
    first.refuse(await first.next('request'), 'busy', 'All lines are busy. Try again in a minute.', true);
    await expect(help).rejects.toMatchObject({ name: 'RefusedError', code: 'busy', retry: true });
    first.close(1011);
    const second = await service.connection();
    await second.registerTv();
    await until(tv, online);
    expect(second.heard.map(({ type }) => type)).toEqual(['registerTv']);
  });

  it('[M4] after a goodbye stays away for as long as it was asked to, whatever the network does', async () => {
    const around = room({ random: () => 0.5 });
    const tv = livingRoomTv({}, around);
    const first = await service.connection();
    await first.registerTv();
    await until(tv, online);
    fakeTimers();
    first.send({ type: 'goodbye', reason: 'New version', retryAfterMs: 8_000 });
    first.close(CLOSE.goingAway);
    const { connection } = await until(tv, offline);
    expect(connection).toMatchObject({ nextTryAt: Date.now() + 12_000 });
    around.window.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(11_999);
    await io();
    expect(service.count()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await (await service.connection()).registerTv();
    await until(tv, online);
  });

  it('[M4] waits longer after each loss, at most half a minute, and tries at once when the network is back', async () => {
    const around = room({ random: () => 0.999 });
    const storage = shelf();
    const { url } = service;
    await service.stop();
    fakeTimers();
    const tv = createTvConnector({ url, credentials: provisioned, told: { model: 'X40' }, storage }, around);
    connectors.push(tv);
    const waits: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      const asked = Date.now();
      const { connection } = await until(
        tv,
        (state) => state.connection.kind === 'offline' && state.connection.nextTryAt > asked,
      );
      if (connection.kind !== 'offline') throw new Error('must be offline');
      waits.push(Math.round((connection.nextTryAt - asked) / 100) * 100);
      if (round === 8) around.window.dispatchEvent(new Event('online'));
      else await vi.advanceTimersByTimeAsync(connection.nextTryAt - asked);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    const woken = Date.now();
    await until(tv, ({ connection }) => connection.kind === 'offline' && connection.nextTryAt > woken + 29_000);
    service = await startService();
  });

  it('[M4] tries at once when the TV is looked at again', async () => {
    const around = room({ random: () => 1 });
    const tv = livingRoomTv({}, around);
    const first = await service.connection();
    await first.registerTv();
    await until(tv, online);
    first.close(1011);
    await until(tv, offline);
    around.document.visibilityState = 'hidden';
    around.document.dispatchEvent(new Event('visibilitychange'));
    expect(service.count()).toBe(1);
    around.document.visibilityState = 'visible';
    around.document.dispatchEvent(new Event('visibilitychange'));
    await (await service.connection()).registerTv();
    await until(tv, online);
  });

  it('[M4] begins again when the network comes while an attempt hangs, and not when it goes', async () => {
    const around = room();
    const tv = livingRoomTv({}, around);
    const hanging = await service.connection();
    await hanging.next('registerTv');
    around.window.dispatchEvent(new Event('offline'));
    expect(service.count()).toBe(1);
    around.window.dispatchEvent(new Event('online'));
    await hanging.closed;
    await (await service.connection()).registerTv();
    await until(tv, online);
  });

  it('[M4] says sixteen commands at once, and again in a moment what came too fast', async () => {
    const tv = livingRoomTv();
    const peer = await service.connection();
    await peer.registerTv({ open: ['i1'] });
    peer.event(1, requested);
    await until(tv, ({ interaction }) => interaction !== null);
    fakeTimers();
    const answers = Array.from({ length: 20 }, () => tv.say({ type: 'askForPerson' }));
    const first = await peer.next('viewer');
    for (let count = 1; count < 16; count += 1) await peer.next('viewer');
    expect(peer.heard.filter(({ type }) => type === 'viewer')).toHaveLength(16);
    peer.refuse(first, 'rateLimited', 'Too many messages.', true);
    peer.event(2, queued);
    await until(tv, ({ interaction }) => interaction?.seq === 2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await peer.next('viewer')).toEqual(first);
    for (const message of peer.heard.filter(({ type }) => type === 'viewer')) peer.ack(message);
    for (let count = 0; count < 4; count += 1) peer.ack(await peer.next('viewer'));
    await Promise.all(answers);
  });

  it('[M4] says again, under the same id, what the service could not tell whether it was kept', async () => {
    const tv = livingRoomTv();
    const help = tv.requestHelp();
    const peer = await service.connection();
    await peer.registerTv();
    const first = await peer.next('request');
    fakeTimers();
    peer.refuse(first, 'unavailable', 'The service has trouble of its own.', true);
    await io();
    await vi.advanceTimersByTimeAsync(1_000);
    const second = await peer.next('request');
    expect(second).toEqual(first);
    peer.ack(second, 'i1');
    await help;
  });

  it('[M4] finds a half-open connection by its missing pongs', async () => {
    fakeTimers();
    const tv = livingRoomTv();
    const deaf = await service.connection();
    await deaf.registerTv();
    await until(tv, online);
    await vi.advanceTimersByTimeAsync(PING_EVERY_MS);
    const ping = await deaf.next('ping');
    expect(tvMessage.safeParse(ping).success).toBe(true);
    deaf.send({ type: 'pong', re: ping.id });
    deaf.event(1, requested);
    await until(tv, ({ interaction }) => interaction !== null);
    await vi.advanceTimersByTimeAsync(2 * PING_EVERY_MS);
    await deaf.next('ping');
    await deaf.next('ping');
    expect(online(tv.state)).toBe(true);
    await vi.advanceTimersByTimeAsync(PING_EVERY_MS + 1);
    await (await service.connection()).registerTv();
    await until(tv, online);
    expect(service.count()).toBe(2);
  });

  it('[M4] doubts a connection that was asleep: a TV that wakes up asks, and leaves without an answer in 5 s', async () => {
    fakeTimers();
    const around = room();
    const tv = livingRoomTv({}, around);
    const deaf = await service.connection();
    await deaf.registerTv();
    await until(tv, online);
    around.document.dispatchEvent(new Event('visibilitychange'));
    await deaf.next('ping');
    await vi.advanceTimersByTimeAsync(5_001);
    await (await service.connection()).registerTv();
    await until(tv, online);
  });

  it('[M4] gives up on a service that takes the connection and never answers', async () => {
    fakeTimers();
    const tv = livingRoomTv();
    const mute = await service.connection();
    await mute.next('registerTv');
    await vi.advanceTimersByTimeAsync(15_001);
    await (await service.connection()).registerTv();
    await until(tv, online);
  });

  it.each([
    ['4001, with nothing else to prove itself by', CLOSE.unauthorized, 'unauthorized'],
    ['4002', CLOSE.version, 'version'],
    ['4009', CLOSE.replaced, 'replaced'],
  ])('[M4] stops at %s, and tells what it was asked', async (_name, code, why) => {
    const around = room();
    const tv = livingRoomTv({}, around);
    const help = tv.requestHelp();
    const peer = await service.connection();
    await peer.registerTv();
    await peer.next('request');
    peer.close(code, 'The reason.');
    const { connection } = await until(tv, stopped);
    expect(connection).toEqual({ kind: 'stopped', why, message: 'The reason.' });
    await expect(help).rejects.toMatchObject({ code: 'unavailable', message: 'The reason.' });
    around.window.dispatchEvent(new Event('online'));
    expect(service.count()).toBe(1);
  });

  it.each([
    ['1001', CLOSE.goingAway],
    ['4000', CLOSE.timeout],
    ['1011', 1011],
  ])('[M4] reconnects after %s', async (_name, code) => {
    const tv = livingRoomTv();
    const first = await service.connection();
    await first.registerTv();
    await until(tv, online);
    first.close(code);
    await (await service.connection()).registerTv();
    await until(tv, online);
  });

  it('[M4] comes back ten seconds after 4008 at the earliest', async () => {
    const tv = livingRoomTv();
    const first = await service.connection();
    await first.registerTv();
    await until(tv, online);
    fakeTimers();
    first.close(CLOSE.rateLimited);
    await until(tv, offline);
    await vi.advanceTimersByTimeAsync(9_999);
    await io();
    expect(service.count()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await (await service.connection()).registerTv();
    await until(tv, online);
  });

  it('[M4] does not send again what closed the connection with 4003', async () => {
    const tv = livingRoomTv();
    const help = tv.requestHelp();
    const first = await service.connection();
    await first.registerTv();
    await first.next('request');
    first.close(CLOSE.malformed, 'request.screen: too long');
    await expect(help).rejects.toMatchObject({ code: 'malformed', retry: false, message: 'request.screen: too long' });
    const second = await service.connection();
    await second.registerTv();
    await until(tv, online);
    expect(second.heard.map(({ type }) => type)).toEqual(['registerTv']);
  });

  it('[M4] finds the one among several that closed the connection with 4003 by saying them one at a time', async () => {
    const tv = livingRoomTv();
    const first = await service.connection();
    await first.registerTv({ open: ['i1'] });
    first.event(1, requested);
    await until(tv, ({ interaction }) => interaction !== null);
    const sound = tv.say({ type: 'askForPerson' });
    const culprit = tv.say({ type: 'answerTask', taskId: 'bad', answer: 'works' });
    const innocent = tv.say({ type: 'leave' });
    for (let count = 0; count < 3; count += 1) await first.next('viewer');
    first.close(CLOSE.malformed);

    const second = await service.connection();
    await second.registerTv({ open: ['i1'] });
    const one = await second.next('viewer');
    expect(second.heard.filter(({ type }) => type === 'viewer')).toHaveLength(1);
    second.ack(one);
    await second.next('viewer');
    second.close(CLOSE.malformed, 'taskId');
    await expect(culprit).rejects.toMatchObject({ code: 'malformed' });
    await sound;

    const third = await service.connection();
    await third.registerTv({ open: ['i1'] });
    third.ack(await third.next('viewer'));
    await innocent;
  });

  it('[M4] stops when its registration itself is not understood', async () => {
    const tv = livingRoomTv();
    const peer = await service.connection();
    peer.refuse(await peer.next('registerTv'), 'malformed', 'told.mac is no MAC address.');
    const { connection } = await until(tv, stopped);
    expect(connection).toMatchObject({ why: 'version', message: 'told.mac is no MAC address.' });
  });

  it('[M4] garbage, unknown messages and events of no sound shape change nothing', async () => {
    const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const tv = livingRoomTv();
    const peer = await service.connection();
    await peer.registerTv({ open: ['i1'] });
    peer.raw('garbage');
    peer.raw('null');
    peer.raw('[]');
    peer.raw('{"v":2,"type":"goodbye"}');
    peer.send({ type: 'fromTheFuture', at: 1 });
    peer.send({ type: 'event' });
    peer.send({ type: 'ack', re: 'nobody' });
    peer.send({ type: 'refused', re: null, code: 'malformed', message: 'What?', retry: false });
    peer.event(1, requested);
    peer.send({ type: 'event', interactionId: 'i1', seq: 2, at: 1, event: { type: 'diagnosisGiven' } });
    peer.send({ type: 'event', interactionId: 'i1', seq: 3, at: 1, event: { type: 'fromTheFuture' } });
    peer.event(4, queued);
    const { interaction } = await until(tv, (state) => state.interaction?.seq === 4);
    expect(interaction?.status.kind).toBe('queued');
    expect(service.count()).toBe(1);
    complaints.mockRestore();
  });

  it('[M4] names an address that is none at once', () => {
    const wrong = () => createTvConnector({ url: 'help.example', credentials: provisioned, told: { model: 'X40' } });
    expect(wrong).toThrow(/"help.example".*https:\/\/help.example/);
  });

  it('[M4] closing twice is harmless, and what was not answered is told', async () => {
    const tv = livingRoomTv();
    const help = tv.requestHelp();
    tv.close();
    tv.close();
    await expect(help).rejects.toMatchObject({ code: 'unavailable', retry: true });
    expect(tv.state.connection).toMatchObject({ kind: 'stopped', why: 'closed' });
  });
});
