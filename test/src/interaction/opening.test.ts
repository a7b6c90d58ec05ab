import { describe, expect, it } from 'vitest';
import {
  after,
  agent,
  alice,
  at,
  bob,
  invitation,
  match,
  request,
  requested,
  say,
  service,
  stalled,
  stateOf,
  taken,
  T0,
  TIMES,
  viewer,
  weakWifi,
} from './story.ts';

const found = (unattended: boolean) => service({ type: 'diagnosisFound', diagnosis: weakWifi, unattended });
const notFound = service({ type: 'diagnosisNotFound' });

describe('a request', () => {
  it('[IX1] opens in self-service and asks for a diagnosis of its fault', () => {
    const { next, events, effects } = taken(null, requested);
    expect(next).toMatchObject({ id: 'i1', centreId: 'c1', origin: 'viewer', openedAt: T0, tvLostAt: null, request });
    expect(next.state).toEqual({ kind: 'selfService', closure: null });
    expect(events).toEqual([{ type: 'requested', tv: next.tv, request, origin: 'viewer' }]);
    expect(effects).toEqual([{ type: 'diagnose', fault: stalled, model: 'X40', firmware: '4.2.1' }]);
  });

  it.each(Object.entries(at))('[IX1] again for one that is %s changes nothing', (_, make) => {
    const before = make();
    for (const again of [requested, invitation]) {
      expect(say(before, again)).toEqual({ ok: true, next: before, events: [], effects: [] });
    }
  });

  it.each([viewer({ type: 'leave' }), agent(alice, { type: 'end' }), service({ type: 'matched', match })])(
    '[IX1] must come first: $command.type has nothing to be said to',
    (command) => {
      expect(say(null, command)).toMatchObject({ ok: false, refusal: { code: 'notFound' } });
    },
  );
});

describe('a diagnosis', () => {
  it('[IX2] that needs no human stays in self-service', () => {
    const { next, events, effects } = taken(after(requested), found(true));
    expect(next.state.kind).toBe('selfService');
    expect(next.tasks.map((task) => task.status)).toEqual(['todo', 'todo', 'todo']);
    expect(events).toEqual([{ type: 'diagnosisGiven', diagnosis: weakWifi }]);
    expect(effects).toEqual([]);
  });

  it.each([
    ['that needs a human', found(false)],
    ['that is not there', notFound],
  ])('[IX2] %s goes on to be matched', (_, command) => {
    expect(taken(after(requested), command).effects).toEqual([{ type: 'match' }]);
  });

  it('[IX2] found late adds its tasks while waiting, and the place is kept', () => {
    const waiting = after(requested, notFound, service({ type: 'matched', match }));
    const { next, effects } = taken(waiting, found(false));
    expect(next.state).toBe(waiting.state);
    expect(next.tasks).toHaveLength(3);
    expect(effects).toEqual([]);
  });

  it('[IX2] of the same entry is given once', () => {
    const before = at.queued();
    const again = service({ type: 'diagnosisFound', diagnosis: { ...weakWifi, id: 'other' }, unattended: false });
    expect(taken(before, again)).toEqual({ ok: true, next: before, events: [], effects: [] });
  });

  it.each([notFound, found(false)])('[IX2] ($command.type) leaves a fix alone that waits for a word', (command) => {
    const fixed = after(requested, found(true), viewer({ type: 'answerTask', taskId: 'restart', answer: 'works' }));
    expect(taken(fixed, command)).toEqual({ ok: true, next: fixed, events: [], effects: [] });
  });

  it('[IX2] whose last task did not help goes on to be matched: nobody is stranded', () => {
    const tried = after(
      requested,
      found(true),
      viewer({ type: 'answerTask', taskId: 'unplug', answer: 'works' }),
      viewer({ type: 'reportCheck', taskId: 'unplug', result: 'failed', evidence: 'No answer from the network' }),
      viewer({ type: 'answerTask', taskId: 'restart', answer: 'cannot' }),
    );
    const { effects } = taken(tried, viewer({ type: 'answerQuestion', taskId: 'lights', choice: 'Red' }));
    expect(effects).toEqual([{ type: 'match' }]);
  });
});

