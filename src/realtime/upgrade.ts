/** The HTTP request that becomes a WebSocket: whether it may, and where it comes from. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CONNECT_PATH } from '../protocol/version.ts';
import { sessionTokenOf } from '../registration/sessionCookie.ts';
import type { NotAdmitted } from './admission.ts';

export type TurnedAway = NotAdmitted | 'origin' | 'path' | 'closing';

/** Seconds after which it is worth trying again. */
const RETRY_AFTER = 5;

const answers: { [why in TurnedAway]: { status: string; body: string; again: boolean } } = {
  path: { status: '404 Not Found', body: `WebSockets are at ${CONNECT_PATH}.`, again: false },
  origin: {
    status: '403 Forbidden',
    body: 'This origin may not connect. Add it to ALLOWED_ORIGINS of the service.',
    again: false,
  },
  closing: { status: '503 Service Unavailable', body: 'The service starts anew. Try again soon.', again: true },
  full: {
    status: '503 Service Unavailable',
    body: 'As many are connected as may be (MAX_CONNECTIONS). Try again soon.',
    again: true,
  },
  address: {
    status: '429 Too Many Requests',
    body: 'As many are connected from this address as may be (CONNECTIONS_PER_ADDRESS). Try again soon.',
    again: true,
  },
  rate: {
    status: '429 Too Many Requests',
    body: 'Too many connect from this address in a short time (CONNECT_RATE_PER_ADDRESS). Try again soon.',
    again: true,
  },
};

/** The path alone. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?')[0] ?? '';
}

/**
 * Whether this may be a WebSocket at all; null when it may.
 * @param elsewhere whether somebody else takes what has this path
 */
export function refusalOf(
  request: IncomingMessage,
  allowedOrigins: string[],
  elsewhere = false,
): 'path' | 'origin' | null {
  if (pathOf(request) !== CONNECT_PATH && !elsewhere) return 'path';
  const { origin } = request.headers;
  if (origin === undefined || isOwnOrigin(request) || allowedOrigins.includes(origin)) return null;
  return 'origin';
}

/** Milliseconds that the answer may take to be taken off. */
const ANSWERED_WITHIN_MS = 5_000;

/** Answers an upgrade that is not made, and hangs up, whether the client closes its side or not. */
export function turnAway(socket: Duplex, why: TurnedAway): void {
  const { status, body, again } = answers[why];
  const lines = [
    `HTTP/1.1 ${status}`,
    'Connection: close',
    ...(again ? [`Retry-After: ${RETRY_AFTER}`] : []),
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  const hangUp = () => void socket.destroy();
  const late = setTimeout(hangUp, ANSWERED_WITHIN_MS);
  // Whoever is let in has ws to listen for errors.
  socket
    .on('error', hangUp)
    .once('finish', hangUp)
    .once('close', () => clearTimeout(late));
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** The client's address; as the proxy in front tells it, where there is one. */
export function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? request.headers['x-forwarded-for'] : undefined;
  const last = typeof forwarded === 'string' ? forwarded.split(',').at(-1)?.trim() : undefined;
  return last || request.socket.remoteAddress || 'unknown';
}

/** The session cookie, from the service's own pages: another's must not speak with it, wherever it may embed a TV. */
export function cookieTokenOf(request: IncomingMessage): string | null {
  return isOwnOrigin(request) ? sessionTokenOf(request.headers.cookie) : null;
}

function isOwnOrigin({ headers }: IncomingMessage): boolean {
  if (headers.origin === undefined) return false;
  const { host } = URL.canParse(headers.origin) ? new URL(headers.origin) : { host: null };
  return host !== null && host === headers.host;
}
