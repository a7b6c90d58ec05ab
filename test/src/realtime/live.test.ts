/** What is true only for a moment, between a TV and the agent who helps it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Interaction } from '../../../src/interaction/interaction.ts';
import { MAX_LIVE_BYTES } from '../../../src/protocol/live.ts';
import { LiveFrames } from '../../../src/realtime/live.ts';
import type { Roster } from '../../../src/realtime/roster.ts';
import type { Session } from '../../../src/realtime/session.ts';
import { Talks } from '../../../src/realtime/talks.ts';
import { textFrame } from '../../../src/realtime/textFrame.ts';
import { openRealtime, type Peer, type RealtimeBench } from './bench.ts';

let bench: RealtimeBench;
beforeEach(async () => {
  bench = await openRealtime();
});
afterEach(() => bench.close());

/** As the connectors write it: after the first, none of these is parsed. */
const written = (interactionId: string, position = 12.5) => {
  const playback = { state: 'playing', position, buffered: 8.25, bitrate: null, dropped: 3 };
  const screen = { path: ['Player'], focused: 'Pause' };
  return JSON.stringify({ v: 1, type: 'live', interactionId, playback, screen });
};
/** Spaced and ordered as no serialiser of ours does it. */
const health = (interactionId: string, position = 12.5) =>
  `{ "type":"live", "playback": {"position":${position}, "state":"playing","buffered":8.25,"dropped":3,"bitrate":null},\n` +
  ` "interactionId":"${interactionId}", "v":1, "screen":{"focused":"Ol\\u00e9 ✓","path":["Player"]} }`;
const writing = (interactionId: string, is = true) =>
  JSON.stringify({ v: 1, type: 'live', interactionId, writing: is });

const liveOf = ({ frames }: Peer) => frames.filter((frame) => frame.includes('"live"'));
const hasLive = (peer: Peer, count = 1) => peer.until(() => liveOf(peer).length >= count);

/** Resolves once everything that the peer said before was handled. */
async function handled(peer: Peer, id = 'handled'): Promise<void> {
  peer.say({ id, type: 'ping' });
  await peer.hears('pong', id);
}

describe.each([
  ['as the connectors write them', written],
  ['written otherwise', health],
])('[B6] live frames, %s,', (_how, state) => {
  it('of a TV reach every window of the agent who helps it, byte for byte, and nobody else', async () => {
    const alice = await bench.tv('alice');
    const sam = await bench.agent('sam');
    const second = await bench.agent('sam');
    const priya = await bench.agent('priya');
    bench.helps('sam', 'alice');
    alice.socket.send(state('alice'));
    await Promise.all([hasLive(sam), hasLive(second)]);
    expect(liveOf(sam)).toEqual([state('alice')]);
    expect(liveOf(second)).toEqual([state('alice')]);
    await Promise.all([handled(alice), handled(priya)]);
    expect(liveOf(priya)).toEqual([]);
    expect(liveOf(alice)).toEqual([]);
    expect(bench.endpoint.live).toEqual({ relayed: 1, rateLimited: 0, unheard: 0 });
  });

  it('of an agent reach the TV they help', async () => {
    const alice = await bench.tv('alice');
    const sam = await bench.agent('sam');
    bench.helps('sam', 'alice');
    sam.socket.send(writing('alice'));
    sam.socket.send(writing('alice', false));
    await hasLive(alice, 2);
    expect(liveOf(alice)).toEqual([writing('alice'), writing('alice', false)]);
  });

  it('are not answered, and change nothing of what is said beside them', async () => {
    const alice = await bench.tv('alice');
    await bench.agent('sam');
    bench.helps('sam', 'alice');
    const before = alice.heard.length;
    for (let n = 0; n < 5; n += 1) alice.socket.send(state('alice', n));
    await handled(alice);
    expect(alice.heard.slice(before).map(({ type }) => type)).toEqual(['pong']);
    expect(bench.reads()).toBe(1);
  });

  it('[M19] stop at once when the talk is over, and go to the next agent when it goes on with another', async () => {
    const alice = await bench.tv('alice');
    const sam = await bench.agent('sam');
    const priya = await bench.agent('priya');
    bench.helps('sam', 'alice');
    alice.socket.send(state('alice', 1));
    await hasLive(sam);
    bench.talkEnds('alice');
    alice.socket.send(state('alice', 2));
    await alice.hears('refused');
    bench.helps('priya', 'alice');
    alice.socket.send(state('alice', 3));
    await hasLive(priya);
    await handled(sam);
    expect(liveOf(sam)).toEqual([state('alice', 1)]);
    expect(liveOf(priya)).toEqual([state('alice', 3)]);
  });

  it('[M19] reach the former agent no more once another has taken over', async () => {
    const alice = await bench.tv('alice');
    const sam = await bench.agent('sam');
    const priya = await bench.agent('priya');
    bench.helps('sam', 'alice');
    alice.socket.send(state('alice', 1));
    alice.socket.send(state('alice', 2));
    sam.socket.send(writing('alice'));
    await Promise.all([hasLive(sam, 2), hasLive(alice)]);
    bench.helps('priya', 'alice');
    alice.socket.send(state('alice', 3));
    sam.socket.send(writing('alice', false));
    await Promise.all([hasLive(priya), sam.hears('refused')]);
    await Promise.all([handled(sam), handled(alice)]);
    expect(liveOf(sam)).toEqual([state('alice', 1), state('alice', 2)]);
    expect(liveOf(alice)).toEqual([writing('alice')]);
  });

  it('[M19] of an interaction whose state nobody knows pass to nobody', async () => {
    const alice = await bench.tv('alice');
    const sam = await bench.agent('sam');
    bench.helps('sam', 'alice');
    bench.talks.forget('alice');
    alice.socket.send(state('alice'));
    await alice.hears('refused');
    await handled(sam);
    expect(liveOf(sam)).toEqual([]);
  });
});

