/** Keeps pairs talking: each has one message under way, and sends its next when that has arrived. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Pair } from './talks.ts';

const ARRIVED_WITHIN_MS = 20_000;

export interface Driven {
  /** Messages that arrived. */
  messages: number;
  seconds: number;
}

/**
 * Drives all pairs at once for a while.
 * @param gapMs between two messages of a pair at least; the service takes 20 a second from one sender
 */
export async function drive(pairs: readonly Pair[], seconds: number, gapMs: number): Promise<Driven> {
  const driving = keepDriving(pairs, gapMs);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return await driving.stop();
}

/** Drives all pairs until it is stopped. */
export function keepDriving(pairs: readonly Pair[], gapMs: number): { stop(): Promise<Driven> } {
  const began = performance.now();
  let messages = 0;
  let going = true;
  let underWay = 0;
  let quiet = () => {};
  const timers = new Set<NodeJS.Timeout>();

  const start = (pair: Pair) => {
    let sentAt = 0;
    const say = () => {
      if (!going) return;
      underWay += 1;
      sentAt = performance.now();
      pair.down();
    };
    const sayAfter = (ms: number) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        say();
      }, ms);
      timers.add(timer);
    };
    pair.delivered = () => {
      underWay -= 1;
      messages += 1;
      if (!going) {
        if (underWay === 0) quiet();
        return;
      }
      const wait = gapMs - (performance.now() - sentAt);
      if (wait <= 0) say();
      else sayAfter(wait);
    };
    // Not all at the same moment: people do not talk in step.
    if (gapMs > 0) sayAfter(Math.random() * gapMs);
    else say();
  };
  for (const pair of pairs) start(pair);

  return {
    async stop() {
      const driven = { messages, seconds: (performance.now() - began) / 1000 };
      going = false;
      for (const timer of timers) clearTimeout(timer);
      // What is under way arrives first, so that the next round begins with nothing.
      if (underWay > 0) {
        await new Promise<void>((resolve, reject) => {
          const late = setTimeout(() => reject(new Error(`${underWay} messages did not arrive.`)), ARRIVED_WITHIN_MS);
          quiet = () => {
            clearTimeout(late);
            resolve();
          };
        });
      }
      return driven;
    },
  };
}

/**
 * One message down and one up at a time, over the pairs in turn, now through one server and now through the other:
 * whatever else the machine does meanwhile, it does to both.
 * @returns the round trips of each, milliseconds
 */
export async function roundTrips(
  ours: readonly Pair[],
  peers: readonly Pair[],
  count: number,
  gapMs: number,
): Promise<{ ours: number[]; peer: number[] }> {
  const times = { ours: [] as number[], peer: [] as number[] };
  for (let n = 0; n < count; n += 1) {
    times.ours.push(await roundTrip(ours[n % ours.length] as Pair));
    await delay(gapMs);
    times.peer.push(await roundTrip(peers[n % peers.length] as Pair));
    await delay(gapMs);
  }
  return times;
}

/** The same over the pairs in turn until something is over. @returns the round trips, milliseconds */
export async function roundTripsUntil(
  pairs: readonly Pair[],
  over: Promise<unknown>,
  gapMs: number,
): Promise<number[]> {
  const times: number[] = [];
  let going = true;
  const end = () => {
    going = false;
  };
  over.then(end, end);
  for (let n = 0; going; n += 1) {
    times.push(await roundTrip(pairs[n % pairs.length] as Pair));
    await delay(gapMs);
  }
  return times;
}

async function roundTrip(pair: Pair): Promise<number> {
  const began = performance.now();
  await arrived(pair, () => pair.down());
  await arrived(pair, () => pair.up());
  return performance.now() - began;
}

async function arrived(pair: Pair, send: () => void): Promise<void> {
  await new Promise<void>((resolve) => {
    pair.arrived = resolve;
    send();
  });
}