describe('asking for a person', () => {
  it('[IX3] joins the line from self-service', () => {
    const { next, effects } = taken(at.selfService(), viewer({ type: 'askForPerson' }));
    expect(effects).toEqual([{ type: 'match' }]);
    expect(taken(next, service({ type: 'matched', match })).next.state.kind).toBe('queued');
  });

  it('[IX3] takes the held place again when a fix did not hold', () => {
    const fixed = at.fixed();
    const { next } = taken(fixed, viewer({ type: 'askForPerson' }), T0 + 5);
    expect(stateOf(next, 'queued').place).toEqual(stateOf(fixed, 'selfService').closure?.heldPlace);
  });

  it.each(['queued', 'offered', 'invited', 'active', 'wrapUp'] as const)('[IX3] changes nothing when %s', (kind) => {
    const before = at[kind]();
    expect(taken(before, viewer({ type: 'askForPerson' }))).toEqual({
      ok: true,
      next: before,
      events: [],
      effects: [],
    });
  });
});

describe('an invitation', () => {
  it('[IX4] opens in invited, keeps the agent busy, and waits for a while', () => {
    const { next, events, effects } = taken(null, invitation);
    expect(next.origin).toBe('agent');
    expect(stateOf(next, 'invited')).toMatchObject({ agent: alice, expiresAt: T0 + 45_000 });
    expect(events.map((event) => event.type)).toEqual(['requested', 'invited']);
    expect(effects).toEqual([
      { type: 'agent', agent: alice, change: 'inviting' },
      { type: 'setTimer', timer: 'invitation', at: T0 + 45_000, then: { type: 'invitationExpired' } },
    ]);
  });

  it('[IX4] to a TV that is not connected is refused', () => {
    const away = { ...invitation.command, tvConnected: false } as Parameters<typeof service>[0];
    const result = say(null, service(away));
    expect(result).toMatchObject({ ok: false, refusal: { code: 'wrongState' } });
    expect(!result.ok && result.refusal.message).toContain('Living room TV is not connected');
  });

  it('[IX4] accepted begins the talk', () => {
    const { next, events, effects } = taken(at.invited(), viewer({ type: 'acceptInvitation' }), T0 + 9);
    expect(stateOf(next, 'active')).toMatchObject({ agent: alice, since: T0 + 9, closure: null });
    expect(events).toEqual([{ type: 'accepted', agent: alice }]);
    expect(effects).toEqual([
      { type: 'agent', agent: alice, change: 'engaged' },
      { type: 'cancelTimer', timer: 'invitation' },
    ]);
    expect(taken(next, viewer({ type: 'acceptInvitation' }), T0 + 10).events).toEqual([]);
  });

  it.each([
    ['invitationDeclined', viewer({ type: 'declineInvitation' })],
    ['invitationUnanswered', service({ type: 'invitationExpired' })],
    ['agentLost', service({ type: 'agentLost', agentId: 'alice' })],
    ['left', viewer({ type: 'leave' })],
    ['invitationWithdrawn', agent(alice, { type: 'end' })],
  ])('[IX4] abandoned as %s releases the agent', (reason, command) => {
    const { next, events, effects } = taken(at.invited(), command);
    expect(next.state).toEqual({ kind: 'abandoned', at: T0, reason });
    expect(events).toEqual([{ type: 'abandoned', reason }]);
    expect(effects).toEqual([
      { type: 'agent', agent: alice, change: 'released' },
      { type: 'cancelTimer', timer: 'invitation' },
    ]);
  });

  it('[IX4] shows nothing of the TV before the answer', () => {
    const news = viewer({ type: 'update', screen: { path: ['Player'], focused: null, recentActions: [] } });
    expect(say(at.invited(), news)).toMatchObject({ ok: false, refusal: { code: 'wrongState' } });
  });

  it('[IX4] that was not made cannot be answered', () => {
    for (const type of ['acceptInvitation', 'declineInvitation'] as const) {
      expect(say(at.queued(), viewer({ type }))).toMatchObject({ ok: false, refusal: { code: 'wrongState' } });
    }
  });

  it('[IX4] answered too late is told that it is over', () => {
    const over = taken(at.invited(), service({ type: 'invitationExpired' })).next;
    expect(say(over, viewer({ type: 'acceptInvitation' }))).toMatchObject({ ok: false, refusal: { code: 'ended' } });
    expect(taken(at.active(), service({ type: 'invitationExpired' })).events).toEqual([]);
  });

  it('[IX4] that became a talk leads back to a place in the line when its agent is lost', () => {
    const talk = taken(at.invited(), viewer({ type: 'acceptInvitation' }), T0 + 9).next;
    const { next } = taken(talk, service({ type: 'agentLost', agentId: 'alice' }), T0 + TIMES.absenceMs);
    expect(stateOf(next, 'queued').place.arrivedAt).toBe(T0);
    expect(taken(talk, service({ type: 'agentLost', agentId: bob.agentId })).events).toEqual([]);
  });
});
