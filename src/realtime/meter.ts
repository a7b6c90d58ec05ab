/** What the endpoint tells whoever counts; main.ts chooses who that is. Labels are of fixed sets, and say nothing of people. */

/** Why a connection ended: said by us, or found. */
export type CloseReason =
  | 'goingAway'
  | 'timeout'
  | 'unauthorized'
  | 'version'
  | 'malformed'
  | 'rateLimited'
  | 'replaced'
  /** It did not read what was sent to it. */
  | 'slow'
  /** Nothing was heard of it. */
  | 'silent'
  /** Something of ours went wrong. */
  | 'failed'
  /** The client said goodbye. */
  | 'left'
  /** The client broke the rules of WebSocket. */
  | 'broken'
  /** Gone without a word. */
  | 'lost';

export interface EndpointMeter {
  registration(role: 'tv' | 'agent', outcome: 'accepted' | 'refused' | 'rateLimited' | 'failed'): void;
  /** A connection was refused at the upgrade. */
  turnedAway(reason: 'full' | 'address' | 'rate' | 'origin' | 'path' | 'closing'): void;
  closed(reason: CloseReason): void;
  /** A message was not taken. */
  messageRefused(reason: 'malformed' | 'version' | 'rateLimited'): void;
  /** A peer that does not read is sent nothing more for now. */
  paused(): void;
}

/** Nobody counts. */
export const unmetered: EndpointMeter = {
  registration() {},
  turnedAway() {},
  closed() {},
  messageRefused() {},
  paused() {},
};
