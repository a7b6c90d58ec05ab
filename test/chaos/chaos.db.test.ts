/** The short form of `npm run chaos`: every kind of fault once or more, and no history with a hole. */
import { describe, expect, it } from 'vitest';
import { runChaos } from './chaos.ts';
import type { Fault } from './nemesis.ts';

const linux = process.platform === 'linux';

const faults: Fault[] = [
  'killServer',
  'killBackend',
  'killPostgres',
  'cut',
  'killBackend',
  'halfOpen',
  'killBoth',
  'endBackend',
  'pauseServer',
  'killBackend',
  'fillDisk',
  'killBackend',
  'killPostgres',
  'restartPostgres',
  'pauseBackends',
  'slow',
  'killBackend',
  'stall',
  'killServer',
  'killPostgres',
];

describe.runIf(linux)('TVs and agents while everything goes wrong', () => {
  it(
    '[M4] nothing acknowledged is lost, nothing is shown twice, order is kept, and it is ready again within 10 s',
    { timeout: 600_000 },
    async () => {
      const lines: string[] = [];
      const report = await runChaos({
        kills: Infinity,
        minutes: 3,
        seed: 4,
        tvs: 12,
        agents: 4,
        checkEvery: Infinity,
        faults,
        log: (line) => lines.push(line),
      });
      expect(report.violations, lines.join('\n')).toEqual([]);
      // Who is not root may not mount a disk of its own to fill.
      expect(report.skipped).toEqual(process.getuid?.() === 0 ? [] : [expect.stringContaining('fillDisk')]);
      // Each was sent; a backend may have ended by itself before its turn.
      expect(report.kills).toBeGreaterThanOrEqual(8);
      // Otherwise there was nothing that could have been lost.
      expect(report.acknowledged).toBeGreaterThan(50);
      expect(report.events).toBeGreaterThan(100);
      expect(report.systems.received).toBeGreaterThanOrEqual(report.events);
      expect(report.systems.asked).toBeGreaterThan(0);
    },
  );
});
