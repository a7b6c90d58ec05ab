import { describe, expect, it } from 'vitest';
import type { ViewerCommand } from '../../../src/interaction/command.ts';
import type { Interaction } from '../../../src/interaction/interaction.ts';
import {
  agent,
  alice,
  at,
  bob,
  fromAlice,
  match,
  requested,
  after,
  say,
  service,
  stalled,
  stateOf,
  statusOf,
  taken,
  T0,
  TIMES,
  viewer,
  weakWifi,
} from './story.ts';

const answer = (taskId: string, word: 'works' | 'stillNot' | 'cannot') =>
  viewer({ type: 'answerTask', taskId, answer: word });
const report = (taskId: string, result: 'verified' | 'failed' | 'unavailable') =>
  viewer({ type: 'reportCheck', taskId, result, evidence: 'The network answered in 40 ms' });
const unchanged = (interaction: Interaction) => ({ ok: true, next: interaction, events: [], effects: [] });
const closed = (how: 'verified' | 'claimed', taskId: string) => ({
  type: 'closureOffered',
  taskId,
  how,
  expiresAt: T0 + TIMES.closureMs,
});

describe('a task', () => {
  it.each<[string, ViewerCommand]>([
    ['that is not there', { type: 'answerTask', taskId: 'nothing', answer: 'works' }],
    ['that is a question, answered as something done', { type: 'answerTask', taskId: 'lights', answer: 'works' }],
    ['that is something to do, answered as a question', { type: 'answerQuestion', taskId: 'restart', choice: 'Red' }],
    ['with an answer it does not have', { type: 'answerQuestion', taskId: 'lights', choice: 'Blue' }],
    ['without a check, reported on', { type: 'reportCheck', taskId: 'restart', result: 'verified', evidence: '' }],
  ])('[IX10] %s is refused', (_, command) => {
    expect(say(at.queued(), viewer(command))).toMatchObject({ ok: false, refusal: { code: 'badReference' } });
  });

  it('[IX10] that was taken back is refused', () => {
    const withdrawn = taken(at.active(), agent(alice, { type: 'withdrawTask', taskId: 'unplug' })).next;
    expect(statusOf(withdrawn, 'unplug')).toBe('withdrawn');
    for (const late of [answer('unplug', 'works'), report('unplug', 'verified')]) {
      expect(say(withdrawn, late)).toMatchObject({ ok: false, refusal: { code: 'badReference' } });
    }
  });

  it.each([
    ['it works, to be checked', answer('unplug', 'works')],
    ['it works', answer('restart', 'works')],
    ['it does not', answer('restart', 'stillNot')],
    ['I cannot', answer('unplug', 'cannot')],
    ['a choice', viewer({ type: 'answerQuestion', taskId: 'lights', choice: 'Red' })],
  ])('[IX10] answered the same again changes nothing: %s', (_, command) => {
    const once = taken(at.active(), command).next;
    expect(taken(once, command)).toEqual(unchanged(once));
  });

  it('[IX10] changes by its last answer', () => {
    const red = taken(at.queued(), viewer({ type: 'answerQuestion', taskId: 'lights', choice: 'Red' })).next;
    const { events } = taken(red, viewer({ type: 'answerQuestion', taskId: 'lights', choice: 'Green' }));
    expect(events).toEqual([{ type: 'taskChanged', taskId: 'lights', status: 'answered', choice: 'Green' }]);
  });

  it.each([
    ['wrapUp', 'wrongState'],
    ['closed', 'ended'],
    ['abandoned', 'ended'],
  ] as const)('[IX10] when %s is told that it is over', (kind, code) => {
    expect(say(at[kind](), answer('restart', 'works'))).toMatchObject({ ok: false, refusal: { code } });
  });

  it('[IX10] of a diagnosis has an id of its own', () => {
    const again = { ...fromAlice, tasks: [{ id: 'unplug', title: 'Unplug it again' }] };
    const command = agent(alice, { type: 'sendDiagnosis', diagnosis: again });
    expect(say(at.active(), command)).toMatchObject({ ok: false, refusal: { code: 'badReference' } });
  });
});

