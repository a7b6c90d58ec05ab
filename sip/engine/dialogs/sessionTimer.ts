import type { TimerHandle } from '../clock.ts';

/** The session timer of a dialog, agreed on in a 2xx to INVITE or UPDATE (RFC 4028). */
export interface SessionTimer {
  seconds: number;
  refresher: 'us' | 'them';
  /** Whether the peer takes UPDATE, which refreshes without an offer (RFC 4028 7.4). */
  peerTakesUpdate: boolean;
  /** Our last session description, which a refreshing INVITE repeats. */
  description: Buffer;
  /** When the session is to be ended unless it is refreshed before, in milliseconds since the epoch. */
  endsAt: number;
  handle: TimerHandle;
}
