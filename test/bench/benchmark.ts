/** What a benchmark is, and how its rounds are taken: ours and the peer's in turns. */
import type { Ground } from './parts/ground.ts';
import type { Profile } from './parts/profile.ts';
import { steady, type Round } from './statistics.ts';

/** `none` where a figure is there to be known. */
export type Target = { atLeast: number } | { atMost: number } | 'none';

/** One line of the table. */
export interface Measurement {
  /** "relay-latency p99" */
  name: string;
  /** What is divided by what, for whoever reads the table. */
  what: string;
  /** Of both figures: "messages per CPU second". */
  unit: string;
  rounds: Round[];
  target: Target;
  /** What is to be known beside the ratio. */
  notes: string[];
}

export interface Benchmark {
  name: string;
  measure(ground: Ground): Promise<Measurement[]>;
  /** Where the service's CPU goes under the same load; not of those whose cost lies elsewhere. */
  profile?(ground: Ground): Promise<Profile>;
}

/** Rounds that must be steady, and those that are tried for it at most. */
const ROUNDS = 3;
const TRIES = 6;

/**
 * Measures ours and the peer's in turns, A/B/A/B, until enough rounds were steady.
 * @param figures what the rounds are judged by; each gives one list of rounds
 */
export async function inTurns<Ours, Peer, Name extends string>(
  ours: () => Promise<Ours>,
  peer: () => Promise<Peer>,
  figures: { [name in Name]: (ours: Ours, peer: Peer) => Round },
): Promise<{ [name in Name]: Round[] }> {
  const names = Object.keys(figures) as Name[];
  const rounds = Object.fromEntries(names.map((name) => [name, [] as Round[]])) as { [name in Name]: Round[] };
  for (let round = 1; round <= TRIES; round += 1) {
    const mine = await ours();
    const theirs = await peer();
    for (const name of names) rounds[name].push(figures[name](mine, theirs));
    if (round >= ROUNDS && names.every((name) => steady(rounds[name]).length >= ROUNDS)) break;
  }
  return rounds;
}
