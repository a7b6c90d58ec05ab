/** What a registered TV says, as commands; what it is told when it comes (back). */
import { tvMessage, type RegisterMessage } from '../protocol/client.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { answer, refuseLive, refuseMalformed } from './answer.ts';
import type { Connection } from './connection.ts';
import { Session } from './session.ts';
import { TooOftenError, type SessionDeps } from './sessionDeps.ts';

/**
 * Registers a TV on a connection and sends what it missed.
 * @throws UnauthorizedError when the credentials are not accepted
 * @throws TooOftenError when it has registered or said too much in a short time
 */
export async function openTvSession(
  deps: SessionDeps,
  connection: Connection,
  message: RegisterMessage & { type: 'registerTv' },
): Promise<void> {
  const { registration, store, roster, clock } = deps;
  const { revocations } = registration;
  const tv = await registration.registerTv(message.credentials, message.told, connection.address);
  if (!deps.mayTalk(tv.tvId)) throw new TooOftenError();
  // Gone meanwhile: nobody would take it off the roster.
  if (!connection.open) return;
  const subject = { kind: 'tv', id: tv.tvId, centreId: tv.centre.id } as const;
  const session = new Session(subject, connection, deps.read, message);
  deps.opened(session);
  connection.expiresAt = tv.session.expiresAt;
  connection.sessionKey = tv.sessionKey;

  // A TV is one device: an older connection is a half-open one, or a copy of the app.
  for (const older of roster.of(tv.tvId)) older.connection.close('replaced', 'connected again elsewhere');
  connection.send({
    v: PROTOCOL_VERSION,
    type: 'registered',
    re: message.id,
    centre: tv.centre,
    session: tv.session,
    self: { role: 'tv', tvId: tv.tvId, name: tv.name },
    now: clock(),
  });
  // It is looked for once the session is on the roster: what opens from then on is told to it.
  const recorded = roster.add(session);
  // Revoked since it was looked at, nobody would have closed it.
  if (registration.revocations !== revocations) await registration.recheckSessions([tv.tvId]);
  const [open] = await Promise.all([store.openInteractionOf(tv.centre.id, tv.tvId), recorded]);
  // How it ended, for what ended while the TV was away; only what is this TV's own.
  for (const { interactionId } of message.resume) {
    if (interactionId === open) continue;
    const parties = await store.parties(tv.centre.id, interactionId);
    if (parties?.tvId !== tv.tvId) continue;
    await session.follow(interactionId);
    if (parties.ended) session.unfollow(interactionId);
  }
  if (open !== null) await session.follow(open);
  connection.send({ v: PROTOCOL_VERSION, type: 'resumed', open: open === null ? [] : [open] });
  // One that waits for nothing has no place to be told.
  if (open !== null) deps.lineChanged(tv.centre.id);
}

/** Takes a message of a registered TV, parses it and answers. */
export async function hearTv(deps: SessionDeps, session: Session, raw: object): Promise<void> {
  const { connection, subject } = session;
  const parsed = tvMessage.safeParse(raw);
  if (!parsed.success) return refuseMalformed(connection, raw, parsed.error);
  const said = parsed.data;
  if (said.type === 'live') return refuseLive(connection);
  const sender = { centreId: subject.centreId, senderId: subject.id, commandId: said.id };
  switch (said.type) {
    case 'ping':
      return connection.send({ v: PROTOCOL_VERSION, type: 'pong', re: said.id });
    case 'registerTv':
      return connection.refuse(said.id, 'wrongState', 'This connection is registered already.');
    case 'request':
      return answer(session, said.id, deps.door.request(sender, said.request));
    case 'viewer':
      return answer(session, said.id, deps.door.viewer(sender, said.interactionId, said.command));
  }
}
