/** What a registered agent says, as commands; what they are told when they come (back). */
import { agentMessage, type RegisterMessage } from '../protocol/client.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { UnauthorizedError } from '../registration/errors.ts';
import { answer, refuseLive, refuseMalformed } from './answer.ts';
import type { Connection } from './connection.ts';
import { presenceMessage } from './relay.ts';
import { Session } from './session.ts';
import { TooOftenError, type SessionDeps } from './sessionDeps.ts';

/** An agent may have this many windows open; the earliest goes when another comes. */
const MAX_WINDOWS = 6;

/**
 * Registers an agent on a connection and sends what they missed.
 * @throws UnauthorizedError when the session is not live
 * @throws TooOftenError when they have registered or said too much in a short time
 */
export async function openAgentSession(
  deps: SessionDeps,
  connection: Connection,
  message: RegisterMessage & { type: 'registerAgent' },
): Promise<void> {
  const { registration, door, store, roster, clock } = deps;
  const token = message.credentials.kind === 'cookie' ? connection.cookieToken : message.credentials.token;
  if (token === null) throw new UnauthorizedError();
  const { revocations } = registration;
  const { centre, agentId, name, skills, roles, customersLookedAfter, capacity, sessionExpiresAt, sessionKey } =
    await registration.registerAgent(token, message.told);
  if (!deps.mayTalk(agentId)) throw new TooOftenError();
  const subject = { kind: 'agent', id: agentId, centreId: centre.id } as const;
  const session = new Session(subject, connection, deps.read, message);

  const windows = roster.of(agentId);
  if (windows.length >= MAX_WINDOWS) windows[0]?.connection.close('replaced', 'too many windows');
  connection.send({
    v: PROTOCOL_VERSION,
    type: 'registered',
    re: message.id,
    centre,
    session: null,
    self: { role: 'agent', agentId, name, roles, skills },
    now: clock(),
  });
  await door.agentKnown(centre.id, { agentId, name, skills, customersLookedAfter, capacity });
  // Gone meanwhile: nobody would take it off the roster.
  if (!connection.open) return;
  deps.opened(session);
  connection.expiresAt = sessionExpiresAt;
  connection.sessionKey = sessionKey;
  const recorded = roster.add(session);
  // Revoked since it was looked at, nobody would have closed it.
  if (registration.revocations !== revocations) await registration.recheckSessions([agentId]);
  await recorded;

  const record = await store.agent(centre.id, agentId);
  const open = record?.value.work.map((work) => work.interactionId) ?? [];
  for (const interactionId of open) await session.follow(interactionId);
  if (record !== null) session.tell('presence', JSON.stringify(presenceMessage(record)));
  connection.send({ v: PROTOCOL_VERSION, type: 'resumed', open });
  deps.lineChanged(centre.id);
}

/** Takes a message of a registered agent's computer, parses it and answers. */
export async function hearAgent(deps: SessionDeps, session: Session, raw: object): Promise<void> {
  const { door, roster } = deps;
  const { connection, subject } = session;
  const parsed = agentMessage.safeParse(raw);
  if (!parsed.success) return refuseMalformed(connection, raw, parsed.error);
  const said = parsed.data;
  if (said.type === 'live') return refuseLive(connection);
  const sender = { centreId: subject.centreId, senderId: subject.id, commandId: said.id };
  switch (said.type) {
    case 'ping':
      return connection.send({ v: PROTOCOL_VERSION, type: 'pong', re: said.id });
    case 'registerAgent':
      return connection.refuse(said.id, 'wrongState', 'This connection is registered already.');
    case 'setPresence':
      return answer(session, said.id, door.setWish(sender, said.wish));
    case 'invite':
      return answer(session, said.id, door.invite(sender, said.tvId, roster.isConnected(said.tvId)));
    case 'agent':
      return answer(session, said.id, door.agent(sender, said.interactionId, said.command));
  }
}
