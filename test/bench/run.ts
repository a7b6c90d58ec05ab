/**
 * `npm run bench`: every benchmark, or those that are named. Each ends in a line
 * `NAME  ratio  target  met|short`; bench-results.json keeps the rounds. `--readme` writes the
 * table of the README from what was measured last, here and before; alone, it measures nothing.
 * `--profile` tells where the service's CPU goes under the load of relay-cpu, or of those that are named,
 * function by function. `--sip` tells what the SIP engine costs in figures that have no peer.
 */
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { root } from '../support/checks.ts';
import type { Benchmark } from './benchmark.ts';
import { durable } from './durable.ts';
import { firstFrame } from './firstFrame.ts';
import { idleTv } from './idleTv.ts';
import { media } from './media.ts';
import { mediaEdge } from './mediaEdge.ts';
import { openGround } from './parts/ground.ts';
import { canPin, machine } from './parts/machine.ts';
import { linesOf, readResults, writeReadme, writeResults, type Result } from './parts/report.ts';
import { pressToPop } from './pressToPop.ts';
import { reconnect } from './reconnect.ts';
import { relayCpu } from './relayCpu.ts';
import { relayLatency } from './relayLatency.ts';
import { screenPop } from './screenPop.ts';
import { sipCalls } from './sipCalls.ts';
import { measureSip } from './sipMeasures.ts';
import { storms } from './storms.ts';
import { tvBytes } from './tvBytes.ts';

const all: Benchmark[] = [
  relayCpu,
  relayLatency,
  idleTv,
  reconnect,
  durable,
  pressToPop,
  screenPop,
  tvBytes,
  storms,
  sipCalls,
  mediaEdge,
  media,
  firstFrame,
];
const FLAGS = ['--readme', '--profile', '--sip'];
const resultsPath = join(root, 'bench-results.json');

const given = process.argv.slice(2);
const names = given.filter((one) => !FLAGS.includes(one));
const unknown = names.filter((one) => !all.some(({ name }) => name === one));
if (unknown.length > 0) {
  const known = all.map(({ name }) => name).join(', ');
  console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${known}; and ${FLAGS.join(', ')}.`);
  process.exit(2);
}

if (given.includes('--profile')) await profile();
else if (given.includes('--sip')) await measureSip();
else if (names.length > 0 || !given.includes('--readme')) await measure();
if (given.includes('--readme')) {
  const order = (result: Result) => all.findIndex(({ name }) => result.name.startsWith(name));
  const results = (await readResults(resultsPath)).sort((one, other) => order(one) - order(other));
  await writeReadme(join(root, 'README.md'), results);
}

async function measure(): Promise<void> {
  const date = new Date().toISOString().slice(0, 10);
  console.log(
    `${machine()}; ${canPin ? 'server and load on a core each' : 'without taskset, server and load share cores'}`,
  );
  const loadBefore = loadavg()[0] ?? 0;
  const ground = await openGround();
  try {
    for (const benchmark of all) {
      if (names.length > 0 && !names.includes(benchmark.name)) continue;
      const measurements = await benchmark.measure(ground);
      console.log(`\n${measurements.flatMap(linesOf).join('\n')}`);
      await writeResults(
        resultsPath,
        measurements.map((one) => ({ ...one, date, machine: machine(), loadBefore })),
      );
    }
  } finally {
    await ground.close();
  }
}

async function profile(): Promise<void> {
  const ground = await openGround();
  try {
    for (const benchmark of names.length === 0 ? [relayCpu] : all.filter(({ name }) => names.includes(name))) {
      if (benchmark.profile === undefined) {
        console.log(`${benchmark.name} has no profile: what it measures is not the service's CPU.`);
        continue;
      }
      const { shares, functions } = await benchmark.profile(ground);
      const lines = [...shares, ...functions.slice(0, 40)].map(
        ({ name, share }) => `${(share * 100).toFixed(1)} %  ${name}`,
      );
      console.log(`${benchmark.name}\n${lines.join('\n')}`);
    }
  } finally {
    await ground.close();
  }
}
