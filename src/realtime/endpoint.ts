/**
 * The one WebSocket endpoint. Origin and address are checked before the upgrade; nothing is taken
 * before a registration; what is silent for too long is cut. One sweep looks after all
 * connections, so that an idle TV costs no timer of its own.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { WebSocketServer, type WebSocket } from 'ws';
import { registerMessage } from '../protocol/client.ts';
import { CLOSE, CONNECT_PATH, MAX_MESSAGE_BYTES, PING_EVERY_MS, PROTOCOL_VERSION } from '../protocol/version.ts';
import { UnauthorizedError } from '../registration/errors.ts';
import { sessionTokenOf } from '../registration/sessionCookie.ts';
import { openAgentSession, type AgentSessionDeps } from './agentSession.ts';
import { refuseMalformed, type Speaker } from './answer.ts';
import { Connection } from './connection.ts';
import { openTvSession } from './tvSession.ts';

const SWEEP_EVERY_MS = 5_000;

/** A connection that has not registered by then is closed. */
const REGISTER_WITHIN_MS = 10_000;

/** Registrations that one address may get wrong in a minute. */
const WRONG_CREDENTIALS_A_MINUTE = 30;

export interface EndpointDeps extends AgentSessionDeps {
  /** Besides the service's own: origins of TV services that embed the connector. */
  allowedOrigins: string[];
  /** Whether X-Forwarded-For tells the client's address. */
  trustProxy: boolean;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

export interface Endpoint {
  connections(): number;
  /** Tells every client to come back later and closes; resolves when all are closed. */
  close(retryAfterMs: number): Promise<void>;
}

/** Listens for WebSocket connections on the service's HTTP server. */
export function attachEndpoint(server: Server, deps: EndpointDeps): Endpoint {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    // Messages are small, and a compressed one of 64 kB unpacks to 64 MB.
    perMessageDeflate: false,
  });
  const connections = new Map<Connection, { openedAt: number; expiresAt: number | null }>();
  const wrongCredentials = new RateLimiterMemory({ points: WRONG_CREDENTIALS_A_MINUTE, duration: 60 });
  let closing = false;

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const refusal = closing ? '503 Service Unavailable' : refusalOf(request, deps.allowedOrigins);
    if (refusal !== null) return refuseUpgrade(socket, refusal);
    sockets.handleUpgrade(request, socket, head, (webSocket) => welcome(webSocket, request));
  });

  function welcome(webSocket: WebSocket, request: IncomingMessage): void {
    const address = addressOf(request, deps.trustProxy);
    // A page of somebody else's must not speak with the agent's cookie, wherever it may embed a TV.
    const cookieToken = isOwnOrigin(request) ? sessionTokenOf(request.headers.cookie) : null;
    let speaker: Speaker | null = null;
    let closed = false;
    const connection = new Connection(webSocket, address, deps.clock, {
      async message(message) {
        if (speaker !== null) return await speaker.hear(message);
        speaker = await register(connection, message, cookieToken);
        if (speaker === null) return;
        const entry = connections.get(connection);
        if (entry !== undefined) entry.expiresAt = speaker.expiresAt;
        // Gone while the registration was on its way: nobody else would take it off the roster.
        if (closed) deps.roster.remove(speaker.session);
      },
      closed() {
        closed = true;
        connections.delete(connection);
        if (speaker !== null) deps.roster.remove(speaker.session);
      },
      failed(error) {
        deps.log.warn({ err: error, ...speaker?.session.subject }, 'A message could not be handled.');
      },
    });
    connections.set(connection, { openedAt: deps.clock(), expiresAt: null });
  }

  async function register(connection: Connection, raw: unknown, cookieToken: string | null): Promise<Speaker | null> {
    const parsed = registerMessage.safeParse(raw);
    if (!parsed.success) {
      const { type, id } = raw as { type?: unknown; id?: string };
      if (type === 'registerTv' || type === 'registerAgent') refuseMalformed(connection, raw, parsed.error);
      else connection.refuse(id ?? null, 'unauthorized', 'Register first: registerTv or registerAgent.');
      connection.close(CLOSE.unauthorized, 'register first');
      return null;
    }
    const message = parsed.data;
    try {
      const wrong = await wrongCredentials.get(connection.address);
      if (wrong !== null && wrong.consumedPoints > WRONG_CREDENTIALS_A_MINUTE) {
        connection.refuse(message.id, 'rateLimited', 'Too many wrong registrations. Try again in a minute.', true);
        connection.close(CLOSE.rateLimited, 'too many wrong registrations');
        return null;
      }
      return message.type === 'registerTv'
        ? await openTvSession(deps, connection, message)
        : await openAgentSession(deps, connection, cookieToken, message);
    } catch (error) {
      if (!(error instanceof UnauthorizedError)) {
        // The client repeats its registration on a new connection.
        connection.close(1011, 'the registration could not be kept');
        throw error;
      }
      await wrongCredentials.penalty(connection.address);
      connection.refuse(message.id, 'unauthorized', error.message);
      connection.close(CLOSE.unauthorized, 'not accepted');
      return null;
    }
  }

  const sweep = setInterval(() => {
    const now = deps.clock();
    for (const [connection, { openedAt, expiresAt }] of connections) {
      if (expiresAt === null && now - openedAt > REGISTER_WITHIN_MS) connection.close(CLOSE.timeout, 'register sooner');
      // It comes back, and is asked who it is.
      if (expiresAt !== null && now > expiresAt) connection.close(CLOSE.timeout, 'the session is over');
      if (now - connection.lastHeardAt > 3 * PING_EVERY_MS) connection.terminate();
    }
  }, SWEEP_EVERY_MS);

  deps.registration.onRevoked((subjectId) => {
    for (const session of deps.roster.of(subjectId)) session.connection.close(CLOSE.unauthorized, 'signed out');
  });

  return {
    connections: () => connections.size,
    async close(retryAfterMs) {
      closing = true;
      clearInterval(sweep);
      const all = [...sockets.clients];
      const gone = all.map((client) => new Promise((resolve) => client.once('close', resolve)));
      for (const connection of connections.keys()) {
        connection.send({
          v: PROTOCOL_VERSION,
          type: 'goodbye',
          reason: 'The service starts anew. Nothing is lost.',
          retryAfterMs,
        });
        connection.close(CLOSE.goingAway, 'going away');
      }
      const late = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, 1000);
      await Promise.all(gone);
      clearTimeout(late);
    },
  };
}

function refusalOf(request: IncomingMessage, allowedOrigins: string[]): string | null {
  const [path] = (request.url ?? '').split('?');
  if (path !== CONNECT_PATH) return '404 Not Found';
  const { origin } = request.headers;
  if (origin === undefined || isOwnOrigin(request) || allowedOrigins.includes(origin)) return null;
  return '403 Forbidden';
}

/** Whether the page that connects came from this service. */
function isOwnOrigin({ headers }: IncomingMessage): boolean {
  if (headers.origin === undefined) return false;
  const { host } = URL.canParse(headers.origin) ? new URL(headers.origin) : { host: null };
  return host !== null && host === headers.host;
}

function refuseUpgrade(socket: Duplex, status: string): void {
  const reasons: Record<string, string> = {
    '403 Forbidden': 'This origin may not connect. Add it to ALLOWED_ORIGINS of the service.',
    '404 Not Found': `WebSockets are at ${CONNECT_PATH}.`,
  };
  const body = reasons[status] ?? 'Try again soon.';
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? request.headers['x-forwarded-for'] : undefined;
  const last = typeof forwarded === 'string' ? forwarded.split(',').at(-1)?.trim() : undefined;
  return last || request.socket.remoteAddress || 'unknown';
}
