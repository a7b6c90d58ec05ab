import { describe, expect, it } from 'vitest';
import { Roster } from '../../../src/realtime/roster.ts';
import type { Session, Subject } from '../../../src/realtime/session.ts';

const sam: Subject = { kind: 'agent', id: 'sam', centreId: 'north' };
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
