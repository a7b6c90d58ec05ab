/** An offer in words, for the card and for ears. */
import type { AgentRef, Match } from '../../../src/interaction/interaction.ts';
import type { InteractionView } from '../../connector/types.ts';
import { span, spanInWords } from '../parts/time.ts';

export interface OfferWords {
  offerId: string;
  expiresAt: number;
  queue: string;
  fault: string;
  model: string;
  firmware: string;
  /** Why this agent: "You look after this customer.", and what of it where that is somebody else. */
  reason: string;
  /** When the viewer joined the line. */
  arrivedAt: number;
}

/** Null unless the interaction is offered. */
export function offerWords(view: InteractionView): OfferWords | null {
  if (view.status.kind !== 'offered') return null;
  return {
    offerId: view.status.offerId,
    expiresAt: view.status.expiresAt,
    queue: view.match?.queueName ?? 'Help line',
    fault: view.request.fault?.title ?? 'Asked for help, no fault known',
    model: view.tv.model,
    firmware: view.tv.firmware,
    reason: view.match === null ? '' : reasonFor(view.match, view.status.agent),
    arrivedAt: joinedLineAt(view),
  };
}

/** Why the agent who reads it has it, in words to them; another than those preferred is asked only when none of them can be. */
export function reasonFor(match: Match, reader: AgentRef): string {
  const { preferredAgentIds: preferred, reason, rule } = match;
  if (preferred.length === 0) return reason;
  if (preferred.includes(reader.agentId)) {
    if (rule === 'namedRepresentative') return 'The viewer asked for you.';
    return preferred.length === 1 ? 'You look after this customer.' : 'You and others look after this customer.';
  }
  const stem = reason.replace(/\.$/, '');
  if (rule === 'namedRepresentative') return `${stem}. Not free now, so you are asked.`;
  return `${stem} and ${preferred.length === 1 ? 'is' : 'are'} not free now, so you are asked.`;
}

function joinedLineAt(view: InteractionView): number {
  for (let i = view.timeline.length - 1; i >= 0; i -= 1) {
    const event = view.timeline[i]?.event;
    if (event?.type === 'queued') return event.arrivedAt;
  }
  return view.openedAt;
}

/** Said once when the offer comes; a countdown aloud would drown everything else. */
export function offerAloud(words: OfferWords, now: number): string {
  return (
    `Offer from ${words.queue}: ${words.fault}. ${words.model}, firmware ${words.firmware}. ` +
    `Waited ${spanInWords(now - words.arrivedAt)}. Alt Shift A accepts, Alt Shift D declines.`
  );
}

/** The page's title while it rings; every other second the page's own. */
export function offerTitle(words: OfferWords, now: number): string {
  return `Offer: ${words.fault} · waited ${span(now - words.arrivedAt)}`;
}
