/** How a webhook stands, in words; and what its form takes. */
import type { WebhookListed, WebhookTrouble } from '../../../src/protocol/admin.ts';
import { EVENT_TYPES } from '../../../src/protocol/eventTypes.ts';
import { count } from '../parts/time.ts';

export interface Standing {
  tone: 'ok' | 'warn' | 'bad' | 'off' | 'info';
  words: string;
}

/** In a word or two, the worst first. */
export function standingOf({ active, health }: Pick<WebhookListed, 'active' | 'health'>): Standing {
  if (!active) return { tone: 'off', words: 'Off' };
  if (health.dead > 0) return { tone: 'bad', words: `${health.dead} stopped` };
  if (health.retrying > 0) return { tone: 'warn', words: `${health.retrying} trying again` };
  if (health.lastDeliveredAt === null) return { tone: 'info', words: 'Nothing sent yet' };
  return { tone: 'ok', words: 'Delivering' };
}

/** What a person calls it: its description, or the host it goes to. */
export function nameOf({ description, url }: Pick<WebhookListed, 'description' | 'url'>): string {
  return description === '' ? hostOf(url) : description;
}

export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

export function eventsInWords({ eventTypes }: Pick<WebhookListed, 'eventTypes'>): string {
  if (eventTypes.length === 0) return 'All events';
  return eventTypes.map((type) => EVENT_TYPES[type]).join(' · ');
}

/** "Event 3 was tried 4 times. 2 events wait." */
export function troubleInWords({ seq, attempts, waiting }: WebhookTrouble): string {
  const behind = waiting - 1;
  const tried = `Event ${seq} was tried ${count(attempts, 'time')}.`;
  return behind <= 0 ? tried : `${tried} ${count(behind, 'later event')} ${behind === 1 ? 'waits' : 'wait'}.`;
}

/** What is lost with a webhook that is deleted now. */
export function lossInWords({ active, health }: Pick<WebhookListed, 'active' | 'health'>): string {
  const waiting = health.retrying + health.dead;
  const kept = active ? '' : ' What was kept for it while it is off is dropped.';
  if (waiting === 0) return `Nothing more is sent to it.${kept}`;
  const whose = count(waiting, 'interaction');
  return `Nothing more is sent to it. Events of ${whose} did not arrive yet: they are dropped and cannot be replayed.${kept}`;
}

/** What was lost with it, once it is gone. */
export function droppedInWords(interactions: number): string {
  if (interactions === 0) return 'Everything had arrived.';
  return `Events of ${count(interactions, 'interaction')} had not arrived and were dropped.`;
}

/** What to do about an address that is not taken; null when it may be. The service looks closer. */
export function addressError(url: string): string | null {
  if (url.trim() === '') return 'Enter the address of the receiver.';
  if (!URL.canParse(url.trim())) return 'Enter a whole address, beginning with https://';
  if (url.trim().length > 500) return 'Use at most 500 characters.';
  return null;
}
