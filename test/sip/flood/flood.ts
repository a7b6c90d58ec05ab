/**
 * A flood, and whether anybody noticed: datagrams of one kind from one address or from many, while alice's calls stand
 * and SIPp, from her address, goes on calling, and while others call and are called for the first time.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answering } from '../../support/sip/answering.ts';
import { Call } from '../../support/sip/call.ts';
import { Peer, type Address } from '../../support/sip/peer.ts';
import { sdp } from '../../support/sip/sdp.ts';
import { startSipp } from '../../support/sip/sipp.ts';
import { datagram, type Kind } from './datagrams.ts';
import { callsIn, isCalled } from './newcomers.ts';

interface FloodOptions {
  kind: Kind;
  /** Addresses that it comes from. */
  addresses: number;
  seconds: number;
  /** Datagrams a second, of all addresses together. */
  rate: number;
}

interface FloodReport {
  sent: number;
  /** Calls begun meanwhile, and those of them that were answered and hung up as they should be. */
  calls: number;
  answered: number;
  /** Calls of callers from whom nothing had come before, and those of them that were answered and hung up. */
  newCalls: number;
  newAnswered: number;
  /** The same of calls out, to such as nothing had come from before. */
  callsOut: number;
  outAnswered: number;
  /** Calls that stood before, and those of them that could still be hung up afterwards. */
  held: number;
  untouched: number;
  /** Most resident memory meanwhile, in bytes, and how much more that is than before. */
  peak: number;
  growth: number;
  /** Most server transactions at once. */
  transactions: number;
  /** What SIPp complained of. */
  complaints: string;
}

const HELD = 20;
const CALLS_A_SECOND = 20;
/** In, and as many out. */
const NEWCOMERS_A_SECOND = 4;
/** Between two bursts, in milliseconds. */
const BURST_MS = 5;
const SAMPLE_MS = 250;
/** SIPp's retransmissions of the last call, in seconds. */
const PATIENCE = 40;

/** Floods, calls meanwhile, and waits until the last call has ended. */
export async function flood(answering: Answering, options: FloodOptions): Promise<FloodReport> {
  const { seconds } = options;
  const before = await answering.state();
  const alice = await Peer.open('alice', answering.udp);
  const held = await Promise.all(Array.from({ length: HELD }, () => Call.begin(alice, 'bob', { body: sdp() })));
  await Promise.all(held.map((call) => call.answered()));
  const sockets = await open(options.addresses);
  const calling = await startSipp({
    scenario: 'uac',
    to: answering.udp,
    calls: CALLS_A_SECOND * seconds,
    rate: CALLS_A_SECOND,
    within: seconds + PATIENCE,
  });
  const newcomers = comeNew(answering, seconds);
  const pouring = pour(sockets, answering.udp, options);
  const { peak, transactions } = await watch(answering, pouring);
  const sent = await pouring;
  const called = await calling.result;
  const { newAnswered, outAnswered } = await newcomers;
  for (const socket of sockets) socket.close();
  const hungUp = await Promise.allSettled(held.map((call) => call.bye()));
  await alice.close();
  return {
    sent,
    calls: CALLS_A_SECOND * seconds,
    answered: called.successful,
    newCalls: NEWCOMERS_A_SECOND * seconds,
    newAnswered,
    callsOut: NEWCOMERS_A_SECOND * seconds,
    outAnswered,
    held: HELD,
    untouched: hungUp.filter(({ status }) => status === 'fulfilled').length,
    peak,
    growth: peak - before.rss,
    transactions,
    complaints: called.errors,
  };
}

/** Whether it went as it should: bounded memory, 99 of 100 calls of each kind answered, none of those that stood lost. */
export function isGood(report: FloodReport, mostGrowth = 512 * 1024 * 1024): boolean {
  const { answered, calls, newAnswered, newCalls, outAnswered, callsOut } = report;
  const answers = Math.min(answered / calls, newAnswered / newCalls, outAnswered / callsOut);
  return answers >= 0.99 && report.untouched === report.held && report.growth < mostGrowth;
}

/** Calls of newcomers, in and out, one after the other begun. */
async function comeNew(
  answering: Answering,
  seconds: number,
): Promise<Pick<FloodReport, 'newAnswered' | 'outAnswered'>> {
  const turns = Array.from({ length: NEWCOMERS_A_SECOND * seconds }, (_, turn) => (1000 * turn) / NEWCOMERS_A_SECOND);
  const count = async (comes: (answering: Answering) => Promise<boolean>) => {
    const went = turns.map((ms) => pause(ms).then(() => comes(answering)));
    return (await Promise.all(went)).filter(Boolean).length;
  };
  const [newAnswered, outAnswered] = await Promise.all([count(callsIn), count(isCalled)]);
  return { newAnswered, outAnswered };
}

/** @returns how many were sent: a third of what was meant, at least, for which a busy machine has longer */
async function pour(sockets: readonly Socket[], to: Address, options: FloodOptions): Promise<number> {
  const { kind, seconds, rate } = options;
  const began = performance.now();
  const end = began + 1000 * seconds;
  const least = (seconds * rate) / 3;
  let sent = 0;
  for (let now = began; now < end || sent < least; now = performance.now()) {
    const due = Math.floor(((now - began) * rate) / 1000);
    // What could not be sent in time is not made up for.
    for (const last = Math.min(due, sent + (rate * 20) / 1000); sent < last; sent++) {
      const socket = sockets[sent % sockets.length] as Socket;
      socket.send(datagram(kind, sent, socket.address().address), to.port, to.host);
    }
    await pause(BURST_MS);
  }
  return sent;
}

async function watch(answering: Answering, pouring: Promise<unknown>): Promise<{ peak: number; transactions: number }> {
  let over = false;
  const stop = () => (over = true);
  void pouring.then(stop, stop);
  let peak = 0;
  let transactions = 0;
  while (!over) {
    const { rss, load } = await answering.state();
    peak = Math.max(peak, rss);
    transactions = Math.max(transactions, load.serverTransactions);
    await pause(SAMPLE_MS);
  }
  return { peak, transactions };
}

/** Sockets of as many loopback addresses; the first is 127.0.66.1. */
async function open(addresses: number): Promise<Socket[]> {
  return Promise.all(
    Array.from({ length: addresses }, async (_, index) => {
      const socket = createSocket('udp4');
      socket.on('error', () => undefined);
      socket.bind(0, `127.0.${66 + Math.floor(index / 250)}.${1 + (index % 250)}`);
      await once(socket, 'listening');
      return socket;
    }),
  );
}
