/** Peers that do not read: they are paused, bounded and caught up with, and nobody else feels them. */
import { afterEach, describe, expect, it } from 'vitest';
import { openRealtime, type Peer, type RealtimeBench } from './bench.ts';

/** A message of 8 kB: a few dozen fill a socket that nobody reads. */
const long = 'x'.repeat(8_000);

let bench: RealtimeBench;
afterEach(() => bench.close());

/** Commits events until the peer, who does not read, is paused. @returns how many */
async function fill(serial: string): Promise<number> {
  const before = bench.endpoint.figures().paused;
  for (let n = 1; n < 500; n += 1) {
    bench.happen(serial, long);
    if (bench.endpoint.figures().paused > before) return n;
    // What the kernel takes, it takes between two turns of the event loop.
    if (n % 8 === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  }
  throw new Error('The peer was never paused.');
}

const upTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1);
const hasAll = (peer: Peer, last: number) => peer.until(() => peer.seqs.at(-1) === last);

describe('[M4] a TV that stops reading', () => {
  it('is paused, queues nothing more, and gets every event once and in order when it reads again', async () => {
    bench = await openRealtime();
    const tv = await bench.tv('living-room');
    tv.socket.pause();
    const filled = await fill('living-room');
    const session = bench.roster.of('living-room')[0];
    const reads = bench.reads();
    for (let n = 0; n < 300; n += 1) bench.happen('living-room', long);
    session?.tell('line', JSON.stringify({ v: 1, type: 'line', place: 3 }));
    session?.tell('line', JSON.stringify({ v: 1, type: 'line', place: 2 }));
    session?.tell('line', JSON.stringify({ v: 1, type: 'line', place: 1 }));
    expect(bench.counted).toContain('paused');
    expect(bench.reads()).toBe(reads);
    expect(tv.seqs.length).toBeLessThan(filled);

    tv.socket.resume();
    await tv.hears('line');
    expect(tv.seqs).toEqual(upTo(filled + 300));
    expect(tv.heard.filter((one) => one.type === 'line')).toEqual([{ v: 1, type: 'line', place: 1 }]);
    expect(bench.endpoint.figures()).toMatchObject({ tv: 1, paused: 0 });
    bench.happen('living-room', 'and on it goes');
    await hasAll(tv, filled + 301);
    tv.say({ id: 'still-here', type: 'ping' });
    await tv.hears('pong', 'still-here');
  });

  it('for longer than a minute loses its connection with 4008, and silence is not held against it before', async () => {
    bench = await openRealtime();
    const tv = await bench.tv('living-room');
    bench.moveElapsed(40_000);
    tv.socket.pause();
    await fill('living-room');
    // It last said something 90 seconds ago, of which it was not read for 50.
    for (let n = 0; n < 5; n += 1) {
      bench.moveElapsed(10_000);
      bench.endpoint.sweep();
    }
    expect(bench.endpoint.figures()).toMatchObject({ paused: 1 });
    bench.moveElapsed(11_000);
    bench.endpoint.sweep();
    tv.socket.resume();
    expect(await tv.closed).toBe(4008);
    const back = await bench.tv('living-room');
    await hasAll(back, tv.seqs.length);
    expect(bench.counted).toContain('closed slow');
  });

  it('and is cut gives its place back', async () => {
    bench = await openRealtime({ limits: { max: 1, perAddress: 0, ratePerAddress: 0 } });
    const tv = await bench.tv('living-room');
    tv.socket.pause();
    await fill('living-room');
    tv.socket.terminate();
    await tv.closed;
    await expect.poll(() => bench.endpoint.figures()).toEqual({ tv: 0, agent: 0, unregistered: 0, paused: 0 });
    await bench.tv('bedroom');
  });

  it('two hundred of them: a pair that talks meanwhile hears and is answered, and the slow ones miss nothing', async () => {
    bench = await openRealtime();
    const rounds = 90;
    const slow: Peer[] = [];
    for (let n = 0; n < 200; n += 1) {
      const tv = await bench.tv(`hotel-${n}`);
      tv.socket.pause();
      slow.push(tv);
    }
    const alice = await bench.tv('alice');
    const bob = await bench.tv('bob');
    const reads = bench.reads();
    for (let round = 1; round <= rounds; round += 1) {
      bench.moveElapsed(50);
      for (let n = 0; n < slow.length; n += 1) bench.happen(`hotel-${n}`, long);
      bench.happen('alice', `round ${round}`);
      bench.happen('bob', `round ${round}`);
      bob.say({ id: `ping-${round}`, type: 'ping' });
      await Promise.all([hasAll(alice, round), hasAll(bob, round), bob.hears('pong', `ping-${round}`)]);
    }
    expect(bench.endpoint.figures()).toMatchObject({ tv: 202, paused: 200 });
    // Nothing is read or kept for them while they do not read; the pair got everything as it came.
    expect(bench.reads()).toBe(reads);
    const some = slow.slice(0, 20);
    for (const { socket } of some) socket.resume();
    await Promise.all(some.map((tv) => hasAll(tv, rounds)));
    for (const tv of some) expect(tv.seqs).toEqual(upTo(rounds));
  });
});
