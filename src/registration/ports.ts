/** What the registration component needs kept. db/registrationStore.ts keeps it in Postgres. */
import type { Me, PastInteraction, TvListed } from '../protocol/api.ts';
import type { AgentTold, TvTold } from '../protocol/facts.ts';

export interface Centre {
  id: string;
  name: string;
}

/** One whom a contact centre serves (M24). */
export interface Customer {
  id: string;
  /** The customer's number in the operator's or hospital's own books; unique within the centre. */
  reference: string;
  name: string;
  address: string | null;
  number: string | null;
}

/** What was told of a customer; null leaves what is known. `id` is used when the reference is new. */
export type CustomerTold = Customer;

export interface TvRecord {
  id: string;
  centre: Centre;
  serial: string;
  /** SHA-256. */
  secretHash: Buffer;
  /** How people in the home call it. */
  name: string;
  customer: Customer | null;
  /** Null until it registers for the first time. */
  told: TvTold | null;
  remoteAddress: string | null;
  connected: boolean;
}

export interface NewTv {
  id: string;
  centreId: string;
  serial: string;
  secretHash: Buffer;
  name: string;
  customerId: string | null;
}

export interface AgentRecord {
  id: string;
  centre: Centre;
  email: string;
  name: string;
  /** argon2id in PHC string format. */
  passwordHash: string;
  roles: Me['roles'];
  skills: string[];
  /** Ids of customers. */
  customersLookedAfter: string[];
  /** How many interactions at once, 1 to 20. */
  capacity: number;
}

export interface Session {
  /** SHA-256 of the token, which itself is kept nowhere. */
  tokenHash: Buffer;
  centreId: string;
  kind: 'tv' | 'agent';
  /** The TV's or agent's id. */
  subjectId: string;
  createdAt: number;
  expiresAt: number;
}

/** A TV without credentials that shows a code (RFC 8628). */
export interface NewPairing {
  /** SHA-256 of the device code. */
  deviceCodeHash: Buffer;
  /** Eight letters, without the hyphen. */
  userCode: string;
  model: string;
  /** Null when the TV told none. */
  serial: string | null;
  intervalS: number;
  expiresAt: number;
}

/** How a pairing stood when its TV asked. */
export interface PairingPoll {
  status: 'pending' | 'confirmed' | 'denied' | 'claimed';
  expiresAt: number;
  /** True when the TV asked again before its interval was over; the interval has grown by `slowDownS`. */
  tooSoon: boolean;
}

/** What a signed-in agent said about a TV that shows a code. */
export interface PairingConfirmation {
  centreId: string;
  name: string;
  customer: CustomerTold | null;
}

/** Times are milliseconds since the epoch. Each method is atomic. */
export interface RegistrationStore {
  /** In every contact centre: which one the TV belongs to is known only once its secret fits. */
  findTvsBySerial(serial: string): Promise<TvRecord[]>;
  findTv(centreId: string, tvId: string): Promise<TvRecord | null>;
  /** Null when the session is unknown, over at `now`, revoked, or not a TV's. */
  findTvBySession(tokenHash: Buffer, now: number): Promise<{ tv: TvRecord; expiresAt: number } | null>;
  /** @returns false when the centre has a TV of this serial */
  insertTv(tv: NewTv): Promise<boolean>;
  /**
   * Keeps what a TV told, and that it was heard at `at`.
   * @param news.customer created, or updated where its reference is known, and made the TV's; null leaves the TV's customer
   * @returns that customer as it is known now; null when none was told
   */
  recordTvTold(
    centreId: string,
    tvId: string,
    news: { told: TvTold; remoteAddress: string; customer: CustomerTold | null; at: number },
  ): Promise<Customer | null>;
  setTvConnected(tvId: string, connected: boolean, at: number): Promise<void>;
  /** No TV is connected: for a service that just started. */
  disconnectTvs(): Promise<void>;

  /** E-mail addresses are compared without case. */
  findAgentByEmail(email: string): Promise<AgentRecord | null>;
  /** Null when the session is unknown, over at `now`, revoked, or not an agent's. */
  findAgentBySession(tokenHash: Buffer, now: number): Promise<{ agent: AgentRecord; expiresAt: number } | null>;
  /** @returns false when the e-mail address is taken, in whichever centre */
  insertAgent(agent: Omit<AgentRecord, 'centre'> & { centreId: string }): Promise<boolean>;
  recordAgentTold(centreId: string, agentId: string, told: AgentTold): Promise<void>;

  /** Also forgets the subject's sessions that are over, and all but its `keep` newest. */
  insertSession(session: Session, keep: number): Promise<void>;
  slideSession(tokenHash: Buffer, expiresAt: number): Promise<void>;
  /** @returns whose it was; null when it was not live */
  revokeSession(tokenHash: Buffer, now: number): Promise<string | null>;
  /** Every service on this store hears of it, whichever process it is. */
  revokeSessions(subjectId: string, now: number): Promise<void>;
  /** The live sessions of these TVs and agents at `now`, in any order. */
  listSessions(subjectIds: string[], now: number): Promise<{ subjectId: string; tokenHash: Buffer }[]>;
  /** Also revokes the agent's sessions, as `revokeSessions` does. */
  setPassword(agent: { centreId: string; id: string; passwordHash: string }, now: number): Promise<void>;
  /** Also revokes the TV's sessions, as `revokeSessions` does. */
  setTvSecret(tv: { centreId: string; id: string; secretHash: Buffer }, now: number): Promise<void>;

  /** @returns false when the user code is taken */
  insertPairing(pairing: NewPairing): Promise<boolean>;
  /** Notes that the TV asked at `now`. Null when nobody has this device code. */
  pollPairing(deviceCodeHash: Buffer, now: number, slowDownS: number): Promise<PairingPoll | null>;
  /** Null unless it is pending at `now`. */
  findPendingPairing(
    userCode: string,
    now: number,
  ): Promise<{ model: string; serial: string | null; expiresAt: number } | null>;
  /** @returns false when it is not pending at `now` */
  confirmPairing(userCode: string, confirmation: PairingConfirmation, now: number): Promise<boolean>;
  /** @returns false when it is not pending at `now` */
  denyPairing(userCode: string, now: number): Promise<boolean>;
  /**
   * Makes the TV of a confirmed pairing, or gives the centre's TV of that serial new credentials, revokes the sessions
   * of the old ones, and marks the pairing as claimed. Of several at once, one gets it.
   * @param tv.id used when the centre has no TV of this serial
   * @param tv.serial used when the TV told none
   * @returns null unless it is confirmed at `now`
   */
  claimPairing(
    deviceCodeHash: Buffer,
    tv: { id: string; serial: string; secretHash: Buffer },
    now: number,
  ): Promise<{ tvId: string; serial: string } | null>;
  /** Forgets pairings that were over before `before`. */
  purgePairings(before: number): Promise<void>;
}

/** What the desktop's pages read of a centre's TVs. */
export interface TvDirectory {
  /** By name, connected ones first; at most 100. `search` is looked for in name, serial and customer's name. */
  listTvs(centreId: string, search: string): Promise<TvListed[]>;
  /** Newest first, at most 50; null when the centre has no such TV. */
  tvHistory(centreId: string, tvId: string): Promise<PastInteraction[] | null>;
}
