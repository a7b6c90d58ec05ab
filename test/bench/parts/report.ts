/** What was measured, for people: lines while it runs, a file of results, the table in the README. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Measurement, Target } from '../benchmark.ts';
import { ratioOf } from '../statistics.ts';

export interface Result extends Measurement {
  /** Day of the measurement, as in 2026-11-30. */
  date: string;
  machine: string;
  /** Programs that wanted to run before it began, a minute's average: above 0 others were at work. Unknown where it is left out. */
  loadBefore?: number;
}

const BEGIN = '<!-- benchmarks: written by `npm run bench -- --readme` -->';
const END = '<!-- end of benchmarks -->';

function verdictOf({ rounds, target }: Measurement): string {
  if (target === 'none') return '';
  const { ratio } = ratioOf(rounds);
  return ('atLeast' in target ? ratio >= target.atLeast : ratio <= target.atMost) ? 'met' : 'short';
}

/** What is behind the ratio, and as the last line: `NAME  ratio  target  met|short`, or without a verdict where there is no target. */
export function linesOf(measurement: Measurement): string[] {
  const { rounds, name, what, unit, notes } = measurement;
  const { ratio, low, high, ours, peer, kept, dropped } = ratioOf(rounds);
  return [
    what,
    `  ours ${amount(ours)}, peer ${amount(peer)} ${unit}; ratio ${two(low)}–${two(high)} over ${kept} rounds` +
      (dropped > 0 ? `; ${dropped} dropped, in which the peer itself moved by more than a quarter` : ''),
    ...notes.map((note) => `  ${note}`),
    `${name}  ${two(ratio)}  ${targetIn(measurement.target)}  ${verdictOf(measurement)}`.trimEnd(),
  ];
}

/** Earlier results, by name; none when there is no file. */
export async function readResults(path: string): Promise<Result[]> {
  const text = await readFile(path, 'utf8').catch(() => '[]');
  return JSON.parse(text) as Result[];
}

/** Keeps what was measured now, and of what was measured before whatever was not measured anew. */
export async function writeResults(path: string, results: Result[]): Promise<void> {
  const names = new Set(results.map(({ name }) => name));
  const before = (await readResults(path)).filter(({ name }) => !names.has(name));
  await writeFile(path, `${JSON.stringify([...before, ...results], null, 2)}\n`);
}

/**
 * Replaces the table between the README's markers.
 * @throws Error when the markers are not there
 */
export async function writeReadme(path: string, results: Result[]): Promise<void> {
  const readme = await readFile(path, 'utf8');
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`README.md has no table to write into: it wants ${BEGIN} and ${END}.`);
  const table = tableOf(results);
  await writeFile(path, `${readme.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${readme.slice(end)}`);
}

function tableOf(results: Result[]): string {
  const dates = [...new Set(results.map(({ date }) => date))].sort();
  const machines = [...new Set(results.map(({ machine }) => machine))];
  const rows = results.map((result) => {
    const { ratio, low, high, ours, peer, dropped } = ratioOf(result.rounds);
    const range = low === high ? '' : ` (${two(low)}–${two(high)})`;
    const notes = [...result.notes, ...(dropped > 0 ? [`${dropped} disturbed rounds dropped`] : [])];
    const what = [result.what, ...notes].join('; ');
    return [
      result.name,
      what,
      `${amount(ours)} ÷ ${amount(peer)} ${result.unit}`,
      `**${two(ratio)}**${range}`,
      targetIn(result.target),
      verdictOf(result),
    ];
  });
  const header = ['name', 'what', 'medians', 'ratio (range)', 'target', ''];
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const loads = results.flatMap(({ loadBefore }) => loadBefore ?? []);
  const busy =
    Math.max(...loads) >= 1
      ? ` Others were at work there: load ${range(loads)} before it began, where that was noted.`
      : '';
  return [
    `Measured ${dates.join(' and ')} on ${machines.join(' and ')}.${busy}`,
    '',
    line(header),
    line(header.map(() => '---')),
    ...rows.map(line),
  ].join('\n');
}

function range(values: number[]): string {
  return [...new Set([Math.min(...values), Math.max(...values)].map((value) => value.toFixed(0)))].join(' to ');
}

function targetIn(target: Target): string {
  if (target === 'none') return '–';
  return 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
}

function two(ratio: number): string {
  return ratio >= 10 ? ratio.toFixed(1) : ratio.toPrecision(ratio < 0.1 ? 2 : 3);
}

function amount(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}
