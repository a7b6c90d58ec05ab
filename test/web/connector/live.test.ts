/** What is true only for a moment, on both faces of the connector. */
import { describe, expect, it, vi } from 'vitest';
import type { InteractionEvent } from '../../../src/interaction/event.ts';
import { agentLive, tvLive, type LiveMessage } from '../../../src/protocol/live.ts';
import { createAgentConnector } from '../../../web/connector/agent.ts';
import { createLiveTv } from '../../../web/connector/liveTv.ts';
import { createPlaybackHealth } from '../../../web/connector/playbackHealth.ts';
import type { AgentConnector, TvConnector } from '../../../web/connector/types.ts';
import { createWritingHeard, createWritingSaid } from '../../../web/connector/writing.ts';
import { FakeVideo } from './fakeVideo.ts';
import { queued, requested, room, sam, until } from './service.ts';
import type { Peer } from './service.ts';
import { setStage } from './stage.ts';

const accepted: InteractionEvent = { type: 'accepted', agent: sam };
const ended: InteractionEvent = { type: 'ended', by: 'viewer', fix: null };
const playback = { state: 'playing', position: 12, buffered: 8, bitrate: null, dropped: 0 } as const;

const stage = setStage();

/** The next live frame that fits: on a busy machine the second's own may come in between. */
async function nextLive(peer: Peer, fits: (frame: LiveMessage) => boolean = () => true): Promise<LiveMessage> {
  for (;;) {
    const frame = (await peer.next('live')) as unknown as LiveMessage;
    if (fits(frame)) return frame;
  }
}
const betweenBeats = (frame: LiveMessage) => !('playback' in frame);

/** A TV with a picture, whose help was asked for and is not with anybody yet. */
async function waiting(): Promise<{ tv: TvConnector; peer: Peer; video: FakeVideo }> {
  const tv = stage.livingRoomTv();
  const video = new FakeVideo();
  tv.attach(video.element);
  tv.setScreen(['Player'], 'Pause');
  const peer = await stage.service.connection();
  await peer.registerTv({ open: ['i1'] });
  peer.event(1, requested);
  peer.event(2, queued);
  await until(tv, ({ interaction }) => interaction?.status.kind === 'queued');
  return { tv, peer, video };
}

describe('[B6] a TV tells of the moment', () => {
  it('how its picture plays and where the focus stands, once an agent helps, and not before or after', async () => {
    const { tv, peer, video } = await waiting();
    video.currentTime = 12.34;
    video.bufferedUntil = 20.6;
    peer.event(3, accepted);
    const first = await nextLive(peer);
    expect(tvLive.safeParse(first).error).toBeUndefined();
    expect(first).toMatchObject({
      interactionId: 'i1',
      playback: { state: 'playing', position: 12.3, buffered: 8.3, bitrate: null, dropped: null },
      screen: { path: ['Player'], focused: 'Pause' },
    });
    peer.event(4, ended);
    await until(tv, ({ interaction }) => interaction?.status.kind === 'wrapUp');
    const heard = peer.heard.filter(({ type }) => type === 'live').length;
    tv.setScreen(['Player', 'Menu'], 'Subtitles');
    tv.live({ writing: true });
    peer.event(5, { type: 'closed', by: 'agent', disposition: 'fixedClaimed', note: '' });
    await until(tv, ({ interaction }) => interaction?.status.kind === 'closed');
    expect(peer.heard.filter(({ type }) => type === 'live')).toHaveLength(heard);
  });

  it('a focus that moves, without waiting for the second to be over', async () => {
    const { tv, peer } = await waiting();
    peer.event(3, accepted);
    await nextLive(peer);
    tv.setScreen(['Player'], 'Play');
    expect(await nextLive(peer, betweenBeats)).toEqual({
      v: 1,
      type: 'live',
      interactionId: 'i1',
      screen: { path: ['Player'], focused: 'Play' },
    });
  });

  it('that the viewer writes, and that they stopped', async () => {
    const { tv, peer } = await waiting();
    peer.event(3, accepted);
    await nextLive(peer);
    tv.live({ writing: true });
    expect(await nextLive(peer, betweenBeats)).toEqual({ v: 1, type: 'live', interactionId: 'i1', writing: true });
    tv.live({ writing: false });
    expect(await nextLive(peer, betweenBeats)).toMatchObject({ writing: false });
  });

  it('and shows that the agent writes until their message is there', async () => {
    const { tv, peer } = await waiting();
    peer.event(3, accepted);
    await until(tv, ({ interaction }) => interaction?.status.kind === 'active');
    peer.send({ type: 'live', interactionId: 'another', writing: true });
    peer.send({ type: 'live', interactionId: 'i1', writing: true });
    await until(tv, ({ agentWriting }) => agentWriting);
    peer.event(4, { type: 'messageSent', from: 'agent', name: 'Sam', text: 'Hello' });
    await until(tv, ({ interaction }) => interaction?.messages.length === 1);
    expect(tv.state.agentWriting).toBe(false);
  });

  it('says nothing while nobody helps: an idle TV is silent', async () => {
    const { tv, peer, video } = await waiting();
    video.advance(3);
    tv.setScreen(['Player', 'Menu'], 'Subtitles');
    tv.live({ writing: true });
    await peer.next('viewer');
    expect(peer.heard.filter(({ type }) => type === 'live')).toEqual([]);
  });
});

