/** A connection from its registration to its end, and what is heard on it. */
import { describe, expect, it, vi } from 'vitest';
import { CLOSE, PING_EVERY_MS } from '../../../src/protocol/version.ts';
import { tvMessage } from '../../../src/protocol/client.ts';
import { createTvConnector } from '../../../web/connector/tv.ts';
import { queued, requested, room, until } from './service.ts';
import { fakeTimers, online, provisioned, setStage, stopped } from './stage.ts';

const stage = setStage();

describe('the connection', () => {
  it('[M1] registers before anything else, with credentials and what the TV tells', async () => {
    const tv = stage.livingRoomTv();
    const help = tv.requestHelp();
    const peer = await stage.service.connection();
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

  it('[M4] resumes from the last seq it saw and takes no event twice', async () => {
    const tv = stage.livingRoomTv();
    const first = await stage.service.connection();
    await first.registerTv({ open: ['i1'] });
    first.event(1, requested);
    first.event(3, queued);
    await until(tv, ({ interaction }) => interaction?.seq === 3);
    first.close(1011);
    const second = await stage.service.connection();
    const registration = await second.next('registerTv');
    expect(registration).toMatchObject({ resume: [{ interactionId: 'i1', seq: 3 }] });
    second.registered(registration);
    second.event(3, queued);
    second.event(4, { type: 'messageSent', from: 'agent', name: 'Sam', text: 'Hello' });
    second.send({ type: 'resumed', open: ['i1'] });
    const { interaction } = await until(tv, (state) => online(state) && state.interaction?.seq === 4);
    expect(interaction?.timeline.map(({ seq }) => seq)).toEqual([1, 3, 4]);
  });

  it('[M4] takes an event that bears its command’s id for the answer, and is in the state by then', async () => {
    const tv = stage.livingRoomTv();
    const help = tv.requestHelp().then(() => tv.state.interaction?.seq);
    const peer = await stage.service.connection();
    expect(await peer.registerTv()).toMatchObject({ answeredByEvents: true });
    const request = await peer.next('request');
    peer.event(1, requested);
    peer.send({ type: 'event', interactionId: 'i1', seq: 2, at: 1002, event: queued, re: request.id });
    expect(await help).toBe(2);
    // It was answered: a new connection does not hear it again.
    peer.close(1011);
    const second = await stage.service.connection();
    await second.registerTv({ open: ['i1'] });
    await until(tv, online);
    expect(second.heard.map(({ type }) => type)).toEqual(['registerTv']);
  });

  it('[M4] uses the session of its registration for the next, and the secret when that is refused', async () => {
    stage.livingRoomTv();
    const first = await stage.service.connection();
    await first.registerTv({ token: 'a-session-of-sixteen' });
    first.close(CLOSE.goingAway);
    const second = await stage.service.connection();
    const bySession = await second.next('registerTv');
    expect(bySession['credentials']).toEqual({ kind: 'session', token: 'a-session-of-sixteen' });
    second.refuse(bySession, 'unauthorized');
    second.close(CLOSE.unauthorized);
    const third = await stage.service.connection();
    expect((await third.registerTv())['credentials']).toEqual({ kind: 'secret', ...provisioned });
  });

  it('[M4] finds a half-open connection by its missing pongs', async () => {
    fakeTimers();
    const tv = stage.livingRoomTv();
    const deaf = await stage.service.connection();
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
    await (await stage.service.connection()).registerTv();
    await until(tv, online);
    expect(stage.service.count()).toBe(2);
  });

  it('[M4] doubts a connection that was asleep: a TV that wakes up asks, and leaves without an answer in 5 s', async () => {
    fakeTimers();
    const around = room();
    const tv = stage.livingRoomTv({}, around);
    const deaf = await stage.service.connection();
    await deaf.registerTv();
    await until(tv, online);
    around.document.dispatchEvent(new Event('visibilitychange'));
    await deaf.next('ping');
    await vi.advanceTimersByTimeAsync(5_001);
    await (await stage.service.connection()).registerTv();
    await until(tv, online);
  });

  it('[M4] gives up on a service that takes the connection and never answers', async () => {
    fakeTimers();
    const tv = stage.livingRoomTv();
    const mute = await stage.service.connection();
    await mute.next('registerTv');
    await vi.advanceTimersByTimeAsync(15_001);
    await (await stage.service.connection()).registerTv();
    await until(tv, online);
  });

  it.each([
    ['4001, with nothing else to prove itself by', CLOSE.unauthorized, 'unauthorized'],
    ['4002', CLOSE.version, 'version'],
    ['4009', CLOSE.replaced, 'replaced'],
  ])('[M4] stops at %s, and tells what it was asked', async (_name, code, why) => {
    const around = room();
    const tv = stage.livingRoomTv({}, around);
    const help = tv.requestHelp();
    const peer = await stage.service.connection();
    await peer.registerTv();
    await peer.next('request');
    peer.close(code, 'The reason.');
    const { connection } = await until(tv, stopped);
    expect(connection).toEqual({ kind: 'stopped', why, message: 'The reason.' });
    await expect(help).rejects.toMatchObject({ code: 'unavailable', message: 'The reason.' });
    around.window.dispatchEvent(new Event('online'));
    expect(stage.service.count()).toBe(1);
  });

  it('[M4] stops when its registration itself is not understood', async () => {
    const tv = stage.livingRoomTv();
    const peer = await stage.service.connection();
    peer.refuse(await peer.next('registerTv'), 'malformed', 'told.mac is no MAC address.');
    const { connection } = await until(tv, stopped);
    expect(connection).toMatchObject({ why: 'version', message: 'told.mac is no MAC address.' });
  });

  it('[M4] garbage, unknown messages and events of no sound shape change nothing', async () => {
    const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const tv = stage.livingRoomTv();
    const peer = await stage.service.connection();
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
    expect(stage.service.count()).toBe(1);
    complaints.mockRestore();
  });

  it('[M4] names an address that is none at once', () => {
    const wrong = () => createTvConnector({ url: 'help.example', credentials: provisioned, told: { model: 'X40' } });
    expect(wrong).toThrow(/"help.example".*https:\/\/help.example/);
  });

  it('[M4] closing twice is harmless, and what was not answered is told', async () => {
    const tv = stage.livingRoomTv();
    const help = tv.requestHelp();
    tv.close();
    tv.close();
    await expect(help).rejects.toMatchObject({ code: 'unavailable', retry: true });
    expect(tv.state.connection).toMatchObject({ kind: 'stopped', why: 'closed' });
  });
});
