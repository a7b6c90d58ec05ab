/**
 * The one WebSocket endpoint. Origin, address and room are checked before the upgrade; nothing is
 * taken before a registration; what is silent, or does not read, for too long is cut. One sweep
 * looks after all connections, so that an idle TV costs no timer of its own.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { registerMessage } from '../protocol/client.ts';
import { isRegisterTv } from '../protocol/registerCheck.ts';
import { MAX_MESSAGE_BYTES, PING_EVERY_MS, PROTOCOL_VERSION } from '../protocol/version.ts';
import { networkOf } from '../registration/address.ts';
import { UnauthorizedError } from '../registration/errors.ts';
import { Admission, type ConnectionLimits } from './admission.ts';
import { hearAgent, openAgentSession } from './agentSession.ts';
import { refuseMalformed } from './answer.ts';
import { Buckets } from './buckets.ts';
import { Connection, type ConnectionOwner } from './connection.ts';
import { LiveFrames, type LiveFigures } from './live.ts';
import { unmetered, type EndpointMeter } from './meter.ts';
import { RefusedOrigins } from './refusedOrigins.ts';
import type { Session } from './session.ts';
import { TooOftenError, type SessionDeps } from './sessionDeps.ts';
import type { Talks } from './talks.ts';
import { hearTv, openTvSession } from './tvSession.ts';
import { addressOf, cookieTokenOf, pathOf, refusalOf, turnAway } from './upgrade.ts';

const SWEEP_EVERY_MS = 5_000;

/** A peer that has not read what was sent to it for so long loses its connection, and resumes on its next. */
const READ_WITHIN_MS = 60_000;

/** Registrations that one address may get wrong at once, and a second in the long run. */
const WRONG_CREDENTIALS = { burst: 30, perSecond: 0.5 };

/** A TV or agent may say this many messages at once, and this many a second in the long run, over all its connections. */
const TALK = { burst: 80, perSecond: 20 };

export interface EndpointDeps extends Omit<SessionDeps, 'read' | 'mayTalk' | 'opened'> {
  /** What live frames are routed by. */
  talks: Talks;
  /** Besides the service's own: origins of TV services that embed the connector. */
  allowedOrigins: string[];
  /** Whether X-Forwarded-For tells the client's address. */
  trustProxy: boolean;
  limits: ConnectionLimits;
  /** Milliseconds within which a connection has to register. */
  registerWithinMs: number;
  /** Paths whose WebSockets are taken by others, who bound them themselves; the origin is checked here. */
  elsewhere?: ReadonlyMap<string, (request: IncomingMessage, socket: Duplex, head: Buffer) => void>;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  meter?: EndpointMeter;
  /** Milliseconds that only ever grow; the process's own when left out. */
  elapsed?: () => number;
}

/** How many connections there are now. */
export interface ConnectionFigures {
  tv: number;
  agent: number;
  unregistered: number;
  /** Those that do not read what is sent to them; counted above too. */
  paused: number;
}

export interface Endpoint {
  figures(): ConnectionFigures;
  /** What became of live frames. */
  live: Readonly<LiveFigures>;
  /** Looks after every connection once; a timer does it every few seconds. */
  sweep(): void;
  /** Tells every client to come back later and closes; resolves when all are closed. */
  close(retryAfterMs: number): Promise<void>;
}