describe('[M19] live frames of somebody who is not in the talk', () => {
  it.each([
    ['another TV', () => bench.tv('bob'), health('alice')],
    ['another agent', () => bench.agent('mallory'), writing('alice')],
    ['an agent with what only a TV may say', () => bench.agent('sam'), health('alice')],
  ])('%s: are refused and reach neither side', async (_who, come, frame) => {
    const alice = await bench.tv('alice');
    const sam = await bench.agent('sam');
    bench.helps('sam', 'alice');
    const stranger = await come();
    stranger.socket.send(frame);
    await stranger.hears('refused');
    await Promise.all([handled(alice), handled(sam)]);
    expect([...liveOf(alice), ...liveOf(sam)]).toEqual([]);
    expect(bench.endpoint.live.relayed).toBe(0);
  });

  it('are counted against what they may say, and in the end their connection', async () => {
    await bench.tv('alice');
    bench.helps('sam', 'alice');
    const mallory = await bench.agent('mallory');
    for (let n = 0; n < 200; n += 1) mallory.socket.send(writing('alice'));
    expect(await mallory.closed).toBe(4008);
  });

  it('before a registration end the connection with 4001', async () => {
    const stranger = await bench.connect();
    stranger.socket.send(health('alice'));
    expect(await stranger.closed).toBe(4001);
  });
});

