/** Facts of the wire that need no schema; small enough for a TV. */

/** Stands in every message as `v`. A server answers an unknown one with `refused`, code `version`. */
export const PROTOCOL_VERSION = 1;

/** The WebSocket's path on the service's port. */
export const CONNECT_PATH = '/connect';

/** Milliseconds between a client's pings; the server hangs up after three are missed. */
export const PING_EVERY_MS = 25_000;

/** Bytes; a longer frame closes the connection with 1009. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

/** WebSocket close codes of our own (4000–4999), and what a client does about each. */
export const CLOSE = {
  /** The server is going down or starting anew: reconnect with jitter. */
  goingAway: 1001,
  /** Nothing, or no registration, came in time: reconnect. */
  timeout: 4000,
  /** Not registered, or the session is over: sign in or pair again. */
  unauthorized: 4001,
  /** Not spoken here: update the client. */
  version: 4002,
  /** Not understood; the reason says what: do not send it again. */
  malformed: 4003,
  /** Too much in too short a time: reconnect later. */
  rateLimited: 4008,
  /** The same registration connected again: the old connection stops without reconnecting. */
  replaced: 4009,
} as const;
