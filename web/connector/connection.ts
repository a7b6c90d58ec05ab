/**
 * One registration's connection to the service, for as long as the connector lives.
 *
 *   connecting ──registered, resumed──▶ online ──lost──▶ offline ──backoff──▶ (connect again)
 *       │                                 │                 ▲ │
 *       └──────────── lost ───────────────┼─────────────────┘ │
 *                                         └──▶ stopped ◀──────┘   unauthorized, replaced, version, closed
 *
 * It registers first, then hears what it missed, then says what waits in the outbox. While it
 * tries again it stays `offline`, so that a screen does not flicker.
 */
import type { RegisterMessage } from '../../src/protocol/client.ts';
import type { LiveMessage } from '../../src/protocol/live.ts';
import type { Refused, ServerMessage } from '../../src/protocol/server.ts';
import { CLOSE, CONNECT_PATH, PING_EVERY_MS, PROTOCOL_VERSION } from '../../src/protocol/version.ts';
import { newId } from './id.ts';
import type { Body, Outbox } from './outbox.ts';
import { listen } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import type { ConnectionState } from './types.ts';

/** First and longest wait of the backoff, milliseconds; the wait is drawn between zero and this. */
const BACKOFF_FIRST_MS = 500;
export const BACKOFF_MOST_MS = 30_000;
/** Online for this long, the next loss starts with the first wait again. */
const SETTLED_AFTER_MS = 10_000;
/** Opening, registering and resuming together take no longer, or the connection is taken as dead. */
const REGISTER_WITHIN_MS = 15_000;
/** After waking up or a change of network, an answer to a ping comes within this. */
const PROBE_WITHIN_MS = 5_000;
/** The least wait after the service said that it was too much. */
const RATE_LIMITED_MS = 10_000;
/** Commands under way at once; the rest follows as they are answered, so that a long queue is no flood. */
const WINDOW = 16;
/** After a command that came too fast or in bad luck, none follows for this long. */
const BREATHE_MS = 1_000;
/** No wait that a service asks for is longer. */
const LONGEST_WAIT_MS = 10 * 60_000;
/** Bytes that wait to be sent: behind by so much, what is true only now is not said. */
const LIVE_BEHIND_BYTES = 16 * 1024;
/** The browser's own code for a frame that was too long. */
const TOO_LONG = 1009;

type RegisterBody = Extract<Body, { type: RegisterMessage['type'] }>;

export interface ConnectionOptions {
  /** The service's address, `http:` or `https:`. */
  url: string;
  outbox: Outbox;
  surroundings: Surroundings;
  /** The registration as it is now; may take as long as a pairing takes. Asked before every connection. */
  register(): Promise<RegisterBody>;
  /** All messages of a registered connection but acknowledgements, refusals and pongs. */
  onMessage(message: ServerMessage): void;
  onState(state: ConnectionState): void;
  /** The longest wait of the backoff as things are, milliseconds; half a minute when left out. */
  longestWaitMs?(): number;
  /** True when `register` has something else to try. */
  onUnauthorized(): boolean;
}

export interface Connection {
  /** Says what waits in the outbox, when there is a connection. */
  flush(): void;
  /** Says what is true only now: at once or not at all. */
  live(message: Omit<LiveMessage, 'v' | 'type'>): void;
  /** Twice is harmless. */
  close(): void;
}

type Timer = ReturnType<typeof setTimeout> | null;

/** The WebSocket's address of a service's address. Throws a TypeError for what is no web address. */
function connectAddress(url: string): string {
  if (!/^https?:\/\/[^/]/.test(url)) {
    throw new TypeError(`The service's address is "${url}". Give one such as https://help.example.`);
  }
  return url.replace(/^http/, 'ws').replace(/\/+$/, '') + CONNECT_PATH;
}

