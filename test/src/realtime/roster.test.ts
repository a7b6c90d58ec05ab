import { afterEach, describe, expect, it, vi } from 'vitest';
import { Roster } from '../../../src/realtime/roster.ts';
import type { Session, Subject } from '../../../src/realtime/session.ts';

const sam: Subject = { kind: 'agent', id: 'sam', centreId: 'north' };
const livingRoom: Subject = { kind: 'tv', id: 'living-room', centreId: 'north' };
const sessionOf = (subject: Subject) => ({ subject }) as Session;

/** A record keeper whose writes the test lets through, in the order they were asked for. */
function bench() {
  const written: boolean[] = [];
  const errors: unknown[] = [];
  const writes: { let: () => void; fail: () => void }[] = [];
  const asked: (() => void)[] = [];
  const roster = new Roster(
    (_subject, connected) =>
      new Promise((resolve, reject) => {
        writes.push({
          let: () => {
            written.push(connected);
            resolve();
          },
          fail: () => reject(new Error('the database is away')),
        });
        asked.shift()?.();
      }),
    (error) => errors.push(error),
  );
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const nextWrite = () => new Promise<void>((resolve) => asked.push(resolve));
  return { roster, written, errors, writes, turn, nextWrite };
}

describe('[M3] the records follow who is connected', () => {
  it('the first window connects the agent, the last one disconnects', async () => {
    const { roster, written, writes, turn } = bench();
    const [one, other] = [sessionOf(sam), sessionOf(sam)];
    const added = roster.add(one);
    await turn();
    writes[0]?.let();
    await added;
    await roster.add(other);
    roster.remove(one);
    await turn();
    expect(written).toEqual([true]);
    roster.remove(other);
    await turn();
    writes[1]?.let();
    await roster.settled();
    expect(written).toEqual([true, false]);
    expect(roster.isConnected('sam')).toBe(false);
  });

  it('a reload within one write costs nothing more than that write', async () => {
    const { roster, written, writes, turn } = bench();
    const before = sessionOf(sam);
    const added = roster.add(before);
    await turn();
    roster.remove(before);
    const again = roster.add(sessionOf(sam));
    writes[0]?.let();
    await Promise.all([added, again]);
    expect(written).toEqual([true]);
    expect(writes).toHaveLength(1);
  });

  it('a record that could not be written is tried again, and tells how it ended', async () => {
    const { roster, written, errors, writes, turn, nextWrite } = bench();
    const added = roster.add(sessionOf(sam));
    await turn();
    const again = nextWrite();
    writes[0]?.fail();
    await again;
    expect(errors).toHaveLength(1);
    writes[1]?.let();
    await added;
    expect(written).toEqual([true]);
  });

  it('[M4] a record that may have been written all the same is written over, though all is as it was before', async () => {
    const { roster, written, writes, turn, nextWrite } = bench();
    const before = sessionOf(sam);
    const added = roster.add(before);
    await turn();
    writes[0]?.let();
    await added;
    roster.remove(before);
    await turn();
    // The connection to the database is lost: nobody knows whether "gone" was written.
    const again = nextWrite();
    const back = roster.add(sessionOf(sam));
    writes[1]?.fail();
    await again;
    writes[2]?.let();
    await back;
    expect(written).toEqual([true, true]);
  });

  it('removing twice is harmless', async () => {
    const { roster, writes, turn } = bench();
    const session = sessionOf(sam);
    const added = roster.add(session);
    await turn();
    writes[0]?.let();
    await added;
    roster.remove(session);
    roster.remove(session);
    await turn();
    writes[1]?.let();
    await roster.settled();
    expect(writes).toHaveLength(2);
  });
});

describe('[M4] a TV that is gone', () => {
  afterEach(() => void vi.useRealTimers());

  /** A roster whose every write is noted and succeeds at once. */
  function noted() {
    vi.useFakeTimers();
    const written: string[] = [];
    const roster = new Roster(
      async ({ id }, connected) => void written.push(`${id} ${connected ? 'here' : 'gone'}`),
      (error) => {
        throw error;
      },
    );
    return { roster, written };
  }

  it('and back within a second costs no write, a thousand times over', async () => {
    const { roster, written } = noted();
    const homes = Array.from({ length: 1_000 }, (_, n) => ({ ...livingRoom, id: `home-${n}` }));
    const before = homes.map(sessionOf);
    await Promise.all(before.map((session) => roster.add(session)));
    expect(written).toHaveLength(1_000);
    for (const session of before) roster.remove(session);
    expect(roster.of('home-7')).toEqual([]);
    await vi.advanceTimersByTimeAsync(900);
    await Promise.all(homes.map((home) => roster.add(sessionOf(home))));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(written).toHaveLength(1_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('for longer is recorded so, and again when it is back', async () => {
    const { roster, written } = noted();
    const session = sessionOf(livingRoom);
    await roster.add(session);
    roster.remove(session);
    expect(roster.isConnected('living-room')).toBe(true);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(written).toEqual(['living-room here', 'living-room gone']);
    expect(roster.isConnected('living-room')).toBe(false);
    await roster.add(sessionOf(livingRoom));
    expect(written.at(-1)).toBe('living-room here');
  });

  it('before it was recorded as here is not recorded at all', async () => {
    const { roster, written } = noted();
    const session = sessionOf(livingRoom);
    const added = roster.add(session);
    roster.remove(session);
    await added;
    await vi.advanceTimersByTimeAsync(1_500);
    expect(written.filter((one) => one.endsWith('here')).length).toBe(
      written.filter((one) => one.endsWith('gone')).length,
    );
    expect(roster.isConnected('living-room')).toBe(false);
  });

  it('is recorded at once when the service goes down', async () => {
    const { roster, written } = noted();
    const [one, other] = [sessionOf(livingRoom), sessionOf({ ...livingRoom, id: 'bedroom' })];
    await Promise.all([roster.add(one), roster.add(other)]);
    roster.remove(one);
    roster.close();
    roster.remove(other);
    await roster.settled();
    expect(written.slice(2).sort()).toEqual(['bedroom gone', 'living-room gone']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
