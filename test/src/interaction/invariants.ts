/** What must be true of an interaction, of its views and of an agent's work, at every moment. Each throws when it is not. */
import type { Agent, Work } from '../../../src/agent/agent.ts';
import type { TimerName } from '../../../src/interaction/effect.ts';
import type { Interaction, StateKind } from '../../../src/interaction/interaction.ts';
import type { InteractionView } from '../../../src/protocol/view.ts';

/** As `toEqual`, for plain data, and fast enough to be asked a million times. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [is, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== wanted) throw new Error(`${what}: ${is}, where ${wanted} was expected`);
}

const PHASES: Partial<Record<StateKind, Work['phase']>> = {
  offered: 'offered',
  invited: 'inviting',
  active: 'engaged',
  wrapUp: 'wrapUp',
};

const TIMER_NAMES: TimerName[] = ['offer', 'absence', 'closure', 'invitation', 'preferred', 'decline'];

/** The timers that may stand in each state. */
const TIMERS: Record<StateKind, TimerName[]> = {
  selfService: ['closure', 'absence'],
  queued: ['absence', 'preferred', 'decline'],
  offered: ['absence', 'preferred', 'decline', 'offer'],
  invited: ['absence', 'invitation'],
  active: [],
  wrapUp: [],
  closed: [],
  abandoned: [],
};

/** @param isWaitedFor whether the grace of an agent who is away is running */
export function checkWork(agent: Agent, theirs: Interaction[], isWaitedFor: boolean): void {
  const expected = theirs.map((one) => `${one.id} ${PHASES[one.state.kind]}`).sort();
  const work = agent.work.map(({ interactionId, phase }) => `${interactionId} ${phase}`).sort();
  same(work, expected, `[IX24] ${agent.id}'s work`);
  same(work.length <= agent.capacity, true, `[AG1] ${agent.id} has room`);
  if (agent.connected) return;
  const phases = agent.work.map((one) => one.phase);
  same(phases.includes('offered'), false, `[AG2] an offer rings at ${agent.id}, who is not there`);
  const waits = phases.includes('engaged') || phases.includes('inviting');
  if (waits) same(isWaitedFor, true, `[AG2] ${agent.id} is waited for, for a while`);
}

/** @param stands whether a timer of this interaction does */
export function checkTimers({ state, tvLostAt }: Interaction, stands: (timer: TimerName) => boolean): void {
  const allowed = TIMERS[state.kind];
  const standing = TIMER_NAMES.filter(stands);
  same(
    standing.filter((timer) => !allowed.includes(timer)),
    [],
    `[IX22] timers that ${state.kind} does not need`,
  );
  const closure = 'closure' in state ? state.closure : null;
  const needed: TimerName[] = [
    ...(state.kind === 'offered' ? (['offer'] as const) : []),
    ...(state.kind === 'invited' ? (['invitation'] as const) : []),
    ...(state.kind === 'selfService' && closure !== null ? (['closure'] as const) : []),
    ...(tvLostAt !== null && allowed.includes('absence') && closure === null ? (['absence'] as const) : []),
  ];
  same(
    needed.filter((timer) => !standing.includes(timer)),
    [],
    `timers that ${state.kind} waits for`,
  );
}

/** @param kind the state as this view is to tell it */
export function checkView(
  view: InteractionView | null,
  kind: StateKind,
  { state, tasks, tvLostAt }: Interaction,
): void {
  const closure = 'closure' in state ? state.closure : null;
  same(view?.status.kind, kind, 'the kind of state that the view tells');
  same(view?.tvLostAt, tvLostAt, 'since when the view tells the TV lost');
  same(view?.closure?.taskId, closure?.taskId, 'the fix that the view tells');
  same(
    view?.tasks.map((task) => [task.id, task.status, task.choice, task.evidence]),
    tasks.map((task) => [task.taskId, task.status, task.choice, task.evidence]),
    'the tasks that the view tells',
  );
}
