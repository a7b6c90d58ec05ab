/**
 * sip-calls: what an answered call costs the CPU of those who answer. A call is INVITE, 180, 200,
 * ACK, BYE and 200 over UDP, begun 150 times a second by SIPp. Ours is answered by a hello-world
 * application on drachtio-srf, which is in one process with the engine as in the service; the
 * peer's by SIPp's own answering scenario, in C++ and without an application.
 */
import { startSipp, sipp } from '../support/sip/sipp.ts';
import type { Address } from '../support/sip/peer.ts';
import { inTurns, type Benchmark } from './benchmark.ts';
import { canPin, cpuSeconds, SERVER_CORE, startOnServerCore } from './parts/machine.ts';
import { fileURLToPath } from 'node:url';

const hello = fileURLToPath(new URL('peers/hello.ts', import.meta.url));
const RATE = 150;
const CALLS = 1_500;
/** Calls until code is compiled and memory has its size: V8 still compiles after thousands. */
const FIRST_CALLS = 9_000;
const FIRST_RATE = 600;
const host = '127.0.0.1';

interface Answering extends Address {
  pid: number;
}

/** @throws Error when a call fails: figures of failed calls compare nothing */
async function call(to: Address, calls: number, rate = RATE): Promise<void> {
  const within = 30 + calls / rate;
  const { successful, failed, errors } = await sipp({ scenario: 'uac', to, calls, rate, within });
  if (successful !== calls)
    throw new Error(`Of ${calls} calls ${successful} were answered, ${failed} failed. ${errors}`);
}

async function callsPerCpuSecond(answering: Answering): Promise<number> {
  const before = cpuSeconds(answering.pid);
  await call(answering, CALLS);
  return CALLS / (cpuSeconds(answering.pid) - before);
}

export const sipCalls: Benchmark = {
  name: 'sip-calls',
  async measure() {
    const program = await startOnServerCore([hello], {}, /listening on (\d+)/);
    const ours = { pid: program.pid, host, port: Number(program.said[1]) };
    const by = canPin ? ['taskset', '-c', String(SERVER_CORE)] : [];
    const peer = await startSipp({ scenario: 'uas', calls: 1_000_000, within: 3_600, by });
    await call(ours, FIRST_CALLS, FIRST_RATE);
    await call(peer, FIRST_CALLS, FIRST_RATE);
    const { rounds } = await inTurns(
      () => callsPerCpuSecond(ours),
      () => callsPerCpuSecond(peer),
      { rounds: (ours, peer) => ({ ours, peer }) },
    );
    peer.stop();
    await Promise.all([peer.result, program.stop()]);
    return [
      {
        name: 'sip-calls',
        what: `calls answered, ${RATE} a second over UDP, per second of CPU of engine and drachtio-srf application ÷ SIPp's own UAS`,
        unit: 'calls per CPU second',
        rounds,
        target: { atLeast: 0.25 },
        notes: [],
      },
    ];
  },
};
