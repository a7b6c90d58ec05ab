/** An offer in words, for the card and for ears. */
import type { InteractionView } from '../../connector/types.ts';
import { span, spanInWords } from '../parts/time.ts';

export interface OfferWords {
  offerId: string;
  expiresAt: number;
  queue: string;
  fault: string;
  model: string;
  firmware: string;
  /** Why this agent: "Priya Nair looks after this customer.", and what of it where that is somebody else. */
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
    reason: reasonFor(view.match, view.status.agent.agentId),
    arrivedAt: joinedLineAt(view),
  };
}

/** Who is preferred and why; another agent is asked only when none of those can be. */
function reasonFor(match: InteractionView['match'], agentId: string): string {
  if (match === null) return '';
  const { preferredAgentIds: preferred, reason } = match;
  if (preferred.length === 0 || preferred.includes(agentId)) return reason;
  const stem = reason.replace(/\.$/, '');
  if (match.rule === 'namedRepresentative') return `${stem}. Not free now, so you are asked.`;
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
