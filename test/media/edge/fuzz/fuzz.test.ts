import { describe, expect, it } from 'vitest';
import { fuzz } from '../../../sip/fuzz/fuzz.ts';
import { EDGE_TARGETS } from './targets.ts';

// The long form is `npm run fuzz -- edge --seconds 60`; each run there begins with a seed of its own.
describe('[RFC 3550] a short fuzz: no throw, no stall, no growth', () => {
  it.each(EDGE_TARGETS.map((target) => ({ name: target.name, target })))(
    '$name',
    async ({ target }) => {
      const report = await fuzz(target, { runs: 300 }, 3550);
      expect(report.findings.map(({ error }) => error.message)).toEqual([]);
      expect(report.outcomes).toBeGreaterThan(10);
      expect(report.worstMs).toBeLessThan(100);
      expect(report.growth).toBeLessThan(4 * 1024 * 1024);
    },
    20_000,
  );
});
