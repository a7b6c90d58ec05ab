import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Store } from '../../../src/events/ports.ts';
import { LineBoard } from '../../../src/realtime/lineBoard.ts';
import { Roster } from '../../../src/realtime/roster.ts';
import type { Session } from '../../../src/realtime/session.ts';

describe('the figures of the queues', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are said to an agent when they changed, and to one who is new', async () => {
    let free = true;
    const store = {
      places: () => Promise.resolve([]),
      meanHandlingSeconds: () => Promise.resolve(null),
      line: () =>
        Promise.resolve({
          version: 1,
          waiting: [],
          queues: [{ id: 'q', name: 'Help line', order: 1, operator: '*', model: '*', region: '*', skills: [] }],
          candidates: [
            {
              agentId: 'sam',
              name: 'Sam',
              skills: [],
              customersLookedAfter: [],
              connected: true,
              free,
              freeSince: 1,
            },
          ],
        }),
    } as unknown as Store;
    const roster = new Roster(
      () => Promise.resolve(),
      () => {},
    );
    const board = new LineBoard({ store, roster, clock: () => 1, onError: (error) => expect(error).toBeNull() });
    const join = async () => {
      const ready: number[] = [];
      const tell = (_what: string, frame: string) => {
        const { queues } = JSON.parse(frame) as { queues: { ready: number }[] };
        ready.push(...queues.map((queue) => queue.ready));
      };
      await roster.add({ subject: { kind: 'agent', id: 'sam', centreId: 'north' }, tell } as unknown as Session);
      return ready;
    };
    const look = async () => {
      board.changed('north');
      await vi.advanceTimersByTimeAsync(1_000);
    };

    const desk = await join();
    await look();
    await look();
    expect(desk).toEqual([1]);
    free = false;
    await look();
    expect(desk).toEqual([1, 0]);
    const laptop = await join();
    await look();
    expect([desk, laptop]).toEqual([[1, 0], [0]]);
    board.close();
  });
});

describe('the wait that a TV is told', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('[RT6] counts who answers, the busy too, and neither the away nor who does not answer', async () => {
    const sam = { agentId: 'sam', name: 'Sam', skills: [], customersLookedAfter: [], connected: true, freeSince: 1 };
    let how = { ready: true, free: false };
    const store = {
      places: () =>
        Promise.resolve([{ interactionId: 'i', tvId: 'living-room', queueId: 'q', priority: 0, arrivedAt: 1 }]),
      meanHandlingSeconds: () => Promise.resolve(null),
      line: () =>
        Promise.resolve({
          version: 1,
          waiting: [],
          queues: [{ id: 'q', name: 'Help line', order: 1, operator: '*', model: '*', region: '*', skills: [] }],
          candidates: [{ ...sam, ...how }],
        }),
    } as unknown as Store;
    const roster = new Roster(
      () => Promise.resolve(),
      () => {},
    );
    const board = new LineBoard({ store, roster, clock: () => 1, onError: (error) => expect(error).toBeNull() });
    const told: unknown[] = [];
    const tell = (_what: string, frame: string) => {
      told.push((JSON.parse(frame) as { expected: unknown }).expected);
    };
    await roster.add({ subject: { kind: 'tv', id: 'living-room', centreId: 'north' }, tell } as unknown as Session);
    const look = async () => {
      board.changed('north');
      await vi.advanceTimersByTimeAsync(1_000);
    };
    await look();
    how = { ready: false, free: false };
    await look();
    expect(told).toEqual([{ low: expect.any(Number) as number, high: expect.any(Number) as number }, null]);
    board.close();
  });
});

describe('a line that takes long to be read', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A centre that `tvs` wait in; each read is answered when the test says so. */
  function stage(...tvs: string[]) {
    const reads: PromiseWithResolvers<void>[] = [];
    const store = {
      async places() {
        const read = Promise.withResolvers<void>();
        reads.push(read);
        await read.promise;
        return tvs.map((tvId, n) => ({ interactionId: `of-${tvId}`, tvId, queueId: 'q', priority: 0, arrivedAt: n }));
      },
      meanHandlingSeconds: () => Promise.resolve(null),
      line: () => Promise.resolve({ version: 1, waiting: [], queues: [], candidates: [] }),
    } as unknown as Store;
    const roster = new Roster(
      () => Promise.resolve(),
      () => {},
    );
    const board = new LineBoard({ store, roster, clock: () => 1, onError: (error) => expect(error).toBeNull() });
    const join = async (tvId: string) => {
      const said: { place: number; of: number }[] = [];
      const tell = (_what: string, frame: string) => {
        const { place, of } = JSON.parse(frame) as { place: number; of: number };
        said.push({ place, of });
      };
      await roster.add({ subject: { kind: 'tv', id: tvId, centreId: 'north' }, tell } as unknown as Session);
      return said;
    };
    return { reads, board, join };
  }

  it('is read by one at a time, and once more when it changed meanwhile', async () => {
    const { reads, board, join } = stage('living-room', 'bedroom');
    const said = await join('bedroom');
    for (let n = 0; n < 20; n += 1) {
      board.changed('north');
      await vi.advanceTimersByTimeAsync(250);
    }
    expect(reads).toHaveLength(1);
    reads[0]?.resolve();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(said).toEqual([{ place: 2, of: 2 }]);
    expect(reads).toHaveLength(2);
    board.close();
  });

  it('leaves the database alone for a multiple of that time', async () => {
    const { reads, board, join } = stage('living-room');
    await join('living-room');
    board.changed('north');
    await vi.advanceTimersByTimeAsync(1_200);
    reads[0]?.resolve();
    await vi.advanceTimersByTimeAsync(0);
    board.changed('north');
    await vi.advanceTimersByTimeAsync(3_000);
    expect(reads).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(reads).toHaveLength(2);
    board.close();
  });

  it('is not read while nobody is there to be told', async () => {
    const { reads, board } = stage('living-room');
    board.changed('north');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reads).toEqual([]);
    board.close();
  });
});