/** Listens for WebSocket connections on the service's HTTP server. */
export function attachEndpoint(server: Server, deps: EndpointDeps): Endpoint {
  const { clock, roster, meter = unmetered } = deps;
  const elapsed = deps.elapsed ?? (() => Math.trunc(performance.now()));
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    // A message may come in pieces, but not in so many that the pieces weigh more than the message.
    maxFragments: 256,
    maxBufferedChunks: 4096,
    // Messages are small, and a compressed one of 64 kB unpacks to 64 MB.
    perMessageDeflate: false,
  });
  /** With their sessions, once they are registered. */
  const connections = new Map<Connection, Session | null>();
  const admission = new Admission(deps.limits);
  const refusedOrigins = new RefusedOrigins(deps.log);
  const talk = new Buckets(TALK);
  const wrongCredentials = new Buckets(WRONG_CREDENTIALS);
  const sessions: SessionDeps = {
    ...deps,
    read: (...which) => deps.store.eventsAfter(...which),
    mayTalk: (subjectId) => talk.take(subjectId, elapsed()),
    opened: (session) => void connections.set(session.connection, session),
  };
  const liveFrames = new LiveFrames(deps.talks, roster);
  let closing = false;

  const owner: ConnectionOwner = {
    meter,
    elapsed,
    mayTalk(connection, waiting) {
      const session = sessionOf(connection);
      return session === null ? waiting < TALK.burst : sessions.mayTalk(session.subject.id);
    },
    live(connection, message, frame) {
      const session = sessionOf(connection);
      return session === null ? null : liveFrames.pass(session, message, frame);
    },
    liveAsWritten: (connection, way, frame) => liveFrames.passAsWritten(connection, way, frame),
    async message(connection, message) {
      const session = sessionOf(connection);
      if (session === null) return await register(connection, message);
      if (session.subject.kind === 'tv') return await hearTv(sessions, session, message);
      await hearAgent(sessions, session, message);
    },
    closed(connection) {
      const session = sessionOf(connection);
      connections.delete(connection);
      admission.release(connection.address);
      if (session !== null) roster.remove(session);
    },
    failed(connection, error) {
      deps.log.warn({ err: error, ...sessionOf(connection)?.subject }, 'A message could not be handled.');
    },
  };

  function sessionOf(connection: Connection): Session | null {
    return connections.get(connection) ?? null;
  }

  server.on('upgrade', (request, socket, head) => {
    const address = addressOf(request, deps.trustProxy);
    const theirs = deps.elsewhere?.get(pathOf(request));
    const unfit = closing ? 'closing' : refusalOf(request, deps.allowedOrigins, theirs !== undefined);
    const refusal = unfit ?? (theirs ? null : admission.admit(address, elapsed()));
    if (refusal === 'origin') refusedOrigins.refused(request.headers.origin ?? '', elapsed());
    if (refusal === null) return (theirs ?? welcome)(request, socket, head, address);
    meter.turnedAway(refusal);
    turnAway(socket, refusal);
  });

  function welcome(request: IncomingMessage, socket: Duplex, head: Buffer, address: string): void {
    const before = sockets.clients.size;
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      connections.set(new Connection(webSocket, socket, address, cookieTokenOf(request), owner), null);
    });
    // ws says at once when it does not accept the handshake, and calls nobody.
    if (sockets.clients.size === before) admission.release(address);
  }

  async function register(connection: Connection, raw: object): Promise<void> {
    const parsed = isRegisterTv(raw) ? { success: true as const, data: raw } : registerMessage.safeParse(raw);
    if (!parsed.success) {
      const { type, id } = raw as { type?: unknown; id?: string };
      if (type === 'registerTv' || type === 'registerAgent') refuseMalformed(connection, raw, parsed.error);
      else connection.refuse(id ?? null, 'unauthorized', 'Register first: registerTv or registerAgent.');
      connection.close('unauthorized', 'register first');
      return;
    }
    const message = parsed.data;
    const role = message.type === 'registerTv' ? 'tv' : 'agent';
    // The welcome and what follows it leave by one write.
    connection.hold();
    try {
      if (!wrongCredentials.has(networkOf(connection.address), elapsed())) throw new TooOftenError();
      if (message.type === 'registerTv') await openTvSession(sessions, connection, message);
      else await openAgentSession(sessions, connection, message);
      connection.cookieToken = null;
      meter.registration(role, 'accepted');
    } catch (error) {
      if (error instanceof TooOftenError) {
        meter.registration(role, 'rateLimited');
        connection.refuse(message.id, 'rateLimited', 'Too much in a short time. Try again in a minute.', true);
        connection.close('rateLimited', 'too much in a short time');
      } else if (error instanceof UnauthorizedError) {
        meter.registration(role, 'refused');
        wrongCredentials.take(networkOf(connection.address), elapsed());
        connection.refuse(message.id, 'unauthorized', error.message);
        connection.close('unauthorized', 'not accepted');
      } else {
        meter.registration(role, 'failed');
        // The client repeats its registration on a new connection.
        connection.close('failed', 'the registration could not be kept');
        throw error;
      }
    } finally {
      connection.letGo();
    }
  }

  let sweptAt = elapsed();
  const sweeping = setInterval(sweep, Math.min(SWEEP_EVERY_MS, deps.registerWithinMs));

  function sweep(): void {
    const now = elapsed();
    // The process itself stood still: what it did not read meanwhile waits to be read.
    const stoodStill = now - sweptAt > 3 * SWEEP_EVERY_MS;
    sweptAt = now;
    talk.sweep(now);
    admission.sweep(now);
    wrongCredentials.sweep(now);
    if (stoodStill) return;
    for (const [connection, session] of connections) lookAfter(connection, session, now);
  }

  function lookAfter(connection: Connection, session: Session | null, now: number): void {
    const { pausedSince } = connection;
    if (session === null && now - connection.openedAt > deps.registerWithinMs) {
      connection.close('timeout', 'register sooner');
    }
    // It comes back, and is asked who it is.
    if (session !== null && clock() > connection.expiresAt) connection.close('timeout', 'the session is over');
    if (pausedSince !== null) {
      if (now - pausedSince > READ_WITHIN_MS) connection.close('slow', 'does not read what is sent');
    } else if (now - connection.lastHeardAt > 3 * PING_EVERY_MS) connection.terminate('silent');
  }

  deps.registration.onRevoked((subjectId, live) => {
    for (const { connection } of roster.of(subjectId)) {
      if (!live.has(connection.sessionKey)) connection.close('unauthorized', 'signed out');
    }
  });

  return {
    sweep,
    live: liveFrames.figures,
    figures() {
      const figures: ConnectionFigures = { tv: 0, agent: 0, unregistered: 0, paused: 0 };
      for (const [{ paused }, session] of connections) {
        figures[session?.subject.kind ?? 'unregistered'] += 1;
        if (paused) figures.paused += 1;
      }
      return figures;
    },
    async close(retryAfterMs) {
      closing = true;
      clearInterval(sweeping);
      const all = [...sockets.clients];
      const gone = all.map((client) => new Promise((resolve) => client.once('close', resolve)));
      for (const connection of connections.keys()) {
        connection.send({
          v: PROTOCOL_VERSION,
          type: 'goodbye',
          reason: 'The service starts anew. Nothing is lost.',
          retryAfterMs,
        });
        connection.close('goingAway', 'going away');
      }
      const late = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, 1000);
      await Promise.all(gone);
      clearTimeout(late);
    },
  };
}
