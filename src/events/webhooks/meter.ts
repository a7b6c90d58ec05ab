/** What delivering tells whoever counts; main.ts chooses who that is. Of fixed sets, and nothing of what was delivered. */

/** What became of a try. A try of one event that is not delivered is the last one when it is dead-lettered. */
export type DeliveryOutcome = 'delivered' | 'retried' | 'deadLettered' | 'disabled';

/** What the receiver answered, by the first digit of its status; `none` when nothing came. */
export type ReceiverAnswer = '1xx' | '2xx' | '3xx' | '4xx' | '5xx' | 'none';

export interface DeliveryMeter {
  /** @param ms until the receiver answered, or was given up */
  delivery(outcome: DeliveryOutcome, answer: ReceiverAnswer, ms: number): void;
  /** An event arrived. @param ms since it happened */
  eventArrived(ms: number): void;
}

/** Nobody counts. */
export const unmetered: DeliveryMeter = { delivery() {}, eventArrived() {} };