describe('what the viewer says and what the TV saw', () => {
  it('[IX11] with a check, "it works now" is checked first', () => {
    const { next, events, effects } = taken(at.queued(), answer('unplug', 'works'));
    expect(next.state.kind).toBe('queued');
    expect(events).toEqual([{ type: 'taskChanged', taskId: 'unplug', status: 'checking' }]);
    expect(effects).toEqual([]);
  });

  it.each([
    ['verified', 'verified', 'selfService'],
    ['failed', 'failed', 'queued'],
    ['unavailable', 'claimed', 'selfService'],
  ] as const)('[IX11] the check reports %s: the task is %s', (result, status, kind) => {
    const checking = taken(at.queued(), answer('unplug', 'works')).next;
    const { next, events } = taken(checking, report('unplug', result));
    const evidence = 'The network answered in 40 ms';
    expect(next.tasks[0]).toEqual({ taskId: 'unplug', diagnosisId: 'weak-wifi', status, evidence, at: T0 });
    expect(events[0]).toEqual({ type: 'taskChanged', taskId: 'unplug', status, evidence });
    expect(next.state.kind).toBe(kind);
    expect(taken(next, report('unplug', result))).toEqual(unchanged(next));
  });

  it('[IX11] without a check, "it works now" is claimed at once', () => {
    expect(statusOf(taken(at.queued(), answer('restart', 'works')).next, 'restart')).toBe('claimed');
  });

  it('[IX11] a report that comes after the viewer said otherwise changes nothing', () => {
    const checking = taken(at.queued(), answer('unplug', 'works')).next;
    const said = taken(checking, answer('unplug', 'stillNot')).next;
    expect(statusOf(said, 'unplug')).toBe('notHelped');
    expect(taken(said, report('unplug', 'verified'))).toEqual(unchanged(said));
  });

  it('[IX11] a report in wrap-up still tells the agent, and offers nothing', () => {
    const checking = taken(at.active(), answer('unplug', 'works')).next;
    const ended = taken(checking, agent(alice, { type: 'end' })).next;
    const { next, events, effects } = taken(ended, report('unplug', 'verified'));
    expect(next.state).toBe(ended.state);
    expect(events.map((event) => event.type)).toEqual(['taskChanged']);
    expect(effects).toEqual([]);
  });
});

