/** What a registered agent says, as commands; what they are told when they come (back). */
import type { Door } from '../events/door.ts';
import type { Store } from '../events/ports.ts';
import { agentMessage, type RegisterMessage } from '../protocol/client.ts';
import { CLOSE, PROTOCOL_VERSION } from '../protocol/version.ts';
import { UnauthorizedError } from '../registration/errors.ts';
import type { Registration } from '../registration/registration.ts';
import { answer, refuseMalformed, type Speaker } from './answer.ts';
import type { Connection } from './connection.ts';
import { presenceMessage } from './relay.ts';
import type { Roster } from './roster.ts';
import { Session } from './session.ts';

/** An agent may have this many windows open; the earliest goes when another comes. */
const MAX_WINDOWS = 6;

export interface AgentSessionDeps {
  registration: Registration;
  door: Door;
  store: Store;
  roster: Roster;
  /** The line of a centre is to be said (again). */
  lineChanged: (centreId: string) => void;
  clock: () => number;
}

/**
 * Registers an agent on a connection and sends what they missed.
 * @param cookieToken the session that came with the WebSocket's first request, from the service's own pages
 * @throws UnauthorizedError when the session is not live
 */
export async function openAgentSession(
  deps: AgentSessionDeps,
  connection: Connection,
  cookieToken: string | null,
  message: RegisterMessage & { type: 'registerAgent' },
): Promise<Speaker> {
  const { registration, door, store, roster, clock } = deps;
  const token = message.credentials.kind === 'cookie' ? cookieToken : message.credentials.token;
  if (token === null) throw new UnauthorizedError();
  const { centre, agentId, name, skills, roles, customersLookedAfter, capacity, sessionExpiresAt } =
    await registration.registerAgent(token, message.told);
  const subject = { kind: 'agent' as const, id: agentId, centreId: centre.id };
  const session = new Session(subject, connection, (...args) => store.eventsAfter(...args));

  const windows = roster.of(agentId);
  if (windows.size >= MAX_WINDOWS) {
    for (const earliest of [...windows].slice(0, 1)) earliest.connection.close(CLOSE.replaced, 'too many windows');
  }
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
  await roster.add(session);

  const record = await store.agent(centre.id, agentId);
  const open = record?.value.work.map((work) => work.interactionId) ?? [];
  const seen = new Map(message.resume.map(({ interactionId, seq }) => [interactionId, seq]));
  for (const interactionId of open) await session.follow(interactionId, seen.get(interactionId) ?? 0);
  if (record !== null) connection.send(presenceMessage(record));
  connection.send({ v: PROTOCOL_VERSION, type: 'resumed', open });
  deps.lineChanged(centre.id);

  return {
    session,
    expiresAt: sessionExpiresAt,
    async hear(raw) {
      const parsed = agentMessage.safeParse(raw);
      if (!parsed.success) return refuseMalformed(connection, raw, parsed.error);
      const said = parsed.data;
      const sender = { centreId: subject.centreId, senderId: subject.id, commandId: said.id };
      switch (said.type) {
        case 'ping':
          return connection.send({ v: PROTOCOL_VERSION, type: 'pong', re: said.id });
        case 'registerAgent':
          return connection.refuse(said.id, 'wrongState', 'This connection is registered already.');
        case 'setPresence':
          return answer(connection, said.id, await door.setWish(sender, said.wish));
        case 'invite':
          return answer(connection, said.id, await door.invite(sender, said.tvId, roster.isConnected(said.tvId)));
        case 'agent':
          return answer(connection, said.id, await door.agent(sender, said.interactionId, said.command));
      }
    },
  };
}
