/** The line: joining it, being offered to agents, and coming back to the same place (IX3, IX5–IX9). */
import type { AgentCommand, ServiceCommand } from './command.ts';
import type { InteractionEvent } from './event.ts';
import type { Interaction, InteractionState, Match, Place } from './interaction.ts';
import { go, notYours, refuse, stay, type Given, type Step } from './step.ts';

/** What everybody is told whose offer does not stand any more. */
const OFFER_GONE =
  'This offer is gone: it ran out, was taken back, or a colleague has it. The next one will come by itself.';

type Queued = Extract<InteractionState, { kind: 'queued' }>;
type Offered = Extract<InteractionState, { kind: 'offered' }>;
type Why = Extract<InteractionEvent, { type: 'queued' }>['why'];

/** Who declined, and until when they are left in peace. */
type Declines = Pick<Queued, 'declinedBy' | 'askAgainAt'>;

/** Counted from now. */
export function declines({ now, times }: Given, declinedBy: string[]): Declines {
  return { declinedBy, askAgainAt: declinedBy.length > 0 ? now + times.declineMs : null };
}

/**
 * Takes a place in the line, the same as before when there was one (IX6), and looks for an agent.
 * @param events what led here; `queued` is added
 */
export function toLine(
  { interaction }: Given,
  place: Place,
  { declinedBy, askAgainAt }: Declines,
  why: Why,
  events: InteractionEvent[] = [],
  missed = false,
): Step {
  return go(
    { ...interaction, state: { kind: 'queued', place, declinedBy, askAgainAt } },
    [...events, { type: 'queued', ...place, why }],
    [{ type: 'route' }],
    missed,
  );
}

/** Matched by rules: joins the line for the first time. Who is there already, or has a fix in hand, does not. */
export function matched(given: Given, match: Match): Step {
  const { interaction, now } = given;
  const { state } = interaction;
  if (state.kind !== 'selfService' || state.closure !== null) return stay(interaction);
  return toLine(given, { match, priority: 0, arrivedAt: now }, declines(given, []), 'joined');
}

export function offerTo({ interaction, now }: Given, command: Extract<ServiceCommand, { type: 'offerTo' }>): Step {
  const { state } = interaction;
  const { offerId, agent, expiresAt } = command;
  if (state.kind === 'offered' && state.offer.offerId === offerId) return stay(interaction);
  if (state.kind !== 'queued') {
    return refuse('wrongState', 'This interaction is not in the line now, so it is offered to nobody.');
  }
  // Asking somebody again who declined begins a new round, or those after them would never be asked again.
  const again = state.declinedBy.includes(agent.agentId);
  return go(
    {
      ...interaction,
      state: {
        kind: 'offered',
        place: state.place,
        declinedBy: again ? [] : state.declinedBy,
        askAgainAt: again ? null : state.askAgainAt,
        offer: { offerId, agent, madeAt: now, expiresAt },
      },
    },
    [{ type: 'offered', offerId, agent, expiresAt }],
  );
}

/** Taken by the agent it stands for, and by nobody else (IX8). */
export function accept({ interaction, now }: Given, agentId: string, offerId: string): Step {
  const { state } = interaction;
  if (state.kind === 'offered' && state.offer.offerId === offerId && state.offer.agent.agentId === agentId) {
    const { agent } = state.offer;
    return go({ ...interaction, state: { kind: 'active', agent, place: state.place, since: now, closure: null } }, [
      { type: 'accepted', agent },
    ]);
  }
  if (state.kind === 'active' && state.agent.agentId === agentId) return stay(interaction);
  return refuse('badReference', OFFER_GONE);
}

/** Back into the line at once; who declined is remembered. */
export function decline(given: Given, agentId: string, { offerId }: Extract<AgentCommand, { type: 'decline' }>): Step {
  const { interaction } = given;
  const { state } = interaction;
  if (state.kind === 'active' && state.agent.agentId === agentId) {
    return refuse('wrongState', 'You have accepted this one already. End it from the workspace.');
  }
  if (state.kind !== 'offered' || state.offer.offerId !== offerId) return stay(interaction);
  if (state.offer.agent.agentId !== agentId) return notYours();
  return offerBack(given, state, 'declined', 'declined', declines(given, [...state.declinedBy, agentId]));
}

/** Nobody answered in time: the agent is marked as not answering (IX9). */
export function offerExpired(given: Given, offerId: string): Step {
  const { interaction } = given;
  const { state } = interaction;
  if (state.kind !== 'offered' || state.offer.offerId !== offerId) return stay(interaction);
  return offerBack(given, state, 'expired', 'offerExpired', state);
}

/** A standing offer that nobody takes leads back to the same place. */
export function offerBack(
  given: Given,
  state: Offered,
  ended: 'declined' | 'expired' | 'agentLost',
  why: Why,
  declined: Declines,
): Step {
  return toLine(given, state.place, declined, why, [offerEnded(state, ended)], ended === 'expired');
}

export function offerEnded(
  { offer }: Offered,
  why: Extract<InteractionEvent, { type: 'offerEnded' }>['why'],
): InteractionEvent {
  return { type: 'offerEnded', offerId: offer.offerId, agentId: offer.agent.agentId, why };
}

/** Others may be asked from now on: the preferred had their time, or those who declined had their peace. */
export function lookAgain(interaction: Interaction): Step {
  if (interaction.state.kind !== 'queued') return stay(interaction);
  return go(interaction, [], [{ type: 'route' }]);
}
