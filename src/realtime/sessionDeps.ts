/** What sessions of TVs and agents stand on. */
import type { Door } from '../events/door.ts';
import type { Clock, Store } from '../events/ports.ts';
import type { Registration } from '../registration/registration.ts';
import type { Roster } from './roster.ts';
import type { ReadEvents, Session } from './session.ts';

export interface SessionDeps {
  registration: Registration;
  door: Pick<Door, 'request' | 'viewer' | 'agent' | 'invite' | 'setWish' | 'agentKnown'>;
  store: Store;
  roster: Roster;
  read: ReadEvents;
  /** Takes one of what a TV or agent may say, over all its connections; false when it says too much. */
  mayTalk: (subjectId: string) => boolean;
  /** From here on the connection is the session's: it is taken off the roster when the connection is gone. */
  opened: (session: Session) => void;
  /** The line of a centre is to be said (again). */
  lineChanged: (centreId: string) => void;
  clock: Clock;
}

/** A TV or agent registers again and again: the credentials are good, and still it has to wait. */
export class TooOftenError extends Error {
  override name = 'TooOftenError';
}
