import { describe, expect, it } from 'vitest';
import { belongsTo, nextOffers } from '../../../src/routing/offers.ts';
import { inOrder } from '../../../src/routing/line.ts';
import type { Candidate, Queue, Waiting } from '../../../src/routing/routing.ts';
import { fc } from '../../support/properties.ts';
import { person, waits } from './people.ts';

const NOW = 1_000_000;

const help: Queue = { id: 'help', name: 'Help line', order: 1, operator: '*', model: '*', region: '*', skills: [] };
const video: Queue = { ...help, id: 'video', name: 'Video visits', order: 2, skills: ['video'] };
const queues = [help, video];

const offers = (waiting: Waiting[], candidates: Candidate[], now = NOW) =>
  nextOffers(waiting, candidates, queues, now).map((offer) => `${offer.interactionId}→${offer.agentId}`);

const busy = { free: false };
const away = { ready: false, free: false };
const offline = { connected: false, ready: false, free: false };

describe('preferred agents', () => {
  const preferring = (until: number) => waits('i1', 1, { preferredAgentIds: ['alice'], preferredUntil: until });

  it.each<[string, Candidate, number, string[]]>([
    ['are asked first', person('alice', { freeSince: 9 }), NOW + 1, ['i1→alice']],
    ['are waited for while busy', person('alice', busy), NOW + 1, []],
    ['are not waited for when their time is over', person('alice', busy), NOW, ['i1→bob']],
    ['are not waited for when not connected', person('alice', offline), NOW + 1, ['i1→bob']],
    ['are not waited for when away', person('alice', away), NOW + 1, ['i1→bob']],
    ['still go first when their time is over', person('alice', { freeSince: 9 }), NOW - 1, ['i1→alice']],
  ])('[RT2] %s', (_, alice, until, expected) => {
    expect(offers([preferring(until)], [alice, person('bob')])).toEqual(expected);
  });

  it('[RT2] who declined are not waited for', () => {
    const declined = { ...preferring(NOW + 1), declinedBy: ['alice'] };
    expect(offers([declined], [person('alice'), person('bob')])).toEqual(['i1→bob']);
  });

  it('[RT2] need not belong to the queue', () => {
    const visit = { ...preferring(NOW + 1), queueId: 'video' };
    expect(offers([visit], [person('alice'), person('bob', { skills: ['video'] })])).toEqual(['i1→alice']);
  });
});

describe('the order', () => {
  it('[RT3] is priority, then arrival, then id', () => {
    const line = [waits('late', 3), waits('b', 1), waits('a', 1), waits('urgent', 9, { priority: 1 })];
    const four = ['p', 'q', 'r', 's'].map((id, n) => person(id, { freeSince: n }));
    expect(offers(line, four)).toEqual(['urgent→p', 'a→q', 'b→r', 'late→s']);
  });

  it('[RT3] lets nobody pass who could be offered to the same agent', () => {
    const line = [waits('second', 2), waits('first', 1)];
    expect(offers(line, [person('alice')])).toEqual(['first→alice']);
  });

  it('[RT3] does not hold up those whom the free agents can help', () => {
    const line = [waits('visit', 1, { queueId: 'video' }), waits('help', 2)];
    expect(offers(line, [person('alice')])).toEqual(['help→alice']);
  });

  it('[RT4] of the agents is who has been free longest', () => {
    const agents = [
      person('alice', { freeSince: 5 }),
      person('bob', { freeSince: 3 }),
      person('cem', { freeSince: 3 }),
    ];
    expect(offers([waits('i1', 1)], agents)).toEqual(['i1→bob']);
  });
});

