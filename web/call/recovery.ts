/**
 * When the server is asked for a new offer. A page cannot restart ICE against a server that offers;
 * it says that it needs one, and says it again until it hears something:
 *
 *   fine ──disconnected──▶ doubt ──2 s──▶ asking ──5, 10, 20, 30 s──▶ (ask again)
 *    ▲  ╲────failed, another network──────▶ │
 *    └───────────────connected──────────────┘
 *
 * Chromium tells `disconnected` 5.5 s after the last packet and `failed` after 15.6; nothing heals by
 * itself after `failed`.
 */

/** Many a `disconnected` is over by itself. */
const DOUBT_MS = 2_000;
/** Of the waits until it is asked again; doubled up to the second. */
const ASK_AGAIN_MS = 5_000;
const ASK_AGAIN_MOST_MS = 30_000;
/** An answer leads to a connection within this, or it leads nowhere; Chromium gives up as late. */
const CONNECT_WITHIN_MS = 15_000;

export interface Recovery {
  /** The connection is as the browser says: `connected`, `disconnected`, `failed`; others change nothing. */
  heard(connection: string): void;
  /** An offer was answered, which is what was asked for. */
  answered(): void;
  /** The device has another network, or one again. */
  networkChanged(): void;
  /** Asks at once and goes on asking: the first offer, or the first of a new leg. */
  ask(): void;
  close(): void;
}

/** @param request asks the server for an offer; it is called again when nothing comes of it */
export function createRecovery(request: (attempt: number) => void): Recovery {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let state: 'fine' | 'doubt' | 'asking' = 'fine';
  let attempt = 0;
  let connected = false;
  let closed = false;

  function wait(milliseconds: number, then: () => void): void {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(then, milliseconds);
  }

  function ask(): void {
    if (closed) return;
    state = 'asking';
    attempt += 1;
    wait(Math.min(ASK_AGAIN_MS * Math.pow(2, attempt - 1), ASK_AGAIN_MOST_MS), ask);
    request(attempt);
  }

  function rest(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    state = 'fine';
    attempt = 0;
  }

  return {
    heard(connection) {
      if (closed) return;
      connected = connection === 'connected' || connection === 'completed';
      if (connected) rest();
      else if (connection === 'failed' && state !== 'asking') ask();
      else if (connection === 'disconnected' && state === 'fine') {
        state = 'doubt';
        wait(DOUBT_MS, ask);
      }
    },
    answered() {
      if (closed || state !== 'asking') return;
      // A restart that loses no packet is not told by the browser: it was connected all the time.
      if (connected) rest();
      else wait(CONNECT_WITHIN_MS, ask);
    },
    networkChanged() {
      if (closed) return;
      // What was asked over the old network may be lost with it.
      attempt = 0;
      ask();
    },
    ask() {
      if (state !== 'asking') ask();
    },
    close() {
      closed = true;
      rest();
    },
  };
}
