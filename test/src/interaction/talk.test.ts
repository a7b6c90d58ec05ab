import { describe, expect, it } from 'vitest';
import type { AgentCommand } from '../../../src/interaction/command.ts';
import { agent, alice, at, bob, fromAlice, match, say, service, stateOf, taken, T0, TIMES, viewer } from './story.ts';

const works = viewer({ type: 'answerTask', taskId: 'restart', answer: 'works' });
const close = (who = alice) => agent(who, { type: 'close', disposition: 'followUp', note: 'Cable on its way' });
const lost = service({ type: 'agentLost', agentId: 'alice' });

describe('the talk', () => {
  it.each<AgentCommand>([
    { type: 'sendDiagnosis', diagnosis: fromAlice },
    { type: 'withdrawTask', taskId: 'unplug' },
    { type: 'sendMessage', text: 'Hello' },
    { type: 'end' },
    { type: 'close', disposition: 'followUp', note: '' },
  ])('[IX17] $type is for the agent it is with', (command) => {
    const refusals = (['queued', 'active', 'wrapUp', 'offered'] as const).map((kind) =>
      say(at[kind](), agent(bob, command)),
    );
    expect(new Set(refusals.map((result) => JSON.stringify(result))).size).toBe(1);
    expect(refusals[0]).toMatchObject({ ok: false, refusal: { code: 'notYours' } });
  });

  it("[IX17] is heard on the TV under the agent's name", () => {
    const { events } = taken(at.active(), agent(alice, { type: 'sendMessage', text: 'Hello Sam' }));
    expect(events).toEqual([{ type: 'messageSent', from: 'agent', name: 'Alice Moss', text: 'Hello Sam' }]);
    const late = say(at.wrapUp(), agent(alice, { type: 'sendMessage', text: 'Hello Sam' }));
    expect(late).toMatchObject({ ok: false, refusal: { code: 'wrongState' } });
  });

  it("[IX26] the viewer's words reach the agent under the TV's name, in a talk and nowhere else", () => {
    const yes = viewer({ type: 'sendMessage', text: 'Yes' });
    const { next, events, effects } = taken(at.active(), yes);
    expect(events).toEqual([{ type: 'messageSent', from: 'viewer', name: 'Living room TV', text: 'Yes' }]);
    expect([next.state, effects]).toEqual([at.active().state, []]);
    for (const kind of ['selfService', 'queued', 'offered', 'invited', 'wrapUp'] as const) {
      expect(say(at[kind](), yes), kind).toMatchObject({ ok: false, refusal: { code: 'wrongState' } });
    }
  });

  it.each([
    ['agent', agent(alice, { type: 'end' })],
    ['viewer', viewer({ type: 'leave' })],
  ])('[IX18] ended by the %s leads to wrap-up', (by, command) => {
    const { next, events, effects } = taken(at.active(), command, T0 + 8);
    expect(next.state).toEqual({ kind: 'wrapUp', agent: alice, endedAt: T0 + 8, endedBy: by, fix: null });
    expect(events).toEqual([{ type: 'ended', by, fix: null }]);
    expect(effects).toEqual([{ type: 'agent', agent: alice, change: 'wrapUp' }]);
    expect(taken(next, command)).toEqual({ ok: true, next, events: [], effects: [] });
  });

  it('[IX18] that ends while a fix waits for a word notes the fix', () => {
    const { events } = taken(taken(at.active(), works).next, agent(alice, { type: 'end' }));
    expect(events).toEqual([{ type: 'ended', by: 'agent', fix: 'claimed' }]);
  });

  it('[IX18] is closed out of wrap-up with a disposition', () => {
    const { next, events, effects } = taken(at.wrapUp(), close(), T0 + 3);
    expect(next.state).toEqual({
      kind: 'closed',
      closedAt: T0 + 3,
      disposition: 'followUp',
      by: 'agent',
      agent: alice,
    });
    expect(events).toEqual([{ type: 'closed', by: 'agent', disposition: 'followUp', note: 'Cable on its way' }]);
    expect(effects).toEqual([{ type: 'agent', agent: alice, change: 'released' }]);
  });

  it('[IX18] closed at once is ended and closed', () => {
    const { next, events, effects } = taken(at.active(), close());
    expect(next.state.kind).toBe('closed');
    expect(events.map((event) => event.type)).toEqual(['ended', 'closed']);
    expect(effects).toEqual([{ type: 'agent', agent: alice, change: 'released' }]);
  });
});

describe('an agent lost', () => {
  it('[IX19] leads from the talk back to the place in the line', () => {
    const before = at.active();
    const { next, events, effects } = taken(before, lost);
    expect(next.state).toMatchObject({ kind: 'queued', place: stateOf(before, 'active').place, declinedBy: [] });
    expect(events).toEqual([{ type: 'queued', match, priority: 0, arrivedAt: T0, why: 'agentLost' }]);
    expect(effects).toEqual([{ type: 'agent', agent: alice, change: 'released' }, { type: 'route' }]);
  });

  it('[IX19] while a fix waits for a word leaves it waiting, the place held', () => {
    const { next, events, effects } = taken(taken(at.active(), works).next, lost, T0 + 30);
    expect(stateOf(next, 'selfService').closure).toMatchObject({
      taskId: 'restart',
      how: 'claimed',
      heldPlace: { match, arrivedAt: T0 },
      expiresAt: T0 + 30 + TIMES.closureMs,
    });
    expect(events.map((event) => event.type)).toEqual(['queued', 'closureOffered']);
    expect(effects).toEqual([
      { type: 'agent', agent: alice, change: 'released' },
      {
        type: 'setTimer',
        timer: 'closure',
        at: T0 + 30 + TIMES.closureMs,
        then: { type: 'closureExpired' },
      },
    ]);
  });

  it.each(['selfService', 'queued', 'wrapUp', 'closed', 'abandoned'] as const)(
    '[IX19] changes nothing when %s',
    (kind) => {
      const before = at[kind]();
      expect(taken(before, lost)).toEqual({ ok: true, next: before, events: [], effects: [] });
    },
  );

  it('[IX19] who is another changes nothing', () => {
    const before = at.active();
    expect(taken(before, service({ type: 'agentLost', agentId: 'bob' })).next).toBe(before);
  });
});