describe('[M4] live frames that are not as they are to be', () => {
  const said = { v: 1, type: 'live', interactionId: 'alice' };
  const playback = { state: 'playing', position: 1, buffered: 1, bitrate: null, dropped: null };
  it.each<[string, string]>([
    ['a field that nobody knows', JSON.stringify({ ...said, html: '<b>' })],
    ['one within the playback', JSON.stringify({ ...said, playback: { ...playback, more: 1 } })],
    ['a prototype', `{"v":1,"type":"live","interactionId":"alice","__proto__":{"writing":true}}`],
    ['a number without end', JSON.stringify({ ...said, playback }).replace('"position":1', '"position":1e999')],
    ['half a dropped frame', JSON.stringify({ ...said, playback: { ...playback, dropped: 0.5 } })],
    ['a state that is none', JSON.stringify({ ...said, playback: { ...playback, state: 'on fire' } })],
    ['a path that is too deep', JSON.stringify({ ...said, screen: { path: Array(9).fill('x'), focused: null } })],
    ['a path that is no list', JSON.stringify({ ...said, screen: { path: { length: 1 }, focused: null } })],
    ['no interaction', JSON.stringify({ v: 1, type: 'live', writing: true })],
    ['an interaction that is no name', JSON.stringify({ ...said, interactionId: ['alice'] })],
    ['a word for yes', JSON.stringify({ ...said, writing: 'yes' })],
  ])('%s: is refused, and not passed on, first or after others', async (_what, frame) => {
    const alice = await bench.tv('alice');
    const sam = await bench.agent('sam');
    bench.helps('sam', 'alice');
    const sent = [frame, written('alice', 1), written('alice', 2), frame];
    for (const one of sent) alice.socket.send(one);
    await handled(alice);
    const refused = alice.heard.filter(({ type }) => type === 'refused');
    expect(refused).toEqual(Array(2).fill(expect.objectContaining({ re: null, code: 'malformed' })));
    await handled(sam);
    expect(liveOf(sam)).toEqual(sent.slice(1, 3));
  });

  it('one padded with blanks beyond its bound is refused, whatever it says', async () => {
    const alice = await bench.tv('alice');
    const sam = await bench.agent('sam');
    bench.helps('sam', 'alice');
    alice.socket.send(writing('alice').padEnd(MAX_LIVE_BYTES + 1));
    await alice.hears('refused');
    alice.socket.send(writing('alice').padEnd(MAX_LIVE_BYTES));
    await hasLive(sam);
    expect(liveOf(sam)).toHaveLength(1);
  });

  it('one whose number has more digits than fit within its bound is refused, first or after others', async () => {
    const alice = await bench.tv('alice');
    const sam = await bench.agent('sam');
    bench.helps('sam', 'alice');
    const endless = written('alice', 0.5).replace('0.5', `0.5${'0'.repeat(MAX_LIVE_BYTES)}`);
    for (const one of [endless, written('alice'), endless]) alice.socket.send(one);
    await handled(alice);
    expect(alice.heard.filter(({ type }) => type === 'refused')).toHaveLength(2);
    await handled(sam);
    expect(liveOf(sam)).toEqual([written('alice')]);
  });

  it('as bytes and not as text ends the connection with 4003', async () => {
    const alice = await bench.tv('alice');
    bench.helps('sam', 'alice');
    alice.socket.send(Buffer.from(writing('alice')), { binary: true });
    expect(await alice.closed).toBe(4003);
  });

  it('of another version ends the connection with 4002', async () => {
    const alice = await bench.tv('alice');
    bench.helps('sam', 'alice');
    alice.socket.send(writing('alice').replace('"v":1', '"v":2'));
    expect(await alice.closed).toBe(4002);
  });

  it('in fragments, some empty and some within a letter, go on whole and in order', async () => {
    const alice = await bench.tv('alice');
    const sam = await bench.agent('sam');
    bench.helps('sam', 'alice');
    const sent = Array.from({ length: 12 }, (_, n) => health('alice', n));
    for (const [n, frame] of sent.entries()) {
      const bytes = Buffer.from(frame);
      // Another cut each time: at the n-th twelfth, and one byte after it.
      const at = Math.floor((bytes.length * n) / sent.length);
      for (const piece of [bytes.subarray(0, at), bytes.subarray(at, at + 1)]) {
        alice.socket.send(piece, { fin: false, binary: false });
      }
      alice.socket.send(bytes.subarray(at + 1), { fin: true, binary: false });
    }
    await hasLive(sam, sent.length);
    expect(liveOf(sam)).toEqual(sent);
  });
});

