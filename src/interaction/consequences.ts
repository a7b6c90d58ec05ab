/**
 * What follows from going from one state to another, whichever command led there: timers that
 * stand exactly as long as the state needs them (IX22), and the agent's record told exactly once
 * of each change (IX24). Derived, so that no command can forget one.
 */
import type { AgentChange, Effect, TimerName } from './effect.ts';
import type { ServiceCommand } from './command.ts';
import { agentOf, type Interaction, type InteractionState } from './interaction.ts';
import type { InteractionTimes } from './step.ts';

/**
 * Effects on the agent and on timers.
 * @param before null when the interaction is opened
 * @param missed the offer expired unanswered
 */
export function consequences(
  before: Interaction | null,
  after: Interaction,
  missed: boolean,
  now: number,
  times: InteractionTimes,
): Effect[] {
  if (before === after) return [];
  return [...agentChanges(before, after, missed), ...timerChanges(before, after, now, times)];
}

function agentChanges(before: Interaction | null, after: Interaction, missed: boolean): Effect[] {
  const had = before === null ? null : agentOf(before);
  const has = agentOf(after);
  const same = had?.agentId === has?.agentId;
  const effects: Effect[] = [];
  if (had !== null && !same) effects.push({ type: 'agent', agent: had, change: missed ? 'missed' : 'released' });
  const change = busyWith(after.state);
  if (has !== null && change !== null && !(same && before?.state.kind === after.state.kind)) {
    effects.push({ type: 'agent', agent: has, change });
  }
  return effects;
}

/** How a state keeps its agent busy. */
function busyWith({ kind }: InteractionState): AgentChange | null {
  switch (kind) {
    case 'offered':
      return 'offered';
    case 'invited':
      return 'inviting';
    case 'active':
      return 'engaged';
    case 'wrapUp':
      return 'wrapUp';
    case 'selfService':
    case 'queued':
    case 'closed':
    case 'abandoned':
      return null;
  }
}

interface Timer {
  /** Tells one standing of a timer from the next of the same name. */
  key: string;
  at: number;
  then: ServiceCommand;
}

function timerChanges(before: Interaction | null, after: Interaction, now: number, times: InteractionTimes): Effect[] {
  const stood = before === null ? new Map<TimerName, Timer>() : timers(before, now, times);
  const stands = timers(after, now, times);
  const effects: Effect[] = [];
  for (const timer of stood.keys()) {
    if (!stands.has(timer)) effects.push({ type: 'cancelTimer', timer });
  }
  for (const [timer, { key, at, then }] of stands) {
    if (stood.get(timer)?.key !== key) effects.push({ type: 'setTimer', timer, at, then });
  }
  return effects;
}

/** The timers that a state needs. */
function timers({ state, tvLostAt }: Interaction, now: number, times: InteractionTimes): Map<TimerName, Timer> {
  const needed = new Map<TimerName, Timer>();
  if (tvLostAt !== null && absenceCounts(state)) {
    // Counted from the moment it begins to matter: who comes back to the line out of a talk has the full time.
    needed.set('absence', { key: String(tvLostAt), at: now + times.absenceMs, then: { type: 'absenceExpired' } });
  }
  if (state.kind === 'selfService' && state.closure !== null) {
    const at = state.closure.expiresAt;
    needed.set('closure', { key: String(at), at, then: { type: 'closureExpired' } });
  }
  if (state.kind === 'invited') {
    needed.set('invitation', { key: '', at: state.expiresAt, then: { type: 'invitationExpired' } });
  }
  if (state.kind === 'offered') {
    const { offerId, expiresAt } = state.offer;
    needed.set('offer', { key: offerId, at: expiresAt, then: { type: 'offerExpired', offerId } });
  }
  if (state.kind === 'queued' || state.kind === 'offered') {
    const { preferredUntil } = state.place.match;
    if (preferredUntil !== null) {
      needed.set('preferred', { key: String(preferredUntil), at: preferredUntil, then: { type: 'preferenceExpired' } });
    }
    if (state.askAgainAt !== null) {
      const at = state.askAgainAt;
      needed.set('decline', { key: String(at), at, then: { type: 'declineExpired' } });
    }
  }
  return needed;
}

/** Where a TV that is away for too long gives up its place (IX21). A fix that waits for a word ends by its own timer. */
export function absenceCounts(state: InteractionState): boolean {
  switch (state.kind) {
    case 'selfService':
      return state.closure === null;
    case 'queued':
    case 'offered':
    case 'invited':
      return true;
    case 'active':
    case 'wrapUp':
    case 'closed':
    case 'abandoned':
      return false;
  }
}
