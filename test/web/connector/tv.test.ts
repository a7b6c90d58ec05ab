import { describe, expect, it, vi } from 'vitest';
import { tvMessage } from '../../../src/protocol/client.ts';
import type { InteractionEvent } from '../../../src/interaction/event.ts';
import { engineOf, findTold } from '../../../web/connector/told.ts';
import type { TvConnector, TvConnectorOptions } from '../../../web/connector/types.ts';
import { match, queued, requested, room, sam, shelf, until } from './service.ts';
import type { nothingKnown, Peer } from './service.ts';
import { setStage } from './stage.ts';

const stage = setStage();

/** A TV that is connected, with an interaction under way. */
async function underWay(changes: Partial<TvConnectorOptions> = {}): Promise<{ tv: TvConnector; peer: Peer }> {
  const tv = stage.livingRoomTv(changes);
  const peer = await stage.service.connection();
  await peer.registerTv({ open: ['i1'] });
  peer.event(1, requested);
  await until(tv, ({ connection, interaction }) => connection.kind === 'online' && interaction !== null);
  return { tv, peer };
}

const closed: InteractionEvent = { type: 'closed', by: 'viewer', disposition: 'fixedClaimed', note: '' };
const ended: InteractionEvent = { type: 'ended', by: 'viewer', fix: null };

