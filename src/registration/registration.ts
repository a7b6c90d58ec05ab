/**
 * The registration component (185): TVs and agents prove who they are, tell about themselves, and
 * get a session (M1–M3). What they told is what matching looks at.
 */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Me } from '../protocol/api.ts';
import type { AgentTold, TvTold } from '../protocol/facts.ts';
import { createPasswordAuthenticator, type AgentAuthenticator } from './authenticator.ts';
import { ConflictError, UnauthorizedError } from './errors.ts';
import { createPairing, type Pairing } from './pairing.ts';
import { hashPassword } from './password.ts';
import type { AgentRecord, Centre, Customer, CustomerTold, RegistrationStore } from './ports.ts';
import { hashToken, mintToken, sameHash, sessionKeyOf } from './tokens.ts';

const DAY = 24 * 60 * 60 * 1000;

/** A TV that always comes with its secret keeps no more sessions than these; an agent signs in on that many computers. */
const SESSIONS_KEPT = 8;

export type TvCredentials =
  | { kind: 'secret'; serial: string; secret: string }
  /** The token of an earlier registration. */
  | { kind: 'session'; token: string };

export interface RegisteredTv {
  centre: Centre;
  tvId: string;
  name: string;
  session: { token: string; expiresAt: number };
  /** Which of its sessions this is. */
  sessionKey: string;
}

/** Told of a TV or agent some of whose sessions may not be good any more: connections of other sessions than these are over. */
export type RevokedListener = (subjectId: string, live: ReadonlySet<string>) => void;

export interface RegisteredAgent {
  centre: Centre;
  agentId: string;
  name: string;
  email: string;
  roles: Me['roles'];
  skills: string[];
  capacity: number;
  customersLookedAfter: string[];
  sessionExpiresAt: number;
  /** Which of their sessions this is. */
  sessionKey: string;
}

/** All times are milliseconds since the epoch. */
export interface Registration {
  /** For TVs that have no credentials yet. */
  readonly pairing: Pairing;
  /**
   * Registers a TV and keeps what it told. A session is answered with itself, its end moved on at most once a day.
   * @throws UnauthorizedError the same for an unknown serial, a wrong secret and a session that is over
   */
  registerTv(credentials: TvCredentials, told: TvTold, remoteAddress: string): Promise<RegisteredTv>;
  /**
   * Registers an agent's computer and keeps what it told.
   * @throws UnauthorizedError when the session is not live
   */
  registerAgent(token: string, told: AgentTold): Promise<RegisteredAgent>;
  setTvConnected(tvId: string, connected: boolean, now: number): Promise<void>;
  /** No TV is connected: said once when the service starts, for the TVs that a crash left as connected. */
  disconnectTvs(): Promise<void>;
  /** @throws UnauthorizedError the same, after the same work, for an unknown address and a wrong password */
  signIn(email: string, password: string): Promise<{ token: string; expiresAt: number; me: Me }>;
  /** Ends this session and tells the listeners. Harmless when it is over already. */
  signOut(token: string): Promise<void>;
  /** Who is signed in with this token; null when nobody is. */
  me(token: string): Promise<Me | null>;
  /** Ends every session of a TV or agent, and tells the listeners. */
  revokeSessions(subjectId: string): Promise<void>;
  /** Tells the listeners which sessions of these TVs and agents are live: for word from another process that some were revoked. */
  recheckSessions(subjectIds: string[]): Promise<void>;
  /** Grows with each word of revoked sessions: whoever was registering meanwhile is to be looked at again. */
  readonly revocations: number;
  /** Called so that connections of revoked sessions can be closed. */
  onRevoked(listener: RevokedListener): void;
  /**
   * Makes a TV known to a contact centre. The secret is told this once; only its hash is kept.
   * @param tv.secret one made elsewhere, at the factory for instance; at least 16 characters. Random when left out
   * @throws ConflictError when the centre has a TV of this serial
   */
  provisionTv(
    centreId: string,
    tv: { serial: string; name: string; customerId?: string; secret?: string },
  ): Promise<{ serial: string; secret: string }>;
  /** @throws ConflictError when the e-mail address is taken */
  addAgent(centreId: string, agent: NewAgent): Promise<{ agentId: string }>;
  /**
   * Gives an agent another password, which ends the sessions of the old one.
   * @returns false when nobody has this e-mail address
   */
  setPassword(email: string, password: string): Promise<boolean>;
  /**
   * Gives a TV another secret, told this once, and ends the sessions of the old one.
   * @returns null when the centre has no TV of this serial
   */
  renewTvSecret(centreId: string, serial: string): Promise<{ serial: string; secret: string } | null>;
}

