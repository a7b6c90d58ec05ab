import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '../../../src/events/ports.ts';
import type { Connection } from '../../../src/realtime/connection.ts';
import { EventFrame } from '../../../src/realtime/eventFrame.ts';
import { Session } from '../../../src/realtime/session.ts';

/**
 * A store whose reads the test lets through one at a time, and a connection that keeps what was
 * sent, and pauses and drains as the test says.
 */
function bench(kind: 'tv' | 'agent' = 'agent', registered: { seen?: number; answeredByEvents?: true } = {}) {
  const kept: StoredEvent[] = [];
  const sent: (number | string)[] = [];
  const closed: string[] = [];
  const reads: { after: number; let: () => void; fail: () => void }[] = [];
  const asked: (() => void)[] = [];
  let pause: PromiseWithResolvers<void> | null = null;
  /** Pauses after so many more frames. */
  let room = Infinity;
  const connection = {
    open: true,
    get paused() {
      return pause !== null;
    },
    drained: async () => await pause?.promise,
    write(text: string) {
      const { seq, type, re } = JSON.parse(text) as { seq?: number; type: string; re?: string };
      sent.push(re === undefined ? (seq ?? type) : `${seq} answers ${re}`);
      if (--room === 0) fills();
    },
    writeFrame(frame: Buffer) {
      connection.write(frame.subarray(frame.indexOf('{')).toString());
    },
    close: (why: string) => closed.push(why),
  };
  function fills() {
    pause = Promise.withResolvers();
  }
  const session = new Session(
    { kind, id: 'sam', centreId: 'north' },
    connection as unknown as Connection,
    (_centre, _id, after, limit) => {
      return new Promise((resolve, reject) => {
        reads.push({
          after,
          let: () => resolve(kept.filter((one) => one.seq > after).slice(0, limit)),
          fail: () => reject(new Error('the database is away')),
        });
        asked.shift()?.();
      });
    },
    {
      resume: registered.seen === undefined ? [] : [{ interactionId: 'i', seq: registered.seen }],
      answeredByEvents: registered.answeredByEvents,
    },
  );
  const happen = (...seqs: number[]) => {
    const events = seqs.map((seq): StoredEvent => ({ interactionId: 'i', seq, at: seq, event: { type: 'tvBack' } }));
    kept.push(...events);
    return events.map((event) => new EventFrame(event));
  };
  return {
    session,
    connection,
    happen,
    kept,
    sent,
    closed,
    reads,
    fills,
    fillsAfter: (frames: number) => void (room = frames),
    drains() {
      const { resolve } = pause ?? {};
      pause = null;
      room = Infinity;
      resolve?.();
    },
    nextRead: () => new Promise<void>((resolve) => asked.push(resolve)),
    turn: () => new Promise<void>((resolve) => setImmediate(resolve)),
  };
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
    const caughtUp = session.follow('i');
    reads[0]?.let();
    await caughtUp;
    expect(sent).toEqual([1, 2, 3]);
  });

  it('a long past is read and sent by pages', async () => {
    const { session, happen, sent, reads, nextRead } = bench();
    const all = Array.from({ length: 250 }, (_, n) => n + 1);
    happen(...all);
    let asked = nextRead();
    const followed = session.follow('i');
    for (let n = 0; n < 3; n += 1) {
      await asked;
      expect(sent).toEqual(all.slice(0, n * 100));
      asked = nextRead();
      reads[n]?.let();
    }
    await followed;
    expect(reads.map(({ after }) => after)).toEqual([0, 100, 200]);
    expect(sent).toEqual(all);
  });

  it('what happens while the past is read comes after it, once', async () => {
    const { session, happen, sent, reads } = bench('agent', { seen: 1 });
    happen(1, 2);
    const followed = session.follow('i');
    session.deliver('i', happen(3));
    expect(sent).toEqual([]);
    reads[0]?.let();
    await followed;
    // The read brought the third already: there is no need of another.
    expect(reads).toHaveLength(1);
    expect(sent).toEqual([2, 3]);
    session.deliver('i', happen(4));
    expect(sent).toEqual([2, 3, 4]);
  });

  it('[M4] what happens before the past is asked for does not repeat what the client said it saw', async () => {
    const { session, happen, sent, reads } = bench('agent', { seen: 2 });
    happen(1, 2);
    session.deliver('i', happen(3));
    const followed = session.follow('i');
    expect(sent).toEqual([3]);
    reads[0]?.let();
    await followed;
    expect(sent).toEqual([3]);
    session.unfollow('i');
    // Offered again: clients forget what is not theirs, so it is told from the beginning.
    session.deliver('i', happen(4));
    expect(reads[1]?.after).toBe(0);
  });

  it('a past that cannot be read ends the connection, so that the client comes back for it', async () => {
    const { session, happen, sent, closed, reads } = bench();
    happen(1);
    const followed = session.follow('i');
    reads[0]?.fail();
    await followed;
    expect(closed).toEqual(['failed']);
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
    const back: StoredEvent = { interactionId: 'i', seq: 2, at: 2, event: { type: 'tvBack' } };
    session.deliver('i', [new EventFrame(offer), new EventFrame(back)]);
    expect(sent).toEqual([2]);
  });
});

