import { describe, expect, it } from 'vitest';
import type { Agent, AgentCommand, Presence, Work } from '../../../src/agent/agent.ts';
import { isFree, isReady, newAgent, presenceOf, transitionAgent } from '../../../src/agent/transition.ts';

const T0 = 1_000_000;
const GRACE = 45_000;

const made = newAgent(
  { id: 'alice', centreId: 'c1', name: 'Alice Moss', skills: ['video'], customersLookedAfter: ['sam'], capacity: 1 },
  T0,
);
const alice: Agent = { ...made, connected: true };
const with_ = (phase: Work['phase'], interactionId = 'i1'): Work => ({ interactionId, phase, since: T0 });
const busy = (...phases: Work['phase'][]): Agent => ({
  ...alice,
  work: phases.map((phase, n) => with_(phase, `i${n + 1}`)),
});
const take = (phase: Work['phase'], interactionId = 'i1'): AgentCommand => ({ type: 'take', interactionId, phase });
const release = (missed = false, interactionId = 'i1'): AgentCommand => ({ type: 'release', interactionId, missed });

const say = (agent: Agent, command: AgentCommand, now = T0 + 10) =>
  transitionAgent(agent, command, now, { graceMs: GRACE });

function taken(agent: Agent, command: AgentCommand, now?: number) {
  const result = say(agent, command, now);
  if (!result.ok) throw new Error(result.refusal.message);
  return result;
}

const unchanged = (agent: Agent) => ({ ok: true, next: agent, effects: [] });
const routed = [{ type: 'route' }];

describe('being free', () => {
  it.each<[string, Agent, boolean]>([
    ['connected, ready, with room', alice, true],
    ['not connected', made, false],
    ['away', { ...alice, wish: { kind: 'away', reason: 'Lunch' } }, false],
    ['not answering', { ...alice, wish: { kind: 'notAnswering', since: T0 } }, false],
    ['full', busy('engaged'), false],
    ['full with a wrap-up', busy('wrapUp'), false],
    ['with room for one more', { ...busy('engaged'), capacity: 2 }, true],
  ])('[AG1] %s', (_, agent, free) => {
    expect(isFree(agent)).toBe(free);
  });

  it('[AG1] is not being ready: who is busy may be waited for', () => {
    expect(isReady(busy('engaged'))).toBe(true);
    expect(isReady({ ...alice, wish: { kind: 'away', reason: 'Lunch' } })).toBe(false);
    expect(isReady(made)).toBe(false);
  });

  it.each<[Agent, Presence['kind']]>([
    [made, 'offline'],
    [{ ...busy('engaged'), connected: false }, 'offline'],
    [alice, 'ready'],
    [busy('offered'), 'ringing'],
    [busy('engaged'), 'helping'],
    [busy('inviting'), 'helping'],
    [busy('wrapUp'), 'wrappingUp'],
    [busy('wrapUp', 'offered'), 'ringing'],
    [busy('offered', 'engaged'), 'helping'],
    [{ ...alice, wish: { kind: 'away', reason: 'Lunch' } }, 'away'],
    [{ ...busy('engaged'), wish: { kind: 'away', reason: 'Lunch' } }, 'helping'],
    [{ ...alice, wish: { kind: 'notAnswering', since: T0 } }, 'notAnswering'],
  ])('[AG1] is told as presence', (agent, kind) => {
    expect(presenceOf(agent).kind).toBe(kind);
  });
});

