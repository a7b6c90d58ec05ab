/**
 * `npm run fuzz -- sip|edge|media [--seconds N] [--seed N]`: throws generated and mutated bytes at what strangers
 * can reach, each target for that long. The exit code is 0 only when nothing threw, nothing took
 * 100 ms and nothing grew. A finding is told with its input and the seed that leads to it.
 */
import { parseArgs } from 'node:util';
import { fuzz, type FuzzTarget } from './sip/fuzz/fuzz.ts';
import { EDGE_TARGETS } from './media/edge/fuzz/targets.ts';
import { LEG_TARGET } from './media/fuzz/legs.ts';
import { MEDIA_TARGETS } from './media/fuzz/targets.ts';
import { SIP_TARGETS } from './sip/fuzz/targets.ts';

const AREAS: ReadonlyMap<string, readonly FuzzTarget[]> = new Map([
  ['sip', SIP_TARGETS],
  ['edge', EDGE_TARGETS],
  ['media', [...MEDIA_TARGETS, LEG_TARGET]],
]);
const SLOWEST_MS = 100;
const MOST_GROWTH = 16 * 1024 * 1024;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '20' }, seed: { type: 'string' } },
});
const targets = AREAS.get(positionals[0] ?? '');
const seconds = Number(values.seconds);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(values.seed);
if (targets === undefined || positionals.length > 1 || !(seconds > 0) || !Number.isInteger(seed)) {
  console.error(`Say what to fuzz: npm run fuzz -- ${[...AREAS.keys()].join('|')} [--seconds N] [--seed N]`);
  process.exit(2);
}

console.log(`Seed ${seed}, ${seconds} s for each target`);
for (const target of targets) {
  const report = await fuzz(target, { seconds }, seed);
  const good = report.findings.length === 0 && report.worstMs < SLOWEST_MS && report.growth < MOST_GROWTH;
  if (!good) process.exitCode = 1;
  const growth = (report.growth / 1024 / 1024).toFixed(1);
  console.log(
    `${good ? '✓' : '✗'} ${target.name}: ${report.runs} runs, ${report.outcomes} outcomes, slowest ${report.worstMs.toFixed(1)} ms, growth ${growth} MB`,
  );
  for (const { input, error } of report.findings) {
    console.log(`\n${error.stack ?? error.message}\n${JSON.stringify(input.toString('latin1').slice(0, 2000))}`);
  }
}
