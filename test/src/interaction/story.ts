/** The people of these tests, and interactions led to where a test begins. */
import type { Diagnosis } from '../../../src/diagnosis/diagnosis.ts';
import type { AgentCommand, Command, ServiceCommand, ViewerCommand } from '../../../src/interaction/command.ts';
import type { FaultCondition, TvSummary } from '../../../src/interaction/facts.ts';
import type {
  AgentRef,
  Interaction,
  InteractionState,
  Match,
  StateKind,
} from '../../../src/interaction/interaction.ts';
import { transition, type InteractionTimes, type Transition } from '../../../src/interaction/transition.ts';

export const T0 = 1_000_000;
export const TIMES: Required<InteractionTimes> = { absenceMs: 300_000, closureMs: 60_000, declineMs: 30_000 };

export const alice: AgentRef = { agentId: 'alice', name: 'Alice Moss' };
export const bob: AgentRef = { agentId: 'bob', name: 'Bob Reyes' };

export const livingRoom: TvSummary = {
  tvId: 'living-room',
  serial: 'LR-1',
  form: 'all-in-one',
  model: 'X40',
  displayModel: null,
  firmware: '4.2.1',
  engine: 'Chromium 120',
  name: 'Living room TV',
  customer: { id: 'sam', name: 'Sam', address: null, number: null },
};

export const stalled: FaultCondition = {
  code: 'playback:stalled',
  title: 'The picture keeps stopping',
  detail: { stalls: 6 },
  since: T0 - 60_000,
  count: 6,
};

export const request = {
  fault: stalled,
  screen: { path: ['Player'], focused: null, recentActions: ['OK on Play'] },
  context: { serviceState: 'playing', facts: {} },
};

export const match: Match = {
  queueId: 'help-line',
  queueName: 'Help line',
  preferredAgentIds: [],
  preferredUntil: null,
  rule: 'queue',
  reason: 'Model X40 belongs to Help line.',
};

/** `unplug` has a check, `restart` has none, `lights` is a question. */
export const weakWifi: Diagnosis = {
  id: 'weak-wifi',
  explanation: 'The signal between the router and this TV is weak.',
  tasks: [
    { id: 'unplug', title: 'Unplug the router for 30 seconds', check: { kind: 'network' } },
    { id: 'restart', title: 'Turn the TV off and on' },
    { id: 'lights', title: 'Which light is on?', choices: ['Green', 'Red'] },
  ],
  source: { kind: 'catalogue', entryId: 'weak-wifi', catalogueVersion: 1 },
};

/** What an agent sends; its one task has no check. */
export const fromAlice: Diagnosis = {
  id: 'from-alice',
  explanation: 'The cable may be loose.',
  tasks: [{ id: 'cable', title: 'Push the cable in' }],
  source: { kind: 'agent', agentId: 'alice' },
};

export const viewer = (command: ViewerCommand): Command => ({ by: { kind: 'viewer' }, command });
export const agent = ({ agentId }: AgentRef, command: AgentCommand): Command => ({
  by: { kind: 'agent', agentId },
  command,
});
export const service = (command: ServiceCommand): Command => ({ by: { kind: 'service' }, command });

export const requested = service({ type: 'request', interactionId: 'i1', centreId: 'c1', tv: livingRoom, request });
export const invitation = service({
  type: 'invite',
  interactionId: 'i1',
  centreId: 'c1',
  tv: livingRoom,
  request: { ...request, fault: null },
  agent: alice,
  match,
  tvConnected: true,
  expiresAt: T0 + 45_000,
});
export const offerTo = (to: AgentRef, offerId = `offer-${to.agentId}`): Command =>
  service({ type: 'offerTo', offerId, agent: to, expiresAt: T0 + 20_000 });
export const accepts = (who: AgentRef): Command => agent(who, { type: 'accept', offerId: `offer-${who.agentId}` });
export const declines = (who: AgentRef): Command => agent(who, { type: 'decline', offerId: `offer-${who.agentId}` });

/** One step. */
export function say(interaction: Interaction | null, command: Command, now = T0): Transition {
  return transition(interaction, command, now, TIMES);
}

/** One step that is taken. */
export function taken(interaction: Interaction | null, command: Command, now = T0) {
  const result = say(interaction, command, now);
  if (!result.ok) throw new Error(`${command.command.type} was refused: ${result.refusal.message}`);
  return result;
}

/** Where a story leads, all at `T0`. */
export function after(...commands: Command[]): Interaction {
  const last = commands.reduce<Interaction | null>((interaction, command) => taken(interaction, command).next, null);
  if (last === null) throw new Error('A story has at least one command.');
  return last;
}

const found = (unattended: boolean) => service({ type: 'diagnosisFound', diagnosis: weakWifi, unattended });
const joined = [requested, found(false), service({ type: 'matched', match })];
const talking = [...joined, offerTo(alice), accepts(alice)];

/** An interaction in each state, with the tasks of `weakWifi` but for the invited. */
export const at: Record<StateKind | 'fixed', () => Interaction> = {
  selfService: () => after(requested, found(true)),
  /** In self-service with a claimed fix, its place held. */
  fixed: () => after(...joined, viewer({ type: 'answerTask', taskId: 'restart', answer: 'works' })),
  queued: () => after(...joined),
  offered: () => after(...joined, offerTo(alice)),
  invited: () => after(invitation),
  active: () => after(...talking),
  wrapUp: () => after(...talking, agent(alice, { type: 'end' })),
  closed: () => after(...talking, agent(alice, { type: 'close', disposition: 'followUp', note: 'Will call' })),
  abandoned: () => after(...joined, viewer({ type: 'leave' })),
};

/** The state, when it is of this kind. */
export function stateOf<K extends StateKind>(
  interaction: Interaction,
  kind: K,
): Extract<InteractionState, { kind: K }> {
  if (interaction.state.kind !== kind) throw new Error(`It is ${interaction.state.kind}, not ${kind}.`);
  return interaction.state as Extract<InteractionState, { kind: K }>;
}

export function statusOf(interaction: Interaction, taskId: string): string | undefined {
  return interaction.tasks.find((task) => task.taskId === taskId)?.status;
}