describe('connections', () => {
  it('[AG2] the first makes free, and routes', () => {
    const { next, effects } = taken(made, { type: 'connect' });
    expect(next).toEqual({ ...alice, freeSince: T0 + 10 });
    expect(effects).toEqual(routed);
    expect(taken(next, { type: 'connect' })).toEqual(unchanged(next));
  });

  it('[AG2] away stays away over a lost connection, and ready stays ready', () => {
    for (const wish of [{ kind: 'away' as const, reason: 'Lunch' }, { kind: 'ready' as const }]) {
      const gone = taken({ ...alice, wish }, { type: 'disconnect' }).next;
      expect(taken(gone, { type: 'connect' }).next.wish).toEqual(wish);
    }
  });

  it('[AG2] lost takes offers back at once', () => {
    const { next, effects } = taken(busy('offered'), { type: 'disconnect' });
    expect(next).toMatchObject({ connected: false, lostAt: T0 + 10, work: [] });
    expect(effects).toEqual([{ type: 'agentLost', interactionId: 'i1' }, ...routed]);
    expect(taken(next, { type: 'disconnect' })).toEqual(unchanged(next));
  });

  it.each(['engaged', 'inviting'] as const)('[AG2] lost while %s waits for the grace', (phase) => {
    const gone = taken(busy(phase), { type: 'disconnect' });
    expect(gone.next.work).toEqual([with_(phase)]);
    expect(gone.effects).toEqual([{ type: 'setGrace', at: T0 + 10 + GRACE }, ...routed]);

    const back = taken(gone.next, { type: 'connect' }, T0 + 20);
    expect(back.next).toMatchObject({ connected: true, lostAt: null, work: [with_(phase)] });
    expect(back.effects).toEqual([{ type: 'cancelGrace' }]);
    expect(taken(back.next, { type: 'graceExpired' }, T0 + 10 + GRACE)).toEqual(unchanged(back.next));

    const late = taken(gone.next, { type: 'graceExpired' }, T0 + 10 + GRACE);
    expect(late.next.work).toEqual([]);
    expect(late.effects).toEqual([{ type: 'agentLost', interactionId: 'i1' }]);
    expect(taken(late.next, { type: 'graceExpired' }, T0 + 10 + GRACE)).toEqual(unchanged(late.next));
  });

  it('[AG2] a grace that comes too early, left over from an earlier absence, is set again', () => {
    const gone = taken(busy('engaged'), { type: 'disconnect' }).next;
    const { next, effects } = taken(gone, { type: 'graceExpired' }, T0 + 20);
    expect(next).toBe(gone);
    expect(effects).toEqual([{ type: 'setGrace', at: T0 + 10 + GRACE }]);
  });

  it.each(['engaged', 'inviting'] as const)(
    '[AG2] a grace while %s begins anew with the service: nobody comes back to one that is not there',
    (phase) => {
      const gone = taken(busy(phase), { type: 'disconnect' }).next;
      const after = T0 + 10 + GRACE - 1_000;
      const { next, effects } = taken(gone, { type: 'serviceStarted' }, after);
      expect(next).toEqual({ ...gone, lostAt: after });
      expect(effects).toEqual([{ type: 'setGrace', at: after + GRACE }]);
      // The timer of before comes all the same.
      expect(taken(next, { type: 'graceExpired' }, T0 + 10 + GRACE).next).toBe(next);
      expect(taken(next, { type: 'graceExpired' }, after + GRACE).next.work).toEqual([]);
    },
  );

  it('[AG2] a service that starts finds nobody connected, and leaves alone who waits for nothing', () => {
    expect(taken(busy('engaged'), { type: 'serviceStarted' })).toEqual(taken(busy('engaged'), { type: 'disconnect' }));
    const idle = taken(alice, { type: 'disconnect' }).next;
    expect(taken(idle, { type: 'serviceStarted' }, T0 + 99)).toEqual(unchanged(idle));
    const wrappingUp = taken(busy('wrapUp'), { type: 'disconnect' }).next;
    expect(taken(wrappingUp, { type: 'serviceStarted' }, T0 + 99)).toEqual(unchanged(wrappingUp));
  });

  it('[AG2] lost never loses a wrap-up', () => {
    const gone = taken(busy('wrapUp'), { type: 'disconnect' });
    expect(gone.effects).toEqual(routed);
    expect(taken(gone.next, { type: 'graceExpired' }, T0 + 10 * GRACE)).toEqual(unchanged(gone.next));
    expect(gone.next.work).toEqual([with_('wrapUp')]);
  });

  it('[AG2] lost with several takes each by its phase', () => {
    const gone = taken({ ...busy('offered', 'engaged', 'wrapUp'), capacity: 3 }, { type: 'disconnect' });
    expect(gone.next.work.map((work) => work.phase)).toEqual(['engaged', 'wrapUp']);
    const late = taken(gone.next, { type: 'graceExpired' }, T0 + 10 + GRACE);
    expect(late.next.work.map((work) => work.phase)).toEqual(['wrapUp']);
    expect(late.effects).toEqual([{ type: 'agentLost', interactionId: 'i2' }]);
  });
});