describe('asking for help', () => {
  it('[M6] tells the fault, the screen as structure and the context', async () => {
    const tv = stage.livingRoomTv();
    tv.raise({ code: 'tr069:9002', title: 'The box reports an error', detail: { rssi: -81 } });
    tv.raise({ code: 'vendor:tuner-lock', title: 'No signal' });
    tv.setScreen(['Player', 'Help prompt'], 'Yes, get help');
    tv.setContext({ serviceState: 'playing', facts: { title: 'The sea' } });
    tv.action('OK on Play');
    tv.requestHelp('tr069:9002').catch(() => undefined);
    const peer = await stage.service.connection();
    await peer.registerTv();
    const message = await peer.next('request');
    expect(tvMessage.safeParse(message).error).toBeUndefined();
    expect(message['request']).toEqual({
      fault: {
        code: 'tr069:9002',
        title: 'The box reports an error',
        detail: { rssi: -81 },
        since: expect.any(Number) as number,
        count: 1,
      },
      screen: { path: ['Player', 'Help prompt'], focused: 'Yes, get help', recentActions: ['OK on Play'] },
      context: { serviceState: 'playing', facts: { title: 'The sea' } },
    });
  });

  it('[M6] takes the latest fault unless told which, and one that cleared while the viewer decided', async () => {
    const tv = stage.livingRoomTv();
    tv.raise({ code: 'playback:stalled', title: 'The picture keeps stopping' });
    tv.raise({ code: 'network:offline', title: 'This TV is not online' });
    tv.clear('playback:stalled');
    const peer = await stage.service.connection();
    await peer.registerTv();
    const first = tv.requestHelp();
    const latest = await peer.next('request');
    expect(latest['request']).toMatchObject({ fault: { code: 'network:offline' } });
    peer.refuse(latest, 'busy');
    await expect(first).rejects.toThrow('No.');
    tv.requestHelp('playback:stalled').catch(() => undefined);
    expect((await peer.next('request'))['request']).toMatchObject({ fault: { code: 'playback:stalled' } });
  });

  it('[B6] keeps the last twelve actions', async () => {
    const tv = stage.livingRoomTv();
    for (let count = 1; count <= 15; count += 1) tv.action(`OK on ${count}`);
    tv.action('   ');
    tv.requestHelp().catch(() => undefined);
    const peer = await stage.service.connection();
    await peer.registerTv();
    const { request } = (await peer.next('request')) as unknown as { request: typeof nothingKnown };
    expect(request.screen.recentActions).toEqual(Array.from({ length: 12 }, (_, at) => `OK on ${at + 4}`));
  });

  it('[M6] cuts what a host says too long, so that help is asked for all the same', async () => {
    const long = 'x'.repeat(500);
    const facts = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`${at} ${long}`, long]));
    const user = { reference: long, name: long, address: long, number: long };
    const tv = stage.livingRoomTv({
      told: { model: long, firmware: long, operator: '', user, wantedRepresentative: long },
    });
    tv.raise({ code: 'vendor:x', title: long, detail: { ...facts, broken: NaN } });
    tv.setScreen(Array.from({ length: 20 }, () => long).concat(''), long);
    tv.setContext({ serviceState: '', facts });
    tv.action(long);
    tv.requestHelp().catch(() => undefined);
    const peer = await stage.service.connection();
    const registration = await peer.registerTv();
    expect(tvMessage.safeParse(registration).error).toBeUndefined();
    expect(tvMessage.safeParse(await peer.next('request')).error).toBeUndefined();
  });

  it('[B6] a fact that is too long ends at a word and says that there was more', async () => {
    const tv = stage.livingRoomTv();
    tv.raise({ code: 'vendor:x', title: 'It stopped', detail: { message: `${'MediaSource '.repeat(16)}endOfStream` } });
    tv.requestHelp().catch(() => undefined);
    const peer = await stage.service.connection();
    await peer.registerTv();
    expect((await peer.next('request'))['request']).toMatchObject({
      fault: { detail: { message: `${'MediaSource '.repeat(16)}…` } },
    });
  });

  it('[M4] pressing twice asks once, and pressing while help is under way asks nothing', async () => {
    const tv = stage.livingRoomTv();
    const presses = [tv.requestHelp(), tv.requestHelp()];
    const peer = await stage.service.connection();
    await peer.registerTv();
    peer.event(1, requested);
    peer.ack(await peer.next('request'), 'i1');
    await Promise.all(presses);
    await until(tv, ({ interaction }) => interaction !== null);
    await tv.requestHelp();
    expect(peer.heard.filter(({ type }) => type === 'request')).toHaveLength(1);
  });

  it('[M4] leaving before the request was said takes it back', async () => {
    const tv = stage.livingRoomTv();
    const help = tv.requestHelp();
    await tv.say({ type: 'leave' });
    await expect(help).rejects.toMatchObject({ code: 'ended' });
    expect(tv.state.unsent).toBe(0);
  });

  it('[M4] leaving before the request was answered leaves what it opens', async () => {
    const tv = stage.livingRoomTv();
    tv.requestHelp().catch(() => undefined);
    const peer = await stage.service.connection();
    await peer.registerTv();
    const request = await peer.next('request');
    const left = tv.say({ type: 'leave' });
    peer.ack(request, 'i7');
    const leave = await peer.next('viewer');
    expect(leave).toMatchObject({ interactionId: 'i7', command: { type: 'leave' } });
    peer.ack(leave);
    await left;
  });

  it('[M4] an answer without help under way is refused with the reason', async () => {
    const tv = stage.livingRoomTv();
    await expect(tv.say({ type: 'askForPerson' })).rejects.toMatchObject({ code: 'wrongState' });
  });
});