describe('a fix', () => {
  it.each(['selfService', 'queued'] as const)('[IX12] offers closure when %s, the place held', (kind) => {
    const before = at[kind]();
    const { next, events, effects } = taken(before, answer('restart', 'works'));
    expect(next.state).toEqual({
      kind: 'selfService',
      closure: {
        taskId: 'restart',
        how: 'claimed',
        heldPlace: 'place' in before.state ? before.state.place : null,
        declinedBy: [],
        expiresAt: T0 + TIMES.closureMs,
      },
    });
    expect(events.at(-1)).toEqual(closed('claimed', 'restart'));
    expect(effects).toEqual([
      { type: 'setTimer', timer: 'closure', at: T0 + TIMES.closureMs, then: { type: 'closureExpired' } },
    ]);
  });

  it('[IX12] ends a standing offer and releases its agent', () => {
    const checking = taken(at.offered(), answer('unplug', 'works')).next;
    const { next, events, effects } = taken(checking, report('unplug', 'verified'));
    expect(stateOf(next, 'selfService').closure).toMatchObject({
      how: 'verified',
      heldPlace: stateOf(checking, 'offered').place,
    });
    expect(events.slice(1)).toEqual([
      { type: 'offerEnded', offerId: 'offer-alice', agentId: 'alice', why: 'fixed' },
      closed('verified', 'unplug'),
    ]);
    expect(effects).toEqual([
      { type: 'agent', agent: alice, change: 'released' },
      { type: 'cancelTimer', timer: 'offer' },
      { type: 'setTimer', timer: 'closure', at: T0 + TIMES.closureMs, then: { type: 'closureExpired' } },
    ]);
    expect(say(next, agent(alice, { type: 'accept', offerId: 'offer-alice' }))).toMatchObject({
      ok: false,
      refusal: { code: 'badReference' },
    });
  });

  it('[IX12] within a talk is told, and the talk goes on', () => {
    const { next, events, effects } = taken(at.active(), answer('restart', 'works'));
    expect(stateOf(next, 'active').closure).toMatchObject({ taskId: 'restart', how: 'claimed', heldPlace: null });
    expect(events.at(-1)).toEqual(closed('claimed', 'restart'));
    expect(effects).toEqual([]);
  });

  it.each(['fixed', 'active'] as const)('[IX12] that is verified takes the place of a claimed one (%s)', (kind) => {
    const claimed = kind === 'fixed' ? at.fixed() : taken(at.active(), answer('restart', 'works')).next;
    const checking = taken(claimed, answer('unplug', 'works')).next;
    const verified = taken(checking, report('unplug', 'verified'), T0 + 10);
    expect(verified.events.at(-1)).toMatchObject({ type: 'closureOffered', taskId: 'unplug', how: 'verified' });
    const before = claimed.state.kind === 'selfService' ? claimed.state.closure : null;
    if (verified.next.state.kind === 'selfService') {
      expect(verified.next.state.closure?.heldPlace).toEqual(before?.heldPlace);
      const then = { type: 'closureExpired' };
      expect(verified.effects).toEqual([{ type: 'setTimer', timer: 'closure', at: T0 + 10 + TIMES.closureMs, then }]);
    }
    // And not the other way about.
    const cable = agent(alice, { type: 'sendDiagnosis', diagnosis: fromAlice });
    if (kind === 'active') {
      const more = taken(taken(verified.next, cable).next, answer('cable', 'works'));
      expect(more.events.map((event) => event.type)).toEqual(['taskChanged']);
    }
  });

  it.each([
    ['verified', 'fixedVerified'],
    ['unavailable', 'fixedClaimed'],
  ] as const)('[IX13] %s and confirmed closes as %s', (result, disposition) => {
    const checking = taken(at.selfService(), answer('unplug', 'works')).next;
    const offered = taken(checking, report('unplug', result)).next;
    const { next, events, effects } = taken(offered, viewer({ type: 'confirmFixed' }));
    expect(next.state).toEqual({ kind: 'closed', closedAt: T0, disposition, by: 'viewer', agent: null });
    expect(events).toEqual([{ type: 'closed', by: 'viewer', disposition, note: '' }]);
    expect(effects).toEqual([{ type: 'cancelTimer', timer: 'closure' }]);
    expect(taken(next, viewer({ type: 'confirmFixed' }))).toEqual(unchanged(next));
  });

  it('[IX13] with no answer closes as fixed when its time is over', () => {
    const { next, events } = taken(at.fixed(), service({ type: 'closureExpired' }), T0 + TIMES.closureMs);
    expect(next.state).toMatchObject({ kind: 'closed', disposition: 'fixedClaimed', by: 'service' });
    expect(events).toHaveLength(1);
  });

  it('[IX13] is not closed by a timer that comes too early: it is set again', () => {
    const fixed = at.fixed();
    const { next, events, effects } = taken(fixed, service({ type: 'closureExpired' }), T0 + 1);
    expect(next).toBe(fixed);
    expect(events).toEqual([]);
    expect(effects).toEqual([
      { type: 'setTimer', timer: 'closure', at: T0 + TIMES.closureMs, then: { type: 'closureExpired' } },
    ]);
  });

  it('[IX13] confirmed within a talk leads to wrap-up with the fix noted; silence does not', () => {
    const told = taken(at.active(), answer('restart', 'works')).next;
    expect(taken(told, service({ type: 'closureExpired' }), T0 + TIMES.closureMs)).toEqual(unchanged(told));
    const { next, events, effects } = taken(told, viewer({ type: 'confirmFixed' }));
    expect(stateOf(next, 'wrapUp')).toEqual({
      kind: 'wrapUp',
      agent: alice,
      endedAt: T0,
      endedBy: 'viewer',
      fix: 'claimed',
    });
    expect(events).toEqual([{ type: 'ended', by: 'viewer', fix: 'claimed' }]);
    expect(effects).toEqual([{ type: 'agent', agent: alice, change: 'wrapUp' }]);
    expect(taken(next, viewer({ type: 'confirmFixed' }))).toEqual(unchanged(next));
  });

  it.each(['selfService', 'queued', 'offered', 'invited', 'active', 'wrapUp'] as const)(
    '[IX13] that nobody offered cannot be confirmed (%s)',
    (kind) => {
      expect(say(at[kind](), viewer({ type: 'confirmFixed' }))).toMatchObject({
        ok: false,
        refusal: { code: 'wrongState' },
      });
    },
  );
});

