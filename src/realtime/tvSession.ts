/** What a registered TV says, as commands; what it is told when it comes (back). */
import type { Door } from '../events/door.ts';
import type { Store } from '../events/ports.ts';
import { tvMessage, type RegisterMessage } from '../protocol/client.ts';
import { CLOSE, PROTOCOL_VERSION } from '../protocol/version.ts';
import type { Registration } from '../registration/registration.ts';
import { answer, refuseMalformed, type Speaker } from './answer.ts';
import type { Connection } from './connection.ts';
import type { Roster } from './roster.ts';
import { Session } from './session.ts';

export interface TvSessionDeps {
  registration: Registration;
  door: Door;
  store: Store;
  roster: Roster;
  /** The line of a centre is to be said (again). */
  lineChanged: (centreId: string) => void;
  clock: () => number;
}

/**
 * Registers a TV on a connection and sends what it missed.
 * @throws UnauthorizedError when the credentials are not accepted
 */
export async function openTvSession(
  deps: TvSessionDeps,
  connection: Connection,
  message: RegisterMessage & { type: 'registerTv' },
): Promise<Speaker> {
  const { registration, door, store, roster, clock } = deps;
  const tv = await registration.registerTv(message.credentials, message.told, connection.address);
  const subject = { kind: 'tv' as const, id: tv.tvId, centreId: tv.centre.id };
  const session = new Session(subject, connection, (...args) => store.eventsAfter(...args));

  // A TV is one device: an older connection is a half-open one, or a copy of the app.
  for (const older of roster.of(tv.tvId)) older.connection.close(CLOSE.replaced, 'connected again elsewhere');
  connection.send({
    v: PROTOCOL_VERSION,
    type: 'registered',
    re: message.id,
    centre: tv.centre,
    session: tv.session,
    self: { role: 'tv', tvId: tv.tvId, name: tv.name },
    now: clock(),
  });
  await roster.add(session);

  const open = await store.openInteractionOf(tv.centre.id, tv.tvId);
  const seen = new Map(message.resume.map(({ interactionId, seq }) => [interactionId, seq]));
  // How it ended, for what ended while the TV was away; only what is this TV's own.
  for (const [interactionId, seq] of seen) {
    if (interactionId === open) continue;
    const parties = await store.parties(tv.centre.id, interactionId);
    if (parties?.tvId !== tv.tvId) continue;
    await session.follow(interactionId, seq);
    if (parties.ended) session.unfollow(interactionId);
  }
  if (open !== null) await session.follow(open, seen.get(open) ?? 0);
  connection.send({ v: PROTOCOL_VERSION, type: 'resumed', open: open === null ? [] : [open] });
  deps.lineChanged(tv.centre.id);

  return {
    session,
    expiresAt: tv.session.expiresAt,
    async hear(raw) {
      const parsed = tvMessage.safeParse(raw);
      if (!parsed.success) return refuseMalformed(connection, raw, parsed.error);
      const said = parsed.data;
      const sender = { centreId: subject.centreId, senderId: subject.id, commandId: said.id };
      switch (said.type) {
        case 'ping':
          return connection.send({ v: PROTOCOL_VERSION, type: 'pong', re: said.id });
        case 'registerTv':
          return connection.refuse(said.id, 'wrongState', 'This connection is registered already.');
        case 'request':
          return answer(connection, said.id, await door.request(sender, said.request));
        case 'viewer':
          return answer(connection, said.id, await door.viewer(sender, said.interactionId, said.command));
      }
    },
  };
}