describe('[M4] too many live frames', () => {
  it.each([
    ['as the connectors write them', written],
    ['written otherwise', health],
  ])('%s: are left out and counted; the connection stands, and what is said is still taken', async (_how, state) => {
    const alice = await bench.tv('alice');
    const sam = await bench.agent('sam');
    bench.helps('sam', 'alice');
    for (let n = 0; n < 500; n += 1) alice.socket.send(state('alice', n));
    await handled(alice);
    await handled(sam);
    expect(liveOf(sam)).toEqual(Array.from({ length: 20 }, (_, n) => state('alice', n)));
    expect(bench.endpoint.live).toEqual({ relayed: 20, rateLimited: 480, unheard: 0 });
    bench.moveElapsed(100);
    for (let n = 500; n < 510; n += 1) alice.socket.send(state('alice', n));
    await handled(alice, 'later');
    expect(bench.endpoint.live.relayed).toBe(22);
  });

  it('of one side leave the other its own', async () => {
    const alice = await bench.tv('alice');
    const sam = await bench.agent('sam');
    bench.helps('sam', 'alice');
    for (let n = 0; n < 100; n += 1) alice.socket.send(health('alice', n));
    await handled(alice);
    sam.socket.send(writing('alice'));
    await hasLive(alice);
  });
});

describe('[M4] a side that does not read', () => {
  it('is left out, not waited for; what is said later reaches it once it reads again', async () => {
    const alice = await bench.tv('alice');
    const sam = await bench.agent('sam');
    const window = await bench.agent('sam');
    bench.helps('sam', 'alice');
    sam.socket.pause();
    const [slow] = bench.roster.of('sam');
    while (slow?.connection.paused === false) {
      slow.connection.write(JSON.stringify({ v: 1, type: 'queues', queues: [], filler: 'x'.repeat(8_000) }));
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    alice.socket.send(health('alice', 1));
    await hasLive(window);
    expect(bench.endpoint.live).toEqual({ relayed: 1, rateLimited: 0, unheard: 0 });
    window.socket.terminate();
    await window.closed;
    await expect.poll(() => bench.roster.of('sam')).toHaveLength(1);
    alice.socket.send(health('alice', 2));
    await handled(alice);
    expect(bench.endpoint.live.unheard).toBe(1);

    sam.socket.resume();
    await slow?.connection.drained();
    alice.socket.send(health('alice', 3));
    await hasLive(sam);
    expect(liveOf(sam)).toEqual([health('alice', 3)]);
  });

  it('or is away is left out likewise', async () => {
    const alice = await bench.tv('alice');
    bench.helps('sam', 'alice');
    alice.socket.send(health('alice'));
    await handled(alice);
    expect(bench.endpoint.live).toEqual({ relayed: 0, rateLimited: 0, unheard: 1 });
  });
});

describe('[M4] a live frame that waits to be sent', () => {
  /** What is handed to the agent's connection of a frame that the TV sent. */
  function passed(frame: Buffer): Buffer | undefined {
    const talks = new Talks();
    const state = { kind: 'active', agent: { agentId: 'sam', name: 'Sam' } };
    talks.stands({ id: 'i1', tv: { tvId: 'alice' }, state } as unknown as Interaction);
    const heard: Buffer[] = [];
    const sam = { connection: { pass: (one: Buffer) => heard.push(one) > 0 } };
    const live = new LiveFrames(talks, { of: () => [sam] } as unknown as Roster);
    const alice = { subject: { kind: 'tv', id: 'alice', centreId: 'north' }, connection: { lastHeardAt: 0 } };
    live.pass(alice as Session, JSON.parse(written('i1')) as object, frame);
    return heard[0];
  }

  it('is the bytes that were read', () => {
    const frame = Buffer.from(new Uint8Array(textFrame(written('i1'))).buffer);
    expect(passed(frame)).toBe(frame);
  });

  it('holds on to nothing of a long read of which it was a small part', () => {
    const frame = textFrame(written('i1'));
    const read = Buffer.from(new ArrayBuffer(60_000));
    frame.copy(read, 30_000);
    const sent = passed(read.subarray(30_000, 30_000 + frame.length));
    expect(sent).toEqual(frame);
    expect(sent?.buffer).not.toBe(read.buffer);
  });
});
