/** Adds up what became of datagrams. */
import type { Counts } from './messages.ts';

export function noCounts(): Counts {
  return {
    ...{ forwarded: 0, sent: 0, strangers: 0, malformed: 0, forged: 0, unexpected: 0 },
    ...{ excess: 0, withheld: 0, unknown: 0, congested: 0 },
  };
}

/** What two counted together. */
export function addCounts(one: Readonly<Counts>, other: Readonly<Counts>): Counts {
  const sum = noCounts();
  for (const what of Object.keys(sum) as (keyof Counts)[]) sum[what] = one[what] + other[what];
  return sum;
}
