import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '../../../src/events/ports.ts';
import type { Connection } from '../../../src/realtime/connection.ts';
import { Session } from '../../../src/realtime/session.ts';

/** A store whose reads the test lets through one at a time, and a connection that keeps what was sent. */
function bench(kind: 'tv' | 'agent' = 'agent') {
  const kept: StoredEvent[] = [];
  const sent: number[] = [];
  const closed: number[] = [];
  const reads: { after: number; let: () => void; fail: () => void }[] = [];
  const connection = {
    send: (message: { seq: number }) => sent.push(message.seq),
    close: (code: number) => closed.push(code),
  } as unknown as Connection;
  const session = new Session({ kind, id: 'sam', centreId: 'north' }, connection, (_centre, _id, after) => {
    return new Promise((resolve, reject) => {
      reads.push({
        after,
        let: () => resolve(kept.filter((one) => one.seq > after)),
        fail: () => reject(new Error('the database is away')),
      });
    });
  });
  const happen = (...seqs: number[]) => {
    const events = seqs.map((seq): StoredEvent => ({ interactionId: 'i', seq, at: seq, event: { type: 'tvBack' } }));
    kept.push(...events);
    return events;
  };
  return { session, happen, kept, sent, closed, reads };
}

describe('[M4] what a session is sent', () => {
  it('events in order go on at once, without a read', () => {
    const { session, happen, sent, reads } = bench();
    session.deliver('i', happen(1, 2));
    session.deliver('i', happen(3));
    expect(sent).toEqual([1, 2, 3]);
    expect(reads).toHaveLength(0);
  });

  it('what was sent already is not sent again', () => {
    const { session, happen, sent } = bench();
    const events = happen(1, 2);
    session.deliver('i', events);
    session.deliver('i', events);
    expect(sent).toEqual([1, 2]);
  });

  it('an event that overtook its predecessor waits until both are read in order', async () => {
    const { session, happen, sent, reads } = bench();
    session.deliver('i', happen(1));
    const [, third] = happen(2, 3);
    session.deliver('i', third === undefined ? [] : [third]);
    expect(sent).toEqual([1]);
    const caughtUp = session.follow('i', 0);
    reads[0]?.let();
    await caughtUp;
    expect(sent).toEqual([1, 2, 3]);
  });

  it('what happens while the past is read comes after it, once', async () => {
    const { session, happen, sent, reads } = bench();
    happen(1, 2);
    const followed = session.follow('i', 1);
    session.deliver('i', happen(3));
    expect(sent).toEqual([]);
    reads[0]?.let();
    await Promise.resolve();
    // The first read already brought the third; the second, made because something arrived meanwhile, brings nothing new.
    await new Promise<void>((resolve) => setImmediate(resolve));
    reads[1]?.let();
    await followed;
    expect(sent).toEqual([2, 3]);
    session.deliver('i', happen(4));
    expect(sent).toEqual([2, 3, 4]);
  });

  it('a past that cannot be read ends the connection, so that the client comes back for it', async () => {
    const { session, happen, sent, closed, reads } = bench();
    happen(1);
    const followed = session.follow('i', 0);
    reads[0]?.fail();
    await followed;
    expect(closed).toEqual([1011]);
    expect(sent).toEqual([]);
  });

  it('after unfollow nothing follows until it is followed anew', () => {
    const { session, happen, sent } = bench();
    session.deliver('i', happen(1));
    session.unfollow('i');
    expect(session.follows('i')).toBe(false);
    expect(sent).toEqual([1]);
  });

  it('[M19] a TV is not sent what is meant for the desk, and the order goes on past it', () => {
    const { session, sent } = bench('tv');
    const offer: StoredEvent = {
      interactionId: 'i',
      seq: 1,
      at: 1,
      event: { type: 'offered', offerId: 'o', agent: { agentId: 'sam', name: 'Sam' }, expiresAt: 9 },
    };
    session.deliver('i', [offer, { interactionId: 'i', seq: 2, at: 2, event: { type: 'tvBack' } }]);
    expect(sent).toEqual([2]);
  });
});
