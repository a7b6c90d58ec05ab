import { describe, expect, it } from 'vitest';
import { fuzz, type FuzzTarget } from './fuzz.ts';
import { SIP_TARGETS } from './targets.ts';

// The long form is `npm run fuzz -- sip --seconds 60`; each run there begins with a seed of its own.
describe('[RFC 4475] a short fuzz: no throw, no stall, no growth', () => {
  it.each(SIP_TARGETS.map((target) => ({ name: target.name, target })))('$name', async ({ target }) => {
    const report = await fuzz(target, { runs: 700 }, 4475);
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

  it('what is thrown, with its input', async () => {
    const report = await fuzz(
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

  it('what takes long', async () => {
    const slow = target((bytes) => {
      const began = process.threadCpuUsage();
      const spent = () => process.threadCpuUsage(began).user / 1000;
      while (bytes.length === 50 && spent() < 10);
      return 'fine';
    });
    expect((await fuzz(slow, { runs: 500 }, 1)).worstMs).toBeGreaterThanOrEqual(10);
  });

  it('what is never let go', async () => {
    const kept: Buffer[] = [];
    const leaking = target((bytes) => {
      kept.push(Buffer.alloc(10_000), bytes);
      return 'fine';
    });
    expect((await fuzz(leaking, { runs: 500 }, 1)).growth).toBeGreaterThan(1024 * 1024);
    expect(kept).not.toHaveLength(0);
  });

  it('the same with the same seed', async () => {
    const inputs = async (seed: number) => {
      const seen = new Set<string>();
      const watching = target((bytes) => {
        seen.add(bytes.toString('latin1'));
        return 'fine';
      });
      await fuzz(watching, { runs: 40 }, seed);
      return [...seen].slice(0, 20);
    };
    expect(await inputs(7)).toEqual(await inputs(7));
    expect(await inputs(7)).not.toEqual(await inputs(8));
  });
});