describe('[B6] the beat of what is live', () => {
  it('is a second; a moving focus is told four times a second at most, and nothing runs once the talk is over', () => {
    vi.useFakeTimers();
    let talk: string | null = 'i1';
    let focused = 0;
    const sent: string[] = [];
    const live = createLiveTv({
      talk: () => talk,
      screen: () => ({ path: [], focused: `item ${focused}` }),
      playback: () => playback,
      send: (_id, now) => sent.push(`${now.playback ? 'picture, ' : ''}${now.screen.focused}`),
    });
    live.check();
    expect(sent).toEqual(['picture, item 0']);
    for (let press = 0; press < 20; press += 1) {
      focused += 1;
      live.check();
      vi.advanceTimersByTime(50);
    }
    expect(sent.filter((one) => !one.startsWith('picture')).length).toBeLessThanOrEqual(4);
    expect(sent.filter((one) => one.startsWith('picture'))).toHaveLength(2);
    vi.advanceTimersByTime(3_000);
    expect(sent.at(-1)).toBe('picture, item 20');
    const before = sent.length;
    talk = null;
    vi.advanceTimersByTime(5_000);
    expect(sent).toHaveLength(before);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('[B6] how a picture plays', () => {
  it('is measured from the element: the bitrate since the last look, what is ahead, what was left out', () => {
    vi.useFakeTimers();
    const video = Object.assign(new FakeVideo(), {
      webkitVideoDecodedByteCount: 1_000_000,
      webkitAudioDecodedByteCount: 100_000,
      webkitDroppedFrameCount: 3,
    });
    const look = createPlaybackHealth(video.element);
    expect(look()).toMatchObject({ state: 'playing', bitrate: null, dropped: 3, buffered: 0 });
    vi.advanceTimersByTime(1_000);
    video.webkitVideoDecodedByteCount += 500_000;
    video.webkitAudioDecodedByteCount += 25_000;
    video.readyState = 2;
    expect(look()).toMatchObject({ state: 'stalled', bitrate: 4_200 });
    vi.advanceTimersByTime(1_000);
    video.webkitVideoDecodedByteCount = 10;
    video.paused = true;
    expect(look()).toMatchObject({ state: 'paused', bitrate: null });
    video.currentTime = NaN;
    expect(look().position).toBe(0);
  });
});

describe('[B6] an agent hears of the moment', () => {
  async function helping(): Promise<{ desk: AgentConnector; peer: Peer }> {
    const told = { device: 'Desk 4', appVersion: '1' };
    const desk = stage.closeLater(createAgentConnector({ url: stage.service.url, told }, room()));
    const peer = await stage.service.connection();
    await peer.registerAgent({ open: ['i1'] });
    peer.event(1, requested);
    peer.event(2, accepted);
    await until(desk, ({ interactions }) => interactions[0]?.status.kind === 'active');
    return { desk, peer };
  }
  const changed = (desk: AgentConnector) =>
    new Promise<void>((resolve) => {
      const stop = desk.subscribeLive(() => {
        stop();
        resolve();
      });
    });

  it('apart from the state, which rests; and forgets it with the talk', async () => {
    const { desk, peer } = await helping();
    const { state } = desk;
    const heard = changed(desk);
    peer.send({ type: 'live', interactionId: 'i1', playback, screen: { path: ['Player'], focused: 'Pause' } });
    await heard;
    expect(desk.liveOf('i1')).toMatchObject({ playback, screen: { focused: 'Pause' }, writing: false });
    const moved = changed(desk);
    peer.send({ type: 'live', interactionId: 'i1', screen: { path: ['Player'], focused: 'Play' } });
    await moved;
    expect(desk.liveOf('i1')).toMatchObject({ playback, screen: { focused: 'Play' } });
    expect(desk.state).toBe(state);
    peer.event(3, ended);
    await until(desk, ({ interactions }) => interactions[0]?.status.kind === 'wrapUp');
    expect(desk.liveOf('i1')).toBeNull();
  });

  it('[M19] of nobody else’s interaction', async () => {
    const { desk, peer } = await helping();
    const heard = changed(desk);
    peer.send({ type: 'live', interactionId: 'another', playback });
    peer.send({ type: 'live', interactionId: 'i1', writing: true });
    await heard;
    expect(desk.liveOf('another')).toBeNull();
    expect(desk.liveOf('i1')?.writing).toBe(true);
  });

  it('and tells the TV that they write', async () => {
    const { desk, peer } = await helping();
    desk.live('i1', { writing: true });
    const said = await nextLive(peer);
    expect(agentLive.safeParse(said).error).toBeUndefined();
    expect(said).toEqual({ v: 1, type: 'live', interactionId: 'i1', writing: true });
    desk.live('i2', { writing: true });
    expect(await nextLive(peer)).toMatchObject({ interactionId: 'i1', writing: false });
    expect(await nextLive(peer)).toMatchObject({ interactionId: 'i2', writing: true });
  });
});

describe('[B6] "is writing"', () => {
  it('is said again every two seconds at most, and is over when nobody presses a key for five', () => {
    vi.useFakeTimers();
    const sent: boolean[] = [];
    const writing = createWritingSaid((is) => sent.push(is));
    writing.say(false);
    for (let key = 0; key < 30; key += 1) {
      writing.say(true);
      vi.advanceTimersByTime(100);
    }
    expect(sent).toEqual([true, true]);
    vi.advanceTimersByTime(5_000);
    expect(sent).toEqual([true, true, false]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is over for who hears it when it is not heard again', () => {
    vi.useFakeTimers();
    const shown: boolean[] = [];
    const writing = createWritingHeard((is) => shown.push(is));
    writing.hear(true);
    vi.advanceTimersByTime(5_000);
    writing.hear(true);
    vi.advanceTimersByTime(5_000);
    expect(shown).toEqual([true, true]);
    vi.advanceTimersByTime(2_000);
    expect(shown).toEqual([true, true, false]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
