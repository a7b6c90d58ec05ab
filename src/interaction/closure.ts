/** A fix and the viewer's word on it: offering closure, agreeing, or still needing help (IX12–IX14). */
import type { InteractionEvent } from './event.ts';
import type { Disposition, InteractionState, OfferedClosure, Place } from './interaction.ts';
import { declines, offerEnded, toLine } from './line.ts';
import { go, refuse, stay, tooEarly, type Given, type Step } from './step.ts';

/**
 * A task helped: closure is offered, and a place in the line is given up meanwhile.
 * @param given with the task as it is now
 * @param events what happened to the task
 */
export function offerClosure(
  { interaction, now, times }: Given,
  taskId: string,
  how: OfferedClosure['how'],
  events: InteractionEvent[],
): Step {
  const { state } = interaction;
  const expiresAt = now + times.closureMs;
  const offered: InteractionEvent = { type: 'closureOffered', taskId, how, expiresAt };
  const hold = (heldPlace: Place | null, declinedBy: string[]): OfferedClosure => ({
    taskId,
    how,
    heldPlace,
    declinedBy,
    expiresAt,
  });
  switch (state.kind) {
    case 'selfService': {
      if (!better(how, state.closure)) return go(interaction, events);
      const closure = hold(state.closure?.heldPlace ?? null, state.closure?.declinedBy ?? []);
      return go({ ...interaction, state: { kind: 'selfService', closure } }, [...events, offered]);
    }
    case 'queued': {
      const closure = hold(state.place, state.declinedBy);
      return go({ ...interaction, state: { kind: 'selfService', closure } }, [...events, offered]);
    }
    case 'offered': {
      const closure = hold(state.place, state.declinedBy);
      return go({ ...interaction, state: { kind: 'selfService', closure } }, [
        ...events,
        offerEnded(state, 'fixed'),
        offered,
      ]);
    }
    case 'active': {
      if (!better(how, state.closure)) return go(interaction, events);
      return go({ ...interaction, state: { ...state, closure: hold(null, []) } }, [...events, offered]);
    }
    case 'invited':
    case 'wrapUp':
    case 'closed':
    case 'abandoned':
      return go(interaction, events);
  }
}

/** A closure that waits gives way only to better evidence. */
function better(how: OfferedClosure['how'], waiting: OfferedClosure | null): boolean {
  return waiting === null || (how === 'verified' && waiting.how === 'claimed');
}

/** "Yes, it is fixed." */
export function confirmFixed({ interaction, now }: Given): Step {
  const { state } = interaction;
  if (state.kind === 'selfService' && state.closure !== null) {
    return closeAsFixed({ interaction, now }, state.closure.how, 'viewer');
  }
  if (state.kind === 'active' && state.closure !== null) {
    const fix = state.closure.how;
    return go({ ...interaction, state: { kind: 'wrapUp', agent: state.agent, endedAt: now, endedBy: 'viewer', fix } }, [
      { type: 'ended', by: 'viewer', fix },
    ]);
  }
  if (state.kind === 'wrapUp' && state.fix !== null) return stay(interaction);
  return refuse('wrongState', 'Nothing waits for your word now. Your help goes on as it was.');
}

/** Silence is agreement outside of a talk. */
export function closureExpired({ interaction, now }: Given): Step {
  const { state } = interaction;
  if (state.kind !== 'selfService' || state.closure === null) return stay(interaction);
  const { expiresAt } = state.closure;
  if (now < expiresAt) return tooEarly(interaction, 'closure', expiresAt, { type: 'closureExpired' });
  return closeAsFixed({ interaction, now }, state.closure.how, 'service');
}

export function closeAsFixed(
  { interaction, now }: Pick<Given, 'interaction' | 'now'>,
  how: OfferedClosure['how'],
  by: 'viewer' | 'service',
): Step {
  const disposition: Disposition = how === 'verified' ? 'fixedVerified' : 'fixedClaimed';
  const state: InteractionState = { kind: 'closed', closedAt: now, disposition, by, agent: null };
  return go({ ...interaction, state }, [{ type: 'closed', by, disposition, note: '' }]);
}

/**
 * The viewer still needs help: back to the held place, or into the line where there was none.
 * @param given with the task as it is now
 * @param events what happened to the task, when an answer to it says so
 */
export function stillNeedHelp(given: Given, events: InteractionEvent[] = []): Step {
  const { interaction } = given;
  const { state } = interaction;
  switch (state.kind) {
    case 'selfService': {
      if (state.closure === null) return go(interaction, events, [{ type: 'match' }]);
      const { heldPlace, declinedBy } = state.closure;
      const declined: InteractionEvent[] = [...events, { type: 'closureDeclined' }];
      if (heldPlace !== null) {
        return toLine(given, heldPlace, declines(given, declinedBy), 'stillNeedsHelp', declined);
      }
      return go({ ...interaction, state: { kind: 'selfService', closure: null } }, declined, [{ type: 'match' }]);
    }
    case 'active':
      if (state.closure === null) return go(interaction, events);
      return go({ ...interaction, state: { ...state, closure: null } }, [...events, { type: 'closureDeclined' }]);
    case 'queued':
    case 'offered':
    case 'invited':
      return go(interaction, events);
    case 'wrapUp':
    case 'closed':
    case 'abandoned':
      return refuse('wrongState', 'This help has come to its end. Ask for help again to start anew.');
  }
}
