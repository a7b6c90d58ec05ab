import { describe, expect, it } from 'vitest';
import {
  accepts,
  after,
  alice,
  at,
  bob,
  agent,
  declines,
  match,
  offerTo,
  requested,
  say,
  service,
  stateOf,
  taken,
  T0,
  viewer,
} from './story.ts';

const matched = service({ type: 'matched', match });
const joins = [requested, service({ type: 'diagnosisNotFound' })];

describe('joining the line', () => {
  it('[IX5] records the match with its reason, and looks for an agent', () => {
    const { next, events, effects } = taken(after(...joins), matched, T0 + 7);
    const place = { match, priority: 0, arrivedAt: T0 + 7 };
    expect(next.state).toEqual({ kind: 'queued', place, declinedBy: [], askAgainAt: null });
    expect(events).toEqual([{ type: 'queued', ...place, why: 'joined' }]);
    expect(effects).toEqual([{ type: 'route' }]);
  });

  it('[IX5] with preferred agents sets the moment from which anyone may be asked', () => {
    const preferring = { ...match, preferredAgentIds: ['alice'], preferredUntil: T0 + 60_000 };
    const { next, effects } = taken(after(...joins), service({ type: 'matched', match: preferring }));
    expect(effects).toEqual([
      { type: 'setTimer', timer: 'preferred', at: T0 + 60_000, then: { type: 'preferenceExpired' } },
      { type: 'route' },
    ]);
    expect(taken(next, service({ type: 'preferenceExpired' }))).toMatchObject({
      next,
      events: [],
      effects: [{ type: 'route' }],
    });
    const talk = after(...joins, service({ type: 'matched', match: preferring }), offerTo(alice));
    expect(taken(talk, accepts(alice)).effects).toContainEqual({ type: 'cancelTimer', timer: 'preferred' });
  });

  it.each(['queued', 'offered', 'invited', 'active', 'wrapUp', 'fixed'] as const)(
    '[IX5] a match that comes late changes nothing when %s',
    (kind) => {
      const before = at[kind]();
      expect(taken(before, matched)).toEqual({ ok: true, next: before, events: [], effects: [] });
    },
  );
});

describe('the place in the line', () => {
  it.each([
    ['a declined offer', 'declined', [declines(alice)]],
    ['an expired offer', 'offerExpired', [service({ type: 'offerExpired', offerId: 'offer-alice' })]],
    ['an agent lost while offered', 'agentLost', [service({ type: 'agentLost', agentId: 'alice' })]],
    ['an agent lost while talking', 'agentLost', [accepts(alice), service({ type: 'agentLost', agentId: 'alice' })]],
    [
      'a fix that did not hold',
      'stillNeedsHelp',
      [viewer({ type: 'answerTask', taskId: 'restart', answer: 'works' }), viewer({ type: 'stillNeedHelp' })],
    ],
  ])('[IX6] is the same after %s', (_, why, commands) => {
    const before = at.offered();
    const later = commands.reduce(
      (interaction, command, n) => taken(interaction, command, T0 + 1000 * (n + 1)).next,
      before,
    );
    expect(stateOf(later, 'queued').place).toEqual(stateOf(before, 'offered').place);
    const last = taken(
      commands.slice(0, -1).reduce((interaction, command) => taken(interaction, command).next, before),
      commands.at(-1)!,
    );
    expect(last.events.at(-1)).toEqual({ type: 'queued', match, priority: 0, arrivedAt: T0, why });
    expect(last.effects.at(-1)).toEqual({ type: 'route' });
  });
});

