import { describe, expect, it } from 'vitest';
import { fuzz, type FuzzTarget } from './fuzz.ts';
import { SIP_TARGETS } from './targets.ts';

// The long form is `npm run fuzz -- sip --seconds 60`; each run there begins with a seed of its own.
describe('[RFC 4475] a short fuzz: no throw, no stall, no growth', () => {
  it.each(SIP_TARGETS.map((target) => ({ name: target.name, target })))('$name', ({ target }) => {
    const report = fuzz(target, { runs: 700 }, 4475);
    expect(report.findings.map(({ error }) => error.message)).toEqual([]);
    expect(report.outcomes).toBeGreaterThan(20);
    expect(report.worstMs).toBeLessThan(100);
    expect(report.growth).toBeLessThan(4 * 1024 * 1024);
  });
});

describe('the fuzz itself finds', () => {
  const target = (run: FuzzTarget['run']): FuzzTarget => ({
    name: 'a target with a fault',
    seeds: () => [Buffer.from('INVITE sip:bob@example.com')],
    generate: (random) => Buffer.alloc(random.below(100), 'x'),
    run,
  });

  it('what is thrown, with its input', () => {
    const report = fuzz(
      target((bytes) => {
        if (bytes.includes(0)) throw new Error('A null.');
        return 'fine';
      }),
      { runs: 500 },
      1,
    );
    expect(report.findings[0]?.error.message).toBe('A null.');
    expect(report.findings.every(({ input }) => input.includes(0))).toBe(true);
  });

  it('what takes long', () => {
    const slow = target((bytes) => {
      const began = process.threadCpuUsage();
      const spent = () => process.threadCpuUsage(began).user / 1000;
      while (bytes.length === 50 && spent() < 10);
      return 'fine';
    });
    expect(fuzz(slow, { runs: 500 }, 1).worstMs).toBeGreaterThanOrEqual(10);
  });

  it('what is never let go', () => {
    const kept: Buffer[] = [];
    const leaking = target((bytes) => {
      kept.push(Buffer.alloc(10_000), bytes);
      return 'fine';
    });
    expect(fuzz(leaking, { runs: 500 }, 1).growth).toBeGreaterThan(1024 * 1024);
    expect(kept).not.toHaveLength(0);
  });

  it('the same with the same seed', () => {
    const inputs = (seed: number) => {
      const seen = new Set<string>();
      const watching = target((bytes) => {
        seen.add(bytes.toString('latin1'));
        return 'fine';
      });
      fuzz(watching, { runs: 40 }, seed);
      return [...seen].slice(0, 20);
    };
    expect(inputs(7)).toEqual(inputs(7));
    expect(inputs(7)).not.toEqual(inputs(8));
  });
});