export interface NewAgent {
  email: string;
  name: string;
  password: string;
  roles: Me['roles'];
  skills: string[];
  customersLookedAfter: string[];
  capacity: number;
}

export interface RegistrationOptions {
  store: RegistrationStore;
  /** Milliseconds since the epoch. */
  clock: () => number;
  /** How browsers reach the service, without a slash at the end; TVs show it to be paired. */
  publicUrl: string;
  /** Passwords in the store when left out. */
  authenticator?: AgentAuthenticator;
  /** Days that a TV's session lasts unused; 90 when left out. */
  tvSessionDays?: number;
  /** Days that an agent's session lasts, used or not; 7 when left out. */
  agentSessionDays?: number;
}

/** The registration component on a store. */
export function createRegistration(options: RegistrationOptions): Registration {
  const { store, clock, publicUrl, authenticator = createPasswordAuthenticator(store) } = options;
  const tvSessionMs = (options.tvSessionDays ?? 90) * DAY;
  const agentSessionMs = (options.agentSessionDays ?? 7) * DAY;
  const revokedListeners: RevokedListener[] = [];
  let revocations = 0;

  async function tvBySecret(serial: string, secret: string, now: number) {
    const known = await store.findTvsBySerial(serial);
    const hash = hashToken(secret);
    // Every candidate is compared, and one that nobody holds when there is none: an unknown serial takes as long.
    const candidates = known.length > 0 ? known.map((tv) => tv.secretHash) : [Buffer.alloc(hash.length)];
    const fits = candidates.map((candidate) => sameHash(candidate, hash));
    const tv = known[fits.indexOf(true)];
    if (tv === undefined) throw new UnauthorizedError();
    const session = await openSession('tv', tv.centre.id, tv.id, now, tvSessionMs);
    return { tv, session };
  }

  async function tvBySession(token: string, now: number) {
    const tokenHash = hashToken(token);
    const found = await store.findTvBySession(tokenHash, now);
    if (found === null) throw new UnauthorizedError();
    let { expiresAt } = found;
    if (expiresAt < now + tvSessionMs - DAY) {
      expiresAt = now + tvSessionMs;
      await store.slideSession(tokenHash, expiresAt);
    }
    return { tv: found.tv, session: { token, expiresAt } };
  }

  async function openSession(kind: 'tv' | 'agent', centreId: string, subjectId: string, now: number, lastsMs: number) {
    const token = mintToken();
    const expiresAt = now + lastsMs;
    await store.insertSession(
      { tokenHash: hashToken(token), centreId, kind, subjectId, createdAt: now, expiresAt },
      SESSIONS_KEPT,
    );
    return { token, expiresAt };
  }

  async function recheck(subjectIds: string[]) {
    revocations += 1;
    const live = Map.groupBy(await store.listSessions(subjectIds, clock()), ({ subjectId }) => subjectId);
    for (const id of subjectIds) {
      const keys = new Set(live.get(id)?.map(({ tokenHash }) => sessionKeyOf(tokenHash)));
      for (const listener of revokedListeners) listener(id, keys);
    }
  }

  return {
    pairing: createPairing({ store, clock, publicUrl, onRevoked: (tvId) => recheck([tvId]) }),

    async registerTv(credentials, told, remoteAddress) {
      const now = clock();
      const { tv, session } =
        credentials.kind === 'secret'
          ? await tvBySecret(credentials.serial, credentials.secret, now)
          : await tvBySession(credentials.token, now);
      const news = newsOfCustomer(tv.customer, told.user);
      // A TV that comes back with nothing new costs one read.
      if (news !== null || tv.remoteAddress !== remoteAddress || !isDeepStrictEqual(tv.told, told)) {
        await store.recordTvTold(tv.centre.id, tv.id, { told, remoteAddress, customer: news, at: now });
      }
      const sessionKey = sessionKeyOf(hashToken(session.token));
      return { centre: tv.centre, tvId: tv.id, name: tv.name, session, sessionKey };
    },

    async registerAgent(token, told) {
      const tokenHash = hashToken(token);
      const found = await store.findAgentBySession(tokenHash, clock());
      if (found === null) throw new UnauthorizedError();
      const { agent, expiresAt } = found;
      await store.recordAgentTold(agent.centre.id, agent.id, told);
      return {
        centre: agent.centre,
        agentId: agent.id,
        name: agent.name,
        email: agent.email,
        roles: agent.roles,
        skills: agent.skills,
        capacity: agent.capacity,
        customersLookedAfter: agent.customersLookedAfter,
        sessionExpiresAt: expiresAt,
        sessionKey: sessionKeyOf(tokenHash),
      };
    },

    setTvConnected: (tvId, connected, now) => store.setTvConnected(tvId, connected, now),

    disconnectTvs: () => store.disconnectTvs(),

    async signIn(email, password) {
      const agent = await authenticator.authenticate({ kind: 'password', email, password });
      if (agent === null) throw new UnauthorizedError();
      const session = await openSession('agent', agent.centre.id, agent.id, clock(), agentSessionMs);
      // Those beyond what is kept are over.
      await recheck([agent.id]);
      return { ...session, me: meOf(agent) };
    },

    async signOut(token) {
      const subjectId = await store.revokeSession(hashToken(token), clock());
      if (subjectId !== null) await recheck([subjectId]);
    },

    async me(token) {
      const found = await store.findAgentBySession(hashToken(token), clock());
      return found && meOf(found.agent);
    },

    async revokeSessions(subjectId) {
      await store.revokeSessions(subjectId, clock());
      await recheck([subjectId]);
    },

    recheckSessions: recheck,

    get revocations() {
      return revocations;
    },

    onRevoked(listener) {
      revokedListeners.push(listener);
    },

    async provisionTv(centreId, { serial, name, customerId, secret = mintToken() }) {
      if (secret.length < 16)
        throw new RangeError('The secret is too short: give one of 16 characters or more, or none.');
      const inserted = await store.insertTv({
        id: randomUUID(),
        centreId,
        serial,
        secretHash: hashToken(secret),
        name,
        customerId: customerId ?? null,
      });
      if (!inserted) {
        throw new ConflictError(
          `A TV with the serial ${serial} is known already. Pair it again to give it new credentials.`,
        );
      }
      return { serial, secret };
    },

    async addAgent(centreId, { password, ...agent }) {
      const id = randomUUID();
      const passwordHash = await hashPassword(password);
      if (!(await store.insertAgent({ ...agent, id, centreId, passwordHash }))) {
        throw new ConflictError(
          `An agent with the e-mail address ${agent.email} is known already. Use another address.`,
        );
      }
      return { agentId: id };
    },

    async setPassword(email, password) {
      const agent = await store.findAgentByEmail(email);
      if (agent === null) return false;
      const passwordHash = await hashPassword(password);
      await store.setPassword({ centreId: agent.centre.id, id: agent.id, passwordHash }, clock());
      await recheck([agent.id]);
      return true;
    },

    async renewTvSecret(centreId, serial) {
      const tv = (await store.findTvsBySerial(serial)).find((one) => one.centre.id === centreId);
      if (tv === undefined) return null;
      const secret = mintToken();
      await store.setTvSecret({ centreId, id: tv.id, secretHash: hashToken(secret) }, clock());
      await recheck([tv.id]);
      return { serial, secret };
    },
  };
}

/** What the TV told of its user, when it is more than is known; null when it is not. */
function newsOfCustomer(known: Customer | null, told: TvTold['user']): CustomerTold | null {
  if (told === null) return null;
  const same =
    known !== null &&
    known.reference === told.reference &&
    known.name === told.name &&
    (told.address === null || known.address === told.address) &&
    (told.number === null || known.number === told.number);
  return same ? null : { id: randomUUID(), ...told };
}

function meOf(agent: AgentRecord): Me {
  return { agentId: agent.id, name: agent.name, email: agent.email, roles: agent.roles, centre: agent.centre };
}
