import { expect, it } from 'vitest';
import { fuzz } from '../../sip/fuzz/fuzz.ts';
import { LEG_TARGET } from './legs.ts';

// The long form is one of those of `npm run fuzz -- media --seconds 60`.
it('[RFC 3264] a short fuzz of a leg in a worker: nothing but refusals, nothing left behind, no stall, no growth', async () => {
  const report = await fuzz(LEG_TARGET, { runs: 150 }, 3264);
  expect(report.findings.map(({ error }) => error.message)).toEqual([]);
  expect(report.outcomes).toBeGreaterThan(20);
  expect(report.worstMs).toBeLessThan(100);
  expect(report.growth).toBeLessThan(4 * 1024 * 1024);
});
