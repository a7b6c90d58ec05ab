/**
 * Many small asks as few statements. Idle, one is asked for at once; what comes on the heels of a
 * statement, while it is under way, or in the same turn of the event loop, gathers and shares the
 * next. So the more TVs come back at the same moment, the less each of them costs: a statement costs
 * the service several times what a key in it does.
 */

/** Keys that share a statement at most. */
const MOST = 500;

/** Milliseconds from one statement to the next, unless that is full already. */
const PACE_MS = 8;

interface Asked<Key, Value> {
  key: Key;
  resolve: (value: Value) => void;
  reject: (error: unknown) => void;
}

/**
 * @param ask answers for all keys, in their order; when it rejects, everybody who shared it hears why
 * @returns asks for one
 */
export function gather<Key, Value>(ask: (keys: Key[]) => Promise<readonly Value[]>): (key: Key) => Promise<Value> {
  const waiting: Asked<Key, Value>[] = [];
  let busy = false;
  let askedAt = -Infinity;

  async function work(): Promise<void> {
    busy = true;
    await Promise.resolve();
    while (waiting.length > 0) {
      const early = askedAt + PACE_MS - performance.now();
      if (early > 0 && waiting.length < MOST) await new Promise((resolve) => setTimeout(resolve, early));
      askedAt = performance.now();
      const batch = waiting.splice(0, MOST);
      try {
        const values = await ask(batch.map(({ key }) => key));
        batch.forEach(({ resolve }, n) => resolve(values[n] as Value));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    busy = false;
  }

  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      if (!busy) void work();
    });
}