describe('help under way', () => {
  it('[M10] tells what changed, once per two seconds, and nothing that did not change', async () => {
    const { tv, peer } = await underWay();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    tv.setScreen(['Shelf'], 'Help');
    const first = await peer.next('viewer');
    expect(tvMessage.safeParse(first).error).toBeUndefined();
    expect(first['command']).toEqual({
      type: 'update',
      screen: { path: ['Shelf'], focused: 'Help', recentActions: [] },
    });
    peer.ack(first);
    peer.event(2, { type: 'messageSent', from: 'agent', name: 'Sam', text: 'Hello' });
    await until(tv, ({ interaction }) => interaction?.seq === 2);
    tv.setScreen(['Player'], null);
    tv.setScreen(['Player'], 'Pause');
    tv.raise({ code: 'playback:stalled', title: 'The picture keeps stopping' });
    expect(peer.heard.filter(({ type }) => type === 'viewer')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    const second = await peer.next('viewer');
    expect(second['command']).toMatchObject({
      type: 'update',
      screen: { path: ['Player'], focused: 'Pause' },
      fault: { code: 'playback:stalled' },
    });
    peer.ack(second);
    tv.setScreen(['Player'], 'Pause');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(peer.heard.filter(({ type }) => type === 'viewer')).toHaveLength(2);
    expect(tv.state.unsent).toBe(0);
  });

  it('[M10] after a reload tells only what the service does not know', async () => {
    const tv = stage.livingRoomTv();
    tv.setScreen(['Player'], 'Pause');
    tv.setContext({ serviceState: 'playing', facts: { b: 1, a: 'two' } });
    const peer = await stage.service.connection();
    const registration = await peer.next('registerTv');
    peer.registered(registration);
    const screen = { path: ['Player'], focused: 'Pause', recentActions: [] };
    const context = { serviceState: 'playing', facts: { a: 'two', b: 1 } };
    peer.event(1, { ...requested, request: { fault: null, screen, context } } as InteractionEvent);
    peer.send({ type: 'resumed', open: ['i1'] });
    await until(tv, ({ connection }) => connection.kind === 'online');
    tv.setContext({ serviceState: 'paused', facts: {} });
    expect((await peer.next('viewer'))['command']).toEqual({
      type: 'update',
      context: { serviceState: 'paused', facts: {} },
    });
  });

  it('[M7] tells nothing of the screen to an agent whose invitation is not accepted', async () => {
    const tv = stage.livingRoomTv();
    tv.setScreen(['Player'], 'Pause');
    const peer = await stage.service.connection();
    await peer.registerTv({ open: ['i1'] });
    peer.event(1, { ...requested, origin: 'agent' } as InteractionEvent);
    const invited: InteractionEvent = { type: 'invited', agent: sam, match, expiresAt: Date.now() + 60_000 };
    await until(tv, ({ interaction }) => interaction !== null);
    peer.event(2, invited);
    await until(tv, ({ interaction }) => interaction?.status.kind === 'invited');
    tv.setScreen(['Player'], 'Stop');
    const accepting = tv.say({ type: 'acceptInvitation' });
    const accept = await peer.next('viewer');
    expect(accept['command']).toEqual({ type: 'acceptInvitation' });
    peer.ack(accept);
    await accepting;
    peer.event(3, { type: 'accepted', agent: sam });
    expect((await peer.next('viewer'))['command']).toMatchObject({ type: 'update', screen: { focused: 'Stop' } });
  });

  it('[M4] shows the place in the line with the time it was heard, until somebody is there', async () => {
    const { tv, peer } = await underWay();
    peer.event(2, queued);
    peer.send({ type: 'line', interactionId: 'i1', place: 3, of: 5, expected: null, rose: false });
    const waiting = await until(tv, ({ line }) => line !== null);
    expect(waiting.line).toMatchObject({ place: 3, of: 5, receivedAt: expect.any(Number) as number });
    peer.event(3, { type: 'accepted', agent: sam });
    const talking = await until(tv, ({ interaction }) => interaction?.status.kind === 'active');
    expect(talking.line).toBeNull();
  });

  it('[M4] one that ended stays in view until dismissed, over a reconnect too', async () => {
    const { tv, peer } = await underWay();
    peer.event(2, closed);
    await until(tv, ({ interaction }) => interaction?.status.kind === 'closed');
    peer.close(1011);
    const second = await stage.service.connection();
    await second.registerTv({ open: [] });
    await until(tv, ({ connection }) => connection.kind === 'online');
    expect(tv.state.interaction?.id).toBe('i1');
    tv.dismiss();
    expect(tv.state.interaction).toBeNull();
  });

  it('[M4] one under way cannot be dismissed; one the service does not know any more is forgotten', async () => {
    const { tv, peer } = await underWay();
    tv.dismiss();
    expect(tv.state.interaction?.id).toBe('i1');
    peer.close(1011);
    await (await stage.service.connection()).registerTv({ open: [] });
    await until(tv, ({ interaction }) => interaction === null);
  });

  it('[M4] what was dismissed in the after-work does not come back with a reload', async () => {
    const storage = shelf();
    const { tv, peer } = await underWay({ storage });
    peer.event(2, { type: 'accepted', agent: sam });
    peer.event(3, ended);
    await until(tv, ({ interaction }) => interaction?.status.kind === 'wrapUp');
    tv.dismiss();
    tv.close();
    const again = stage.livingRoomTv({ storage });
    const second = await stage.service.connection();
    const registration = await second.next('registerTv');
    second.registered(registration);
    second.event(1, requested);
    second.event(2, { type: 'accepted', agent: sam });
    second.event(3, ended);
    second.send({ type: 'resumed', open: ['i1'] });
    await until(again, ({ connection }) => connection.kind === 'online');
    expect(again.state.interaction).toBeNull();
    // Help asked for again may join it: then it is in view once more.
    const help = again.requestHelp();
    second.ack(await second.next('request'), 'i1');
    await help;
    expect(again.state.interaction?.id).toBe('i1');
  });

  it('[M4] a new one takes the place of one that ended', async () => {
    const { tv, peer } = await underWay();
    peer.event(2, closed);
    peer.event(1, requested, 'i2');
    expect((await until(tv, ({ interaction }) => interaction?.id === 'i2')).interaction?.id).toBe('i2');
  });

  it('[M1] a listener that fails does not keep the others from hearing', async () => {
    const complaints = vi.spyOn(console, 'error').mockReturnValue();
    const tv = stage.livingRoomTv();
    tv.subscribe(() => {
      throw new Error('the host’s own');
    });
    const peer = await stage.service.connection();
    await peer.registerTv();
    await until(tv, ({ registered }) => registered !== null);
    expect(complaints).toHaveBeenCalled();
    tv.close();
    await Promise.resolve();
    complaints.mockRestore();
  });
});

describe('what the TV tells of itself', () => {
  it.each([
    [
      'Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.5) AppleWebKit/537.36 (KHTML, like Gecko) 85.0.4183.93/6.5 TV Safari/537.36',
      'Tizen 6.5 / Chromium 85',
    ],
    [
      'Mozilla/5.0 (SMART-TV; Linux; Tizen 4.0) AppleWebKit/538.1 (KHTML, like Gecko) Version/4.0 TV Safari/538.1',
      'Tizen 4 / Chromium 56',
    ],
    [
      'Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0.3945.79 Safari/537.36 WebAppManager',
      'webOS 6 / Chromium 79',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0', 'Chromium 120'],
    ['A box of our own', 'A box of our own'],
    ['', 'unknown'],
  ])('[M1] %s is %s', (userAgent, engine) => {
    expect(engineOf(userAgent)).toBe(engine);
  });

  it('[M1] finds camera, microphone and memory, and leaves what the host told', async () => {
    const devices = [{ kind: 'videoinput' }, { kind: 'audiooutput' }];
    const mediaDevices = { enumerateDevices: () => Promise.resolve(devices) };
    const around = room({ navigator: { userAgent: 'Chrome/120', deviceMemory: 2, mediaDevices } });
    expect(await findTold({ model: 'X40', region: 'north', form: 'set-top-box' }, around)).toEqual({
      form: 'set-top-box',
      model: 'X40',
      displayModel: null,
      firmware: 'unknown',
      engine: 'Chromium 120',
      mac: null,
      operator: null,
      region: 'north',
      capabilities: { camera: true, microphone: false, webrtc: false, memoryMb: 2048 },
      user: null,
      wantedRepresentative: null,
    });
  });

  it('[M1] leaves out what is no address, no user and no size, for one wrong fact refuses a registration', async () => {
    const capabilities = { camera: true, microphone: true, webrtc: true, memoryMb: 0.4 };
    const user = { reference: 'C-1', name: ' ', address: null, number: null };
    const told = await findTold({ model: ' ', mac: 'none', capabilities, user }, room());
    expect(told).toMatchObject({
      model: 'unknown',
      mac: null,
      user: null,
      capabilities: { camera: true, memoryMb: null },
    });
    expect((await findTold({ model: 'X40', mac: '00:1A:2b:3c:4d:5e' }, room())).mac).toBe('00:1A:2b:3c:4d:5e');
  });

  it('[M1] does not wait for devices that are never listed', async () => {
    vi.useFakeTimers();
    const mediaDevices = { enumerateDevices: () => new Promise<never>(() => undefined) };
    const telling = findTold({ model: 'X40' }, room({ navigator: { mediaDevices } }));
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await telling).capabilities.camera).toBe(false);
  });
});