describe('[M4] an event that answers', () => {
  const answering = (commandId: string, senderId = 'sam', type: 'tvBack' | 'offerEnded' = 'tvBack') => {
    const event = type === 'tvBack' ? { type } : { type, offerId: 'o', agentId: 'sam', how: 'declined' as const };
    return [
      new EventFrame({ interactionId: 'i', seq: 1, at: 1, event, answers: { senderId, commandId } } as StoredEvent),
    ];
  };

  it('is sent as the answer to the command that is being done, once', () => {
    const { session, sent } = bench('agent', { answeredByEvents: true });
    session.asks('c1');
    session.deliver('i', answering('c1'));
    expect(sent).toEqual(['1 answers c1']);
    expect(session.isAnswered()).toBe(true);
  });

  it.each([
    ['another command', answering('c2')],
    ['somebody else’s command of the same id', answering('c1', 'alice')],
  ])('of %s is no answer', (_what, events) => {
    const { session, sent } = bench('agent', { answeredByEvents: true });
    session.asks('c1');
    session.deliver('i', events);
    expect(sent).toEqual([1]);
    expect(session.isAnswered()).toBe(false);
  });

  it('of which nothing is the viewer’s is no answer', () => {
    const { session, sent } = bench('tv', { answeredByEvents: true });
    session.asks('c1');
    session.deliver('i', answering('c1', 'sam', 'offerEnded'));
    expect(sent).toEqual([]);
    expect(session.isAnswered()).toBe(false);
  });

  it('is none for a client that did not say it takes it so, nor for another window of the same agent', () => {
    const old = bench('agent');
    old.session.asks('c1');
    const window = bench('agent', { answeredByEvents: true });
    for (const { session } of [old, window]) session.deliver('i', answering('c1'));
    expect([old.sent, window.sent]).toEqual([[1], [1]]);
    expect(old.session.isAnswered()).toBe(false);
  });

  it('that is read later, for the peer was behind, is none', async () => {
    const { session, happen, sent, reads, fills, drains, nextRead } = bench('agent', { answeredByEvents: true });
    session.asks('c1');
    happen(1);
    fills();
    const read = nextRead();
    session.deliver('i', answering('c1'));
    expect(session.isAnswered()).toBe(false);
    drains();
    await read;
    reads[0]?.let();
    await session.follow('i');
    expect(sent).toEqual([1]);
  });
});

describe('[M4] a peer that does not read', () => {
  const queues = (waiting: number) => JSON.stringify({ type: `queues ${waiting}` });

  it('is sent nothing while it is paused, and the rest from the store, once, when it has drained', async () => {
    const { session, happen, sent, reads, fills, drains, nextRead, turn } = bench();
    session.deliver('i', happen(1));
    fills();
    session.deliver('i', happen(2, 3));
    session.deliver('i', happen(4));
    await turn();
    expect(sent).toEqual([1]);
    expect(reads).toHaveLength(0);
    const read = nextRead();
    drains();
    await read;
    expect(reads[0]?.after).toBe(1);
    reads[0]?.let();
    await turn();
    expect(sent).toEqual([1, 2, 3, 4]);
    session.deliver('i', happen(5));
    expect(sent).toEqual([1, 2, 3, 4, 5]);
  });

  it('that fills up while it catches up goes on from the last event that was sent', async () => {
    const { session, happen, sent, reads, fillsAfter, drains, nextRead } = bench();
    happen(1, 2, 3, 4);
    const followed = session.follow('i');
    fillsAfter(2);
    reads[0]?.let();
    const read = nextRead();
    await Promise.resolve();
    await Promise.resolve();
    expect(sent).toEqual([1, 2]);
    drains();
    await read;
    expect(reads[1]?.after).toBe(2);
    reads[1]?.let();
    await followed;
    expect(sent).toEqual([1, 2, 3, 4]);
  });

  it('hears only the latest of what passes, after the events it missed', async () => {
    const { session, happen, sent, reads, fills, drains, nextRead, turn } = bench();
    session.deliver('i', happen(1));
    fills();
    session.tell('queues', queues(1));
    session.deliver('i', happen(2));
    session.tell('queues', queues(2));
    session.tell('presence', JSON.stringify({ type: 'presence' }));
    session.tell('queues', queues(3));
    const read = nextRead();
    drains();
    await read;
    expect(sent).toEqual([1]);
    reads[0]?.let();
    await turn();
    expect(sent).toEqual([1, 2, 'queues 3', 'presence']);
    session.tell('queues', queues(4));
    expect(sent.at(-1)).toBe('queues 4');
  });

  it('[M19] that lost an interaction meanwhile is sent all of it up to there, and nothing after', async () => {
    const { session, happen, sent, reads, fills, drains, nextRead, turn } = bench();
    session.deliver('i', happen(1));
    fills();
    session.deliver('i', happen(2));
    session.unfollow('i');
    happen(3);
    const read = nextRead();
    drains();
    await read;
    reads[0]?.let();
    await turn();
    expect(sent).toEqual([1, 2]);
  });

  it('and goes away is not read for', async () => {
    const { session, connection, happen, sent, reads, fills, drains } = bench();
    session.deliver('i', happen(1));
    fills();
    const followed = session.follow('i');
    connection.open = false;
    drains();
    await followed;
    expect(sent).toEqual([1]);
    expect(reads).toHaveLength(0);
  });
});