describe('who may be asked', () => {
  it('[RT5] has all skills of the queue', () => {
    const visit = [waits('visit', 1, { queueId: 'video' })];
    expect(offers(visit, [person('alice', { skills: ['chat'] })])).toEqual([]);
    expect(offers(visit, [person('alice', { skills: ['chat', 'video'] })])).toEqual(['visit→alice']);
  });

  it('[RT5] is anyone where the queue was taken away meanwhile', () => {
    expect(offers([waits('i1', 1, { queueId: 'gone' })], [person('alice')])).toEqual(['i1→alice']);
  });

  it.each<[string, Candidate, string[]]>([
    ['while another is free', person('bob'), ['i1→bob']],
    ['while another is busy but will be back', person('bob', busy), []],
    ['when the other is away', person('bob', away), ['i1→alice']],
    ['when the other is not connected', person('bob', offline), ['i1→alice']],
  ])('[RT5] who declined is or is not asked again: %s', (_, bob, expected) => {
    const declined = waits('i1', 1, { declinedBy: ['alice'], askAgainAt: NOW });
    expect(offers([declined], [person('alice'), bob])).toEqual(expected);
  });

  it('[RT5] when all declined they are asked again after a while of peace', () => {
    const declined = waits('i1', 1, { declinedBy: ['alice', 'bob'], askAgainAt: NOW });
    const both = [person('alice', { freeSince: 2 }), person('bob', { freeSince: 1 })];
    expect(offers([declined], both, NOW - 1)).toEqual([]);
    expect(offers([declined], both, NOW)).toEqual(['i1→bob']);
  });
});

describe('any line and any agents', () => {
  const ids = ['alice', 'bob', 'cem', 'dee'];
  const candidates = fc.tuple(
    ...ids.map((id) =>
      fc
        .record({
          video: fc.boolean(),
          state: fc.constantFrom('free', 'busy', 'away', 'offline'),
          freeSince: fc.nat(3),
        })
        .map(({ video: canSee, state, freeSince }) =>
          person(id, {
            skills: canSee ? ['video'] : [],
            freeSince,
            ...(state === 'busy' ? busy : state === 'away' ? away : state === 'offline' ? offline : {}),
          }),
        ),
    ),
  );
  const waiting = fc.uniqueArray(
    fc.record({
      interactionId: fc.constantFrom('i1', 'i2', 'i3', 'i4', 'i5', 'i6'),
      queueId: fc.constantFrom('help', 'video'),
      priority: fc.nat(1),
      arrivedAt: fc.nat(3),
      preferredAgentIds: fc.subarray(ids),
      preferredUntil: fc.constantFrom(null, NOW - 1, NOW + 1),
      declinedBy: fc.subarray(ids),
      askAgainAt: fc.constantFrom(null, NOW - 1, NOW + 1),
    }),
    { selector: (one) => one.interactionId },
  );

  it('[RT3] nobody is overtaken, nobody asked twice, nobody free left beside somebody they could help', () => {
    fc.assert(
      fc.property(waiting, candidates, (line, agents) => {
        const made = nextOffers(line, agents, queues, NOW);
        expect(new Set(made.map((offer) => offer.agentId)).size).toBe(made.length);
        expect(new Set(made.map((offer) => offer.interactionId)).size).toBe(made.length);
        const could = (one: Waiting, agent: Candidate) =>
          nextOffers(
            [one],
            agents.map((other) => (other === agent ? other : { ...other, free: false })),
            queues,
            NOW,
          ).length > 0;
        for (const agent of agents.filter((one) => one.free)) {
          const got = line.find((one) =>
            made.some((offer) => offer.agentId === agent.agentId && offer.interactionId === one.interactionId),
          );
          const left = line.filter((one) => !made.some((offer) => offer.interactionId === one.interactionId));
          for (const other of left.filter((one) => could(one, agent))) {
            expect(got, `${agent.agentId} is idle beside ${other.interactionId}`).toBeDefined();
            expect(inOrder(got!, other), `${other.interactionId} was overtaken`).toBeLessThan(0);
          }
          if (got && !got.preferredAgentIds.includes(agent.agentId)) {
            expect(
              belongsTo(
                agent,
                queues.find((queue) => queue.id === got.queueId)!,
              ),
            ).toBe(true);
          }
        }
        expect(nextOffers([...line].reverse(), [...agents].reverse(), queues, NOW)).toEqual(made);
      }),
      { numRuns: 500 },
    );
  });
});