describe('still needing help', () => {
  it('[IX14] takes the held place again', () => {
    const fixed = at.fixed();
    const { next, events, effects } = taken(fixed, viewer({ type: 'stillNeedHelp' }), T0 + 20);
    expect(stateOf(next, 'queued').place).toEqual(stateOf(fixed, 'selfService').closure?.heldPlace);
    expect(events).toEqual([
      { type: 'closureDeclined' },
      { type: 'queued', match, priority: 0, arrivedAt: T0, why: 'stillNeedsHelp' },
    ]);
    expect(effects).toEqual([{ type: 'cancelTimer', timer: 'closure' }, { type: 'route' }]);
  });

  it('[IX14] joins the line where there was no place', () => {
    const fixed = taken(at.selfService(), answer('restart', 'works')).next;
    const { next, events, effects } = taken(fixed, viewer({ type: 'stillNeedHelp' }));
    expect(next.state).toEqual({ kind: 'selfService', closure: null });
    expect(events).toEqual([{ type: 'closureDeclined' }]);
    expect(effects).toEqual([{ type: 'cancelTimer', timer: 'closure' }, { type: 'match' }]);
    expect(taken(at.selfService(), viewer({ type: 'stillNeedHelp' })).effects).toEqual([{ type: 'match' }]);
  });

  it('[IX14] within a talk goes on with the talk', () => {
    const told = taken(at.active(), answer('restart', 'works')).next;
    const { next, events } = taken(told, viewer({ type: 'stillNeedHelp' }));
    expect(stateOf(next, 'active').closure).toBeNull();
    expect(events).toEqual([{ type: 'closureDeclined' }]);
    expect(taken(next, viewer({ type: 'stillNeedHelp' }))).toEqual(unchanged(next));
    // The same task may help in the end.
    expect(taken(next, answer('restart', 'works')).events.at(-1)).toMatchObject({ type: 'closureOffered' });
  });

  it.each(['stillNot', 'cannot'] as const)('[IX14] is also said by "%s" to the task that had helped', (word) => {
    const { next, events } = taken(at.fixed(), answer('restart', word));
    expect(events.map((event) => event.type)).toEqual(['taskChanged', 'closureDeclined', 'queued']);
    expect(stateOf(next, 'queued').place.arrivedAt).toBe(T0);
  });

  it('[IX14] after the end is told to ask anew', () => {
    expect(say(at.wrapUp(), viewer({ type: 'stillNeedHelp' }))).toMatchObject({
      ok: false,
      refusal: { code: 'wrongState' },
    });
  });
});

