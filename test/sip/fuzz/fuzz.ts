import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';

/** Something that takes bytes from strangers. */
export interface FuzzTarget {
  name: string;
  /** Inputs to begin with. */
  seeds(): Buffer[];
  /** A new input made from a grammar. */
  generate(random: Random): Buffer;
  /**
   * Takes the input.
   * @returns how it went, in a word or a sentence; an input with a new outcome is kept and mutated further
   * @throws what is thrown is a finding
   */
  run(bytes: Buffer, random: Random): string;
}

export interface FuzzReport {
  runs: number;
  /** Different outcomes that were seen. */
  outcomes: number;
  /** Of the slowest input, the best of several times, so that it is not the neighbours' load. */
  worstMs: number;
  /** Bytes of heap after the run over those after its first tenth. */
  growth: number;
  findings: { input: Buffer; error: Error }[];
}

/** Inputs that are kept for mutation; those that came first give way. */
const KEPT = 500;
const MOST_FINDINGS = 5;

/** Runs a target on generated and mutated inputs. */
export function fuzz(target: FuzzTarget, seconds: number, seed: number): FuzzReport {
  const random = new Random(seed);
  const corpus = target.seeds();
  const outcomes = new Set<string>();
  const report: FuzzReport = { runs: 0, outcomes: 0, worstMs: 0, growth: 0, findings: [] };
  const began = performance.now();
  const length = seconds * 1000;
  let settled: number | null = null;

  for (const bytes of [...corpus]) take(bytes);
  for (
    let elapsed = 0;
    elapsed < length && report.findings.length < MOST_FINDINGS;
    elapsed = performance.now() - began
  ) {
    if (settled === null && elapsed > length / 10) settled = heap();
    // The clock is asked seldom, for it costs as much as a short parse.
    for (let count = 0; count < 20; count++) {
      const fresh = corpus.length === 0 || random.chance(0.3);
      take(fresh ? target.generate(random) : mutate(random, random.pick(corpus), random.pick(corpus)));
    }
  }
  report.outcomes = outcomes.size;
  corpus.length = 0;
  outcomes.clear();
  report.growth = heap() - (settled ?? 0);
  return report;

  function take(bytes: Buffer): void {
    report.runs++;
    try {
      const start = performance.now();
      const outcome = target.run(bytes, random);
      const ms = performance.now() - start;
      if (ms > report.worstMs) report.worstMs = Math.max(report.worstMs, confirm(bytes, ms));
      if (outcomes.has(outcome) || outcomes.size > 10_000) return;
      outcomes.add(outcome);
      corpus.push(bytes);
      if (corpus.length > KEPT) corpus.splice(random.below(corpus.length), 1);
    } catch (error) {
      if (report.findings.length < MOST_FINDINGS) report.findings.push({ input: bytes, error: error as Error });
    }
  }

  function confirm(bytes: Buffer, first: number): number {
    let best = first;
    for (let time = 0; time < 3 && best > report.worstMs; time++) {
      const start = performance.now();
      target.run(bytes, random);
      best = Math.min(best, performance.now() - start);
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