describe('an offer', () => {
  it('[IX7] reserves the agent and stands for a while', () => {
    const { next, events, effects } = taken(at.queued(), offerTo(alice));
    const offer = { offerId: 'offer-alice', agent: alice, expiresAt: T0 + 20_000 };
    expect(stateOf(next, 'offered').offer).toEqual({ ...offer, madeAt: T0 });
    expect(events).toEqual([{ type: 'offered', ...offer }]);
    expect(effects).toEqual([
      { type: 'agent', agent: alice, change: 'offered' },
      {
        type: 'setTimer',
        timer: 'offer',
        at: T0 + 20_000,
        then: { type: 'offerExpired', offerId: 'offer-alice' },
      },
    ]);
    expect(taken(next, offerTo(alice))).toMatchObject({ events: [], effects: [] });
  });

  it.each(['selfService', 'fixed', 'offered', 'invited', 'active', 'wrapUp', 'closed', 'abandoned'] as const)(
    '[IX7] is refused when %s, and reserves nobody',
    (kind) => {
      expect(say(at[kind](), offerTo(bob))).toMatchObject({ ok: false });
    },
  );

  it('[IX7] to one who declined begins a new round', () => {
    const declined = after(...joins, matched, offerTo(alice), declines(alice));
    expect(stateOf(declined, 'queued').declinedBy).toEqual(['alice']);
    expect(stateOf(taken(declined, offerTo(bob)).next, 'offered').declinedBy).toEqual(['alice']);
    expect(stateOf(taken(declined, offerTo(alice, 'again')).next, 'offered').declinedBy).toEqual([]);
  });

  it('[IX8] accepted begins the talk', () => {
    const { next, events, effects } = taken(at.offered(), accepts(alice), T0 + 4);
    expect(stateOf(next, 'active')).toMatchObject({ agent: alice, since: T0 + 4, closure: null });
    expect(events).toEqual([{ type: 'accepted', agent: alice }]);
    expect(effects).toEqual([
      { type: 'agent', agent: alice, change: 'engaged' },
      { type: 'cancelTimer', timer: 'offer' },
    ]);
    expect(taken(next, accepts(alice))).toMatchObject({ next, events: [], effects: [] });
  });

  it.each([
    ['by another than it stands for', at.offered, agent(bob, { type: 'accept', offerId: 'offer-alice' })],
    ['with the id of another offer', at.offered, agent(alice, { type: 'accept', offerId: 'offer-bob' })],
    ['second of two', at.active, accepts(bob)],
    ['after it expired', at.queued, accepts(alice)],
  ])('[IX8] accepted %s is told that it is gone', (_, make, command) => {
    expect(say(make(), command)).toMatchObject({ ok: false, refusal: { code: 'badReference' } });
  });

  it('[IX8] declined goes back to its place, is routed again, and remembers who declined', () => {
    const { next, events, effects } = taken(at.offered(), declines(alice));
    expect(stateOf(next, 'queued')).toMatchObject({ declinedBy: ['alice'], askAgainAt: T0 + 30_000 });
    expect(events[0]).toEqual({ type: 'offerEnded', offerId: 'offer-alice', agentId: 'alice', why: 'declined' });
    expect(effects).toEqual([
      { type: 'agent', agent: alice, change: 'released' },
      { type: 'cancelTimer', timer: 'offer' },
      { type: 'setTimer', timer: 'decline', at: T0 + 30_000, then: { type: 'declineExpired' } },
      { type: 'route' },
    ]);
    expect(taken(next, service({ type: 'declineExpired' }))).toMatchObject({
      next,
      events: [],
      effects: [{ type: 'route' }],
    });
  });

  it('[IX8] declined before a fix is still declined after it, and those asked have their peace', () => {
    const declined = taken(at.offered(), declines(alice)).next;
    const fixed = taken(declined, viewer({ type: 'answerTask', taskId: 'restart', answer: 'works' }));
    expect(fixed.effects).toContainEqual({ type: 'cancelTimer', timer: 'decline' });
    const { next, effects } = taken(fixed.next, viewer({ type: 'stillNeedHelp' }), T0 + 50);
    expect(stateOf(next, 'queued')).toMatchObject({ declinedBy: ['alice'], askAgainAt: T0 + 50 + 30_000 });
    expect(effects).toContainEqual({
      type: 'setTimer',
      timer: 'decline',
      at: T0 + 50 + 30_000,
      then: { type: 'declineExpired' },
    });
  });

  it('[IX8] that expires does not lengthen the peace of who declined before', () => {
    const second = taken(taken(at.offered(), declines(alice)).next, offerTo(bob)).next;
    const back = taken(second, service({ type: 'offerExpired', offerId: 'offer-bob' }), T0 + 20_000).next;
    expect(stateOf(back, 'queued')).toMatchObject({ declinedBy: ['alice'], askAgainAt: T0 + 30_000 });
  });

  it.each([
    ['by another', at.offered, agent(bob, { type: 'decline', offerId: 'offer-alice' }), 'notYours'],
    ['after accepting', at.active, declines(alice), 'wrongState'],
  ])('[IX8] declined %s is refused', (_, make, command, code) => {
    expect(say(make(), command)).toMatchObject({ ok: false, refusal: { code } });
  });

  it.each(['queued', 'fixed', 'closed', 'abandoned'] as const)(
    '[IX8] declined late, when %s, changes nothing',
    (kind) => {
      const before = at[kind]();
      expect(taken(before, declines(alice))).toEqual({ ok: true, next: before, events: [], effects: [] });
    },
  );

  it.each([
    ['expired', service({ type: 'offerExpired', offerId: 'offer-alice' }), 'missed'],
    ['declined', declines(alice), 'released'],
    ['lost', service({ type: 'agentLost', agentId: 'alice' }), 'released'],
  ])('[IX9] that is %s leaves its agent %s', (_, command, change) => {
    const { effects } = taken(at.offered(), command);
    expect(effects.filter((effect) => effect.type === 'agent')).toEqual([{ type: 'agent', agent: alice, change }]);
  });

  it.each([
    ['another offer', at.offered, service({ type: 'offerExpired', offerId: 'offer-bob' })],
    ['another agent', at.offered, service({ type: 'agentLost', agentId: 'bob' })],
    ['an accepted offer', at.active, service({ type: 'offerExpired', offerId: 'offer-alice' })],
  ])('[IX9] the end of %s changes nothing', (_, make, command) => {
    const before = make();
    expect(taken(before, command)).toEqual({ ok: true, next: before, events: [], effects: [] });
  });
});