export function openConnection(options: ConnectionOptions): Connection {
  const { outbox, surroundings } = options;
  const address = connectAddress(options.url);

  let socket: WebSocket | null = null;
  let registerId = '';
  let phase: 'none' | 'opening' | 'resuming' | 'online' | 'stopped' = 'none';
  /** Tells a late answer of `register` from the present one. */
  let turn = 0;
  let attempt = 0;
  let offlineSince: number | null = null;
  /** Intervals in which nothing was heard. */
  let silent = 0;
  /** From a goodbye: milliseconds to stay away. */
  let stayAway: number | null = null;
  /** The service asked for the wait: neither a new network nor a waking TV cuts it short. */
  let patient = false;
  /** Something sent was not understood and nobody said what: one at a time until it shows. */
  let careful = false;
  let blamed = false;
  let retryTimer: Timer = null;
  let registerTimer: Timer = null;
  let settledTimer: Timer = null;
  let probeTimer: Timer = null;
  let breathTimer: Timer = null;
  let pingTimer: ReturnType<typeof setInterval> | null = null;

  function clearTimers(): void {
    for (const timer of [retryTimer, registerTimer, settledTimer, probeTimer, breathTimer]) {
      if (timer !== null) clearTimeout(timer);
    }
    if (pingTimer !== null) clearInterval(pingTimer);
    retryTimer = registerTimer = settledTimer = probeTimer = breathTimer = pingTimer = null;
  }

  function connect(): void {
    clearTimers();
    phase = 'opening';
    turn += 1;
    const mine = turn;
    options.register().then(
      (body) => {
        if (mine === turn && phase === 'opening') open(body);
      },
      () => {
        if (mine === turn && phase === 'opening') tryAgain();
      },
    );
  }

  function open(body: RegisterBody): void {
    let opened: WebSocket;
    try {
      opened = new surroundings.WebSocket(address);
    } catch {
      tryAgain();
      return;
    }
    socket = opened;
    registerId = newId();
    silent = 0;
    stayAway = null;
    blamed = false;
    registerTimer = setTimeout(lose, REGISTER_WITHIN_MS);
    opened.onopen = () => {
      send({ ...body, answeredByEvents: true }, registerId);
    };
    opened.onmessage = (event) => {
      hear(event.data);
    };
    opened.onclose = (event) => {
      closed(event.code, event.reason);
    };
  }

  function send(body: Body | { type: 'ping' }, id: string): void {
    // A socket that is closing says so by its close event; what was to be said stays in the outbox.
    if (socket !== null && socket.readyState === 1) socket.send(JSON.stringify({ v: PROTOCOL_VERSION, id, ...body }));
  }

  function hear(data: unknown): void {
    silent = 0;
    if (probeTimer !== null) clearTimeout(probeTimer);
    probeTimer = null;
    const message = parse(data);
    if (message === null) return;
    try {
      take(message);
    } catch (error) {
      // A message that does not have the promised shape changes nothing; the next may be sound.
      console.error(error);
    }
  }

  function take(message: ServerMessage): void {
    switch (message.type) {
      case 'pong':
        return;
      case 'ack':
        outbox.settle(message);
        flush();
        return;
      case 'refused':
        refused(message);
        return;
      case 'goodbye':
        stayAway = Math.min(Math.max(Number(message.retryAfterMs) || 0, 0), LONGEST_WAIT_MS);
        return;
      case 'registered':
        if (phase !== 'opening' || message.re !== registerId) return;
        phase = 'resuming';
        options.onMessage(message);
        return;
      case 'resumed':
        if (phase !== 'resuming') return;
        options.onMessage(message);
        settle();
        return;
      case 'event':
        if (phase === 'resuming' || phase === 'online') options.onMessage(message);
        // The news first: whoever waits for the answer finds it in the state.
        if (message.re !== undefined) {
          outbox.settle({ re: message.re, interactionId: message.interactionId });
          flush();
        }
        return;
      default:
        if (phase === 'resuming' || phase === 'online') options.onMessage(message);
    }
  }

  function settle(): void {
    phase = 'online';
    offlineSince = null;
    patient = false;
    if (registerTimer !== null) clearTimeout(registerTimer);
    registerTimer = null;
    settledTimer = setTimeout(() => {
      attempt = 0;
    }, SETTLED_AFTER_MS);
    pingTimer = setInterval(beat, PING_EVERY_MS);
    options.onState({ kind: 'online' });
    flush();
  }

  function beat(): void {
    if (silent >= 2) {
      lose();
      return;
    }
    silent += 1;
    send({ type: 'ping' }, newId());
  }

  function flush(): void {
    // After a goodbye the service finishes what it has; new words wait for the next connection.
    if (phase !== 'online' || stayAway !== null || breathTimer !== null) return;
    if (outbox.entries.length === 0) careful = false;
    for (const entry of outbox.entries.slice(0, careful ? 1 : WINDOW)) {
      if (entry.sent) continue;
      entry.sent = entry.everSent = true;
      send(entry.body, entry.id);
    }
  }

  function refused(message: Refused): void {
    if (message.re === registerId) registrationRefused(message);
    else if (message.retry && (message.code === 'rateLimited' || message.code === 'unavailable')) breathe(message.re);
    else {
      if (message.code === 'malformed') blamed = true;
      if (message.re !== null) outbox.refuse(message.re, message.code, message.message, message.retry);
      flush();
    }
  }

  /** Too fast, or the service has trouble of its own: said again in a moment, under the same id, and done once. */
  function breathe(re: string | null): void {
    for (const entry of outbox.entries) if (entry.id === re) entry.sent = false;
    if (breathTimer !== null) return;
    breathTimer = setTimeout(() => {
      breathTimer = null;
      flush();
    }, BREATHE_MS);
  }

  function registrationRefused({ code, message }: Refused): void {
    detach();
    if (code === 'unauthorized') unauthorized(message);
    else if (code === 'version' || code === 'malformed') stop('version', message);
    else if (code === 'rateLimited') tryAgain(RATE_LIMITED_MS);
    else tryAgain();
  }

  function closed(code: number, reason: string): void {
    const wasOnline = phase === 'online';
    const away = stayAway;
    detach();
    if (away !== null) tryAgain(away, away);
    else if (code === CLOSE.unauthorized) unauthorized(reason);
    else if (code === CLOSE.version) stop('version', reason || 'The service speaks a newer version. Update this app.');
    else if (code === CLOSE.replaced) stop('replaced', reason || 'This was opened somewhere else.');
    else if (code === CLOSE.rateLimited) tryAgain(RATE_LIMITED_MS);
    else if (code !== CLOSE.malformed && code !== TOO_LONG) tryAgain();
    else if (wasOnline) {
      suspect(reason);
      tryAgain();
    } else stop('version', reason || 'The service did not understand the registration. Update this app.');
  }

  /** Finds the message that was not understood, so that it is not sent for ever. */
  function suspect(reason: string): void {
    const suspects = blamed ? [] : outbox.entries.filter((entry) => entry.sent);
    const [only] = suspects;
    if (only !== undefined && suspects.length === 1) {
      outbox.refuse(only.id, 'malformed', reason || 'The service did not understand this. Update this app.', false);
    } else careful = careful || suspects.length > 1;
  }

  function unauthorized(reason: string): void {
    if (options.onUnauthorized()) tryAgain();
    else stop('unauthorized', reason || 'The service does not know these credentials. Sign in or pair again.');
  }

  function detach(): void {
    clearTimers();
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    socket = null;
    phase = phase === 'stopped' ? 'stopped' : 'none';
  }

  function lose(): void {
    detach();
    tryAgain();
  }

  /**
   * @param least milliseconds to wait in any case; above zero nothing cuts the wait short
   * @param spread milliseconds over which clients that were told the same are spread
   */
  function tryAgain(least = 0, spread = 0): void {
    if (phase === 'stopped') return;
    phase = 'none';
    outbox.unsend();
    const longest = options.longestWaitMs ? options.longestWaitMs() : BACKOFF_MOST_MS;
    const most = Math.max(Math.min(longest, BACKOFF_FIRST_MS * Math.pow(2, attempt)), spread);
    const wait = least + surroundings.random() * most;
    attempt += 1;
    patient = least > 0;
    if (offlineSince === null) offlineSince = Date.now();
    options.onState({ kind: 'offline', since: offlineSince, nextTryAt: Date.now() + wait });
    retryTimer = setTimeout(connect, wait);
  }

  /** The viewer is back, or the network is: a wait of our own is over. */
  function wake(): void {
    if (retryTimer !== null && !patient) connect();
    else doubt();
  }

  /** A connection that slept, or whose network changed, may be dead without knowing. */
  function doubt(): void {
    if (phase !== 'online' || probeTimer !== null) return;
    send({ type: 'ping' }, newId());
    probeTimer = setTimeout(lose, PROBE_WITHIN_MS);
  }

  const deaf = [
    listen(surroundings.window, 'offline', doubt),
    listen(surroundings.window, 'online', () => {
      // An attempt that began without a network hangs until it times out; begin again with one.
      if (socket !== null && phase === 'opening') {
        detach();
        connect();
      } else wake();
    }),
    listen(surroundings.document, 'visibilitychange', () => {
      if (surroundings.document?.visibilityState === 'visible') wake();
    }),
  ];

  function stop(why: 'unauthorized' | 'replaced' | 'version' | 'closed', message: string): void {
    if (phase === 'stopped') return;
    phase = 'stopped';
    detach();
    for (const silence of deaf) silence();
    options.onState({ kind: 'stopped', why, message });
    outbox.abandon(message);
  }

  connect();

  return {
    flush,
    live(message) {
      if (phase !== 'online' || stayAway !== null || socket === null || socket.readyState !== 1) return;
      if (socket.bufferedAmount > LIVE_BEHIND_BYTES) return;
      socket.send(JSON.stringify({ v: PROTOCOL_VERSION, type: 'live', ...message }));
    },
    close() {
      stop('closed', 'The connector was closed.');
    },
  };
}

function parse(data: unknown): ServerMessage | null {
  try {
    const message = JSON.parse(String(data)) as ServerMessage | null;
    return message !== null && typeof message === 'object' && message.v === PROTOCOL_VERSION ? message : null;
  } catch {
    return null;
  }
}
