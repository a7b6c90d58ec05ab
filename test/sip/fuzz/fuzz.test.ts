import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';
import { SIP_TARGETS } from './targets.ts';

// The long form is `npm run fuzz -- sip --seconds 60`; each run there begins with a seed of its own.
describe('[RFC 4475] a short fuzz: no throw, no stall, no growth', () => {
  it.each(SIP_TARGETS.map((target) => ({ name: target.name, target })))('$name', ({ target }) => {
    const report = fuzz(target, 0.8, 4475);
    expect(report.findings.map(({ error }) => error.message)).toEqual([]);
    expect(report.runs).toBeGreaterThan(100);
    expect(report.outcomes).toBeGreaterThan(20);
    expect(report.worstMs).toBeLessThan(100);
    expect(report.growth).toBeLessThan(4 * 1024 * 1024);
  });
});
