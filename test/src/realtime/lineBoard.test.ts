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
