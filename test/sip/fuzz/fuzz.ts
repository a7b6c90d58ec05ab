import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { mutate } from './mutate.ts';
import { Random } from '../../support/random.ts';

/** Something that takes bytes from strangers. */
export interface FuzzTarget {
  name: string;
  /** Makes what it stands on. */
  open?(): Promise<void>;
  /**
   * Lets go of that.
   * @throws what is thrown is a finding: something was left behind
   */
  close?(): Promise<void>;
  /** Inputs to begin with. */
  seeds(): Buffer[];
  /** A new input made from a grammar. */
  generate(random: Random): Buffer;
  /**
   * Takes the input.
   * @returns how it went, in a word or a sentence; an input with a new outcome is kept and mutated further
   * @throws what is thrown is a finding
   */
  run(bytes: Buffer, random: Random): string | Promise<string>;
  /** Lets go of what its runs share; another run may follow. */
  end?(): Promise<void>;
}

export interface FuzzReport {
  runs: number;
  /** Different outcomes that were seen. */
  outcomes: number;
  /** CPU time of the slowest input, the best of several times, so that it is not the neighbours' load. */
  worstMs: number;
  /** Bytes of heap after the run over those after its first tenth. */
  growth: number;
  findings: { input: Buffer; error: Error }[];
}

/** Inputs that are kept for mutation; those that came first give way. */
const KEPT = 500;
const MOST_FINDINGS = 5;

/** How long it goes on: by the clock, or so many runs, which are the same on every machine. */
export type Budget = { seconds: number } | { runs: number };

/** Runs a target on generated and mutated inputs. */
export async function fuzz(target: FuzzTarget, budget: Budget, seed: number): Promise<FuzzReport> {
  const random = new Random(seed);
  const corpus = target.seeds();
  const outcomes = new Set<string>();
  const report: FuzzReport = { runs: 0, outcomes: 0, worstMs: 0, growth: 0, findings: [] };
  const began = performance.now();
  let settled: number | null = null;

  await target.open?.();
  for (const bytes of [...corpus]) await take(bytes);
  for (let share = spent(); share < 1 && report.findings.length < MOST_FINDINGS; share = spent()) {
    if (settled === null && share > 0.1) settled = heap();
    // The clock is asked seldom, for it costs as much as a short parse.
    for (let count = 0; count < 20; count++) {
      const fresh = corpus.length === 0 || random.chance(0.3);
      await take(fresh ? target.generate(random) : mutate(random, random.of(corpus), random.of(corpus)));
    }
    // What was put off to the next turn of the event loop has its turn.
    await turn();
  }
  await target.close?.().catch((error: Error) => report.findings.push({ input: Buffer.alloc(0), error }));
  report.outcomes = outcomes.size;
  corpus.length = 0;
  outcomes.clear();
  report.growth = settled === null ? 0 : heap() - settled;
  await target.end?.();
  return report;

  /** The share of the budget that is spent. */
  function spent(): number {
    return 'runs' in budget ? report.runs / budget.runs : (performance.now() - began) / 1000 / budget.seconds;
  }

  async function take(bytes: Buffer): Promise<void> {
    report.runs++;
    // A run makes choices of its own, so that doing it again changes nothing that comes after.
    const choices = random.below(2 ** 32);
    try {
      const start = performance.now();
      const result = target.run(bytes, new Random(choices));
      const outcome = result instanceof Promise ? await result : result;
      const ms = performance.now() - start;
      if (ms > report.worstMs) report.worstMs = Math.max(report.worstMs, await confirm(bytes, choices, ms));
      if (outcomes.has(outcome) || outcomes.size > 10_000) return;
      outcomes.add(outcome);
      corpus.push(bytes);
      if (corpus.length > KEPT) corpus.splice(random.below(corpus.length), 1);
    } catch (error) {
      if (report.findings.length < MOST_FINDINGS) report.findings.push({ input: bytes, error: error as Error });
    }
  }

  async function confirm(bytes: Buffer, choices: number, first: number): Promise<number> {
    let best = first;
    for (let time = 0; time < 3 && best > report.worstMs; time++) {
      const start = process.threadCpuUsage();
      await target.run(bytes, new Random(choices));
      const { user, system } = process.threadCpuUsage(start);
      best = Math.min(best, (user + system) / 1000);
    }
    return best;
  }
}

let collect: (() => void) | null = null;

/** Bytes that are still held after everything that can be let go was. */
function heap(): number {
  if (collect === null) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  // The memory of buffers is let go behind the first.
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