describe('what an agent sends', () => {
  const send = (diagnosis = fromAlice) => agent(alice, { type: 'sendDiagnosis', diagnosis });

  it('[IX15] adds to what was there', () => {
    const { next, events } = taken(at.active(), send());
    expect(next.diagnoses).toEqual([weakWifi, fromAlice]);
    expect(next.tasks.map((task) => task.taskId)).toEqual(['unplug', 'restart', 'lights', 'cable']);
    expect(events).toEqual([{ type: 'diagnosisGiven', diagnosis: fromAlice }]);
    expect(taken(next, send())).toEqual(unchanged(next));
  });

  it('[IX15] may be an explanation alone, but not nothing', () => {
    expect(taken(at.active(), send({ ...fromAlice, tasks: [] })).events).toHaveLength(1);
    const nothing = send({ ...fromAlice, explanation: ' ', tasks: [] });
    expect(say(at.active(), nothing)).toMatchObject({ ok: false, refusal: { code: 'badReference' } });
  });

  it.each(['offered', 'invited', 'wrapUp'] as const)('[IX15] is refused when %s', (kind) => {
    expect(say(at[kind](), send())).toMatchObject({ ok: false, refusal: { code: 'wrongState' } });
  });

  it('[IX15] is taken back while nobody has answered', () => {
    const withdraw = agent(alice, { type: 'withdrawTask', taskId: 'restart' });
    const { next, events } = taken(at.active(), withdraw);
    expect(events).toEqual([{ type: 'taskChanged', taskId: 'restart', status: 'withdrawn' }]);
    expect(taken(next, withdraw)).toEqual(unchanged(next));
    const answered = taken(at.active(), answer('restart', 'stillNot')).next;
    expect(say(answered, withdraw)).toMatchObject({ ok: false, refusal: { code: 'wrongState' } });
    const unknown = agent(alice, { type: 'withdrawTask', taskId: 'nothing' });
    expect(say(at.active(), unknown)).toMatchObject({ ok: false, refusal: { code: 'badReference' } });
  });

  it('[IX15] of others is refused', () => {
    const other = agent(bob, { type: 'sendDiagnosis', diagnosis: fromAlice });
    expect(say(at.active(), other)).toMatchObject({ ok: false, refusal: { code: 'notYours' } });
  });
});

describe('new information', () => {
  const screen = { path: ['Player', 'Help'], focused: null, recentActions: [] };
  const drm = { ...stalled, code: 'drm:licence', title: 'This title cannot be shown' };

  it.each(['selfService', 'fixed', 'queued', 'offered', 'active'] as const)(
    '[IX16] is taken when %s; the request keeps what was first told',
    (kind) => {
      const before = at[kind]();
      const { next, events, effects } = taken(before, viewer({ type: 'update', screen }));
      expect(next).toBe(before);
      expect(events).toEqual([{ type: 'updated', screen }]);
      expect(effects).toEqual([]);
    },
  );

  it('[IX16] with nothing in it changes nothing, and is refused after the talk', () => {
    const before = at.queued();
    expect(taken(before, viewer({ type: 'update' }))).toEqual(unchanged(before));
    expect(say(at.wrapUp(), viewer({ type: 'update', screen }))).toMatchObject({
      ok: false,
      refusal: { code: 'wrongState' },
    });
  });

  it.each(['selfService', 'queued', 'offered'] as const)('[IX16] of a new fault is looked up when %s', (kind) => {
    const { effects } = taken(at[kind](), viewer({ type: 'update', fault: drm }));
    expect(effects).toEqual([{ type: 'diagnose', fault: drm, model: 'X40', firmware: '4.2.1' }]);
  });

  it('[IX16] that the fault is gone is told, and looks nothing up', () => {
    const { next, events, effects } = taken(at.queued(), viewer({ type: 'update', fault: null }));
    expect(events).toEqual([{ type: 'updated', fault: null }]);
    expect(effects).toEqual([]);
    expect(next.request.fault).toEqual(stalled);
  });

  it('[IX16] of the same fault, or with an agent there, is not looked up', () => {
    expect(taken(at.queued(), viewer({ type: 'update', fault: stalled })).effects).toEqual([]);
    expect(taken(at.active(), viewer({ type: 'update', fault: drm })).effects).toEqual([]);
    const helped = after(requested, service({ type: 'diagnosisFound', diagnosis: weakWifi, unattended: true }));
    expect(taken(helped, viewer({ type: 'update', fault: stalled })).effects).toEqual([]);
  });
});
