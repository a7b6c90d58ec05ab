import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gather } from '../../db/gather.ts';

/** An asker whose statements the test answers one at a time. */
function bench() {
  const statements: { keys: number[]; answer: () => void; fail: (error: Error) => void }[] = [];
  const ask = gather(
    (keys: number[]) =>
      new Promise<string[]>((resolve, reject) => {
        statements.push({ keys, answer: () => resolve(keys.map((key) => `value ${key}`)), fail: reject });
      }),
  );
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { ask, statements, turn };
}

/** Milliseconds from one statement to the next, and a little. */
const PACE = 9;

describe('[M4] many who ask at once', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('one alone is asked for at once', async () => {
    const { ask, statements, turn } = bench();
    const value = ask(1);
    await turn();
    statements[0]?.answer();
    expect(await value).toBe('value 1');
  });

  it('those who come together, and while a statement is under way, share one; each gets its own', async () => {
    const { ask, statements, turn } = bench();
    const first = [ask(1), ask(2)];
    await turn();
    const second = [ask(3), ask(4), ask(3)];
    await turn();
    expect(statements.map(({ keys }) => keys)).toEqual([[1, 2]]);
    statements[0]?.answer();
    expect(await Promise.all(first)).toEqual(['value 1', 'value 2']);
    await vi.advanceTimersByTimeAsync(PACE);
    expect(statements.map(({ keys }) => keys)).toEqual([
      [1, 2],
      [3, 4, 3],
    ]);
    statements[1]?.answer();
    expect(await Promise.all(second)).toEqual(['value 3', 'value 4', 'value 3']);
  });

  it('a statement holds five hundred at most', async () => {
    const { ask, statements, turn } = bench();
    const all = Array.from({ length: 1_200 }, (_, n) => ask(n));
    for (let n = 0; n < 3; n += 1) {
      await turn();
      if (n === 2) await vi.advanceTimersByTimeAsync(PACE);
      statements[n]?.answer();
    }
    expect((await Promise.all(all)).at(-1)).toBe('value 1199');
    expect(statements.map(({ keys }) => keys.length)).toEqual([500, 500, 200]);
  });

  it('those who come on the heels of a statement share the next, though it is answered', async () => {
    const { ask, statements, turn } = bench();
    const first = ask(1);
    await turn();
    statements[0]?.answer();
    await first;
    const second = ask(2);
    await turn();
    await vi.advanceTimersByTimeAsync(1);
    const third = ask(3);
    await turn();
    expect(statements).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(PACE);
    expect(statements[1]?.keys).toEqual([2, 3]);
    statements[1]?.answer();
    expect(await Promise.all([second, third])).toEqual(['value 2', 'value 3']);
    await vi.advanceTimersByTimeAsync(PACE);
    void ask(4);
    await turn();
    expect(statements[2]?.keys).toEqual([4]);
  });

  it('a statement that does not succeed is told to those who shared it, and to nobody else', async () => {
    const { ask, statements, turn } = bench();
    const shared = Promise.allSettled([ask(1), ask(2)]);
    await turn();
    const later = ask(3);
    statements[0]?.fail(new Error('the database is away'));
    expect((await shared).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await vi.advanceTimersByTimeAsync(PACE);
    statements[1]?.answer();
    expect(await later).toBe('value 3');
  });
});