describe('the wish', () => {
  const missed: Agent = { ...alice, wish: { kind: 'notAnswering', since: T0 } };

  it("[AG3] a missed offer sets it, the agent's own click sets it back", () => {
    const { next, effects } = taken(busy('offered'), release(true));
    expect(next).toMatchObject({ wish: { kind: 'notAnswering', since: T0 + 10 }, work: [] });
    expect(effects).toEqual(routed);
    const clicked = taken(next, { type: 'setWish', wish: { kind: 'ready' } }, T0 + 20);
    expect(clicked).toEqual({ ok: true, next: { ...alice, freeSince: T0 + 20 }, effects: routed });
  });

  it('[AG3] a missed offer does not bring back who went away meanwhile', () => {
    const away: Agent = { ...busy('offered'), wish: { kind: 'away', reason: 'Lunch' } };
    expect(taken(away, release(true)).next.wish).toEqual({ kind: 'away', reason: 'Lunch' });
  });

  it('[AG3] set to what it is changes nothing', () => {
    expect(taken(alice, { type: 'setWish', wish: { kind: 'ready' } })).toEqual(unchanged(alice));
    const away = taken(alice, { type: 'setWish', wish: { kind: 'away', reason: 'Lunch' } });
    expect(away.effects).toEqual(routed);
    expect(taken(away.next, { type: 'setWish', wish: { kind: 'away', reason: 'Lunch' } })).toEqual(
      unchanged(away.next),
    );
    expect(taken(away.next, { type: 'setWish', wish: { kind: 'away', reason: 'Team' } }).next.wish).toEqual({
      kind: 'away',
      reason: 'Team',
    });
    expect(taken(missed, { type: 'setWish', wish: { kind: 'away', reason: 'Lunch' } }).effects).toEqual([]);
  });
});

describe('work', () => {
  it('[AG4] is taken once, and carried from phase to phase', () => {
    const offered = taken(alice, take('offered')).next;
    expect(offered.work).toEqual([{ interactionId: 'i1', phase: 'offered', since: T0 + 10 }]);
    expect(taken(offered, take('offered'))).toEqual(unchanged(offered));
    const engaged = taken(offered, take('engaged'), T0 + 20).next;
    const wrapUp = taken(engaged, take('wrapUp'), T0 + 30).next;
    expect(wrapUp.work).toEqual([{ interactionId: 'i1', phase: 'wrapUp', since: T0 + 30 }]);
  });

  it('[AG4] is released once, and becoming free routes', () => {
    const { next, effects } = taken(busy('wrapUp'), release());
    expect(next).toEqual({ ...alice, freeSince: T0 + 10 });
    expect(effects).toEqual(routed);
    expect(taken(next, release())).toEqual(unchanged(next));
    expect(taken(next, release(true))).toEqual(unchanged(next));
  });

  it('[AG4] released where there was room already keeps the time of being free', () => {
    const roomy: Agent = { ...busy('engaged'), capacity: 2 };
    expect(taken(roomy, release())).toEqual({ ok: true, next: { ...roomy, work: [] }, effects: [] });
  });

  it.each<[string, Agent, AgentCommand, string]>([
    ['not connected', made, take('offered'), 'notConnected'],
    ['not connected', made, take('inviting'), 'notConnected'],
    ['full', busy('engaged'), take('offered', 'i2'), 'full'],
    ['full', busy('engaged'), take('inviting', 'i2'), 'full'],
    ['away', { ...alice, wish: { kind: 'away', reason: 'Lunch' } }, take('offered'), 'notReady'],
  ])('[AG4] new work is refused when %s', (_, agent, command, code) => {
    expect(say(agent, command)).toMatchObject({ ok: false, refusal: { code } });
  });

  it('[AG4] who is away may still invite', () => {
    const away: Agent = { ...alice, wish: { kind: 'away', reason: 'Paperwork' } };
    expect(taken(away, take('inviting')).next.work).toHaveLength(1);
  });

  it('[AG4] what the interaction has decided is followed, whatever the record says', () => {
    expect(taken(busy('wrapUp'), take('engaged', 'i2')).next.work).toHaveLength(2);
    expect(taken(made, take('wrapUp')).next.work).toHaveLength(1);
  });
});
