import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/interaction/command.ts';
import { agentOf } from '../../../src/interaction/interaction.ts';
import {
  accepts,
  agent,
  alice,
  at,
  bob,
  declines,
  fromAlice,
  invitation,
  match,
  offerTo,
  requested,
  say,
  service,
  T0,
  TIMES,
  viewer,
  weakWifi,
} from './story.ts';

/** What effects lead to. */
const outcomes: Command[] = [
  service({ type: 'diagnosisFound', diagnosis: weakWifi, unattended: false }),
  service({ type: 'diagnosisFound', diagnosis: { ...weakWifi, id: 'w2' }, unattended: true }),
  service({ type: 'diagnosisNotFound' }),
  service({ type: 'matched', match }),
  service({ type: 'offerExpired', offerId: 'offer-alice' }),
  service({ type: 'agentLost', agentId: 'alice' }),
  service({ type: 'absenceExpired' }),
  service({ type: 'closureExpired' }),
  service({ type: 'invitationExpired' }),
  service({ type: 'preferenceExpired' }),
  service({ type: 'declineExpired' }),
  service({ type: 'tvLost' }),
  service({ type: 'tvBack' }),
];

const everything: Command[] = [
  ...outcomes,
  requested,
  invitation,
  offerTo(alice),
  offerTo(bob),
  ...[alice, bob].flatMap((who) => [
    accepts(who),
    declines(who),
    agent(who, { type: 'sendDiagnosis', diagnosis: fromAlice }),
    agent(who, { type: 'withdrawTask', taskId: 'unplug' }),
    agent(who, { type: 'sendMessage', text: 'Hello' }),
    agent(who, { type: 'end' }),
    agent(who, { type: 'close', disposition: 'fixedVerified', note: '' }),
  ]),
  ...(['works', 'stillNot', 'cannot'] as const).map((answer) =>
    viewer({ type: 'answerTask', taskId: 'restart', answer }),
  ),
  ...(['verified', 'failed', 'unavailable'] as const).map((result) =>
    viewer({ type: 'reportCheck', taskId: 'unplug', result, evidence: 'Seen' }),
  ),
  viewer({ type: 'answerQuestion', taskId: 'lights', choice: 'Red' }),
  viewer({ type: 'askForPerson' }),
  viewer({ type: 'confirmFixed' }),
  viewer({ type: 'stillNeedHelp' }),
  viewer({ type: 'leave' }),
  viewer({ type: 'acceptInvitation' }),
  viewer({ type: 'declineInvitation' }),
  viewer({ type: 'sendMessage', text: 'Yes' }),
  viewer({ type: 'update', screen: { path: [], focused: null, recentActions: [] } }),
];

describe.each(Object.entries(at))('when %s', (_, make) => {
  it('[IX23] every outcome of an effect is answered without an error', () => {
    for (const command of outcomes) {
      for (const now of [T0, T0 + TIMES.absenceMs]) {
        expect(say(make(), command, now), command.command.type).toMatchObject({ ok: true });
      }
    }
  });

  it.each(everything)(
    '[IX24] [IX25] $command.type by $by.kind changes nothing in place, nothing without an event, and tells the agent once',
    (command) => {
      const before = make();
      const frozen = JSON.stringify(before);
      const result = say(before, command);
      expect(JSON.stringify(before)).toBe(frozen);
      if (!result.ok) {
        expect(result.refusal.message).toMatch(/^[A-Z].*\.$/);
        return;
      }
      const { next, events, effects } = result;
      expect([next.id, next.centreId, next.openedAt, next.request]).toEqual(['i1', 'c1', T0, before.request]);
      if (events.length === 0) expect(next).toBe(before);

      // [IX24] The agent is told once, of what the state says.
      const told = effects.flatMap((effect) => (effect.type === 'agent' ? [effect] : []));
      const [had, has] = [agentOf(before)?.agentId, agentOf(next)?.agentId];
      const isFreed = (change: string) => change === 'released' || change === 'missed';
      const freed = told.filter(({ change }) => isFreed(change)).map((effect) => effect.agent.agentId);
      const busy = told.filter(({ change }) => !isFreed(change)).map((effect) => effect.agent.agentId);
      expect(freed).toEqual(had !== undefined && had !== has ? [had] : []);
      expect(busy).toEqual(has !== undefined && (had !== has || before.state.kind !== next.state.kind) ? [has] : []);
    },
  );
});
