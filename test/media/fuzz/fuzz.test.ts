import { describe, expect, it } from 'vitest';
import { fuzz } from '../../sip/fuzz/fuzz.ts';
import { MEDIA_TARGETS } from './targets.ts';

// The long form is `npm run fuzz -- media --seconds 60`; each run there begins with a seed of its own.
describe('[RFC 8866] a short fuzz: nothing but refusals, no stall, no growth', () => {
  it.each(MEDIA_TARGETS.map((target) => ({ name: target.name, target })))('$name', async ({ target }) => {
    const report = await fuzz(target, { runs: 300 }, 8866);
    expect(report.findings.map(({ error }) => error.message)).toEqual([]);
    expect(report.outcomes).toBeGreaterThan(20);
    expect(report.worstMs).toBeLessThan(100);
    expect(report.growth).toBeLessThan(4 * 1024 * 1024);
  });
});
