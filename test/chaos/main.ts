/**
 * `npm run chaos -- --kills 1000 [--seed N] [--minutes M]`: the long run. The seed decides what people
 * and faults do; how processes interleave, no seed decides. Its log stands in data/chaos/.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runChaos } from './chaos.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '600' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    tvs: { type: 'string', default: '12' },
    agents: { type: 'string', default: '4' },
  },
});
const numbers = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
const wrong = Object.entries(numbers).find(([, value]) => !(value >= 0));
if (wrong !== undefined) {
  console.error(`--${wrong[0]} takes a number.`);
  process.exit(2);
}
const { kills = 0, minutes = 0, seed = 0, tvs = 0, agents = 0 } = numbers;

const folder = fileURLToPath(new URL('../../data/chaos/', import.meta.url));
await mkdir(folder, { recursive: true });
const name = `${new Date().toISOString().replace(/[:.]/g, '-')}-seed-${seed}`;
const file = createWriteStream(`${folder}${name}.log`);
const log = (line: string) => {
  console.log(line);
  file.write(`${line}\n`);
};

// Ctrl-C ends it in order: checked, written down, and nothing left mounted or running.
const enough = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => enough.abort());

log(`chaos: ${kills} kills, seed ${seed}, ${tvs} TVs, ${agents} agents`);
const report = await runChaos({ kills, minutes, seed, tvs, agents, checkEvery: 100, enough: enough.signal, log });
await writeFile(`${folder}${name}.json`, JSON.stringify(report, null, 2));
const { violations, faults, recovery, systems, ...figures } = report;
log('');
for (const [what, figure] of Object.entries({
  ...figures,
  'asked by HTTP': systems.asked,
  webhooks: systems.received,
  ...faults,
}))
  log(`${what.padEnd(16)} ${String(figure)}`);
log(
  `recovery         median ${recovery.medianMs} ms, slowest ${recovery.slowestMs} ms, ` +
    `${recovery.slowestWaitedMs} of them without a processor (${recovery.slowest})`,
);
log(`violations       ${violations.length}`);
file.end();
process.exitCode = violations.length === 0 ? 0 : 1;
