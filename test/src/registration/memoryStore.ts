/** The registration component's store in memory; test/contract/registrationStore.test.ts holds it to what Postgres does. */
import type {
  AgentRecord,
  Centre,
  Customer,
  CustomerTold,
  NewPairing,
  NewTv,
  PairingConfirmation,
  RegistrationStore,
  Session,
  TvRecord,
} from '../../../src/registration/ports.ts';
import type { AgentTold } from '../../../src/protocol/facts.ts';

interface KeptPairing extends NewPairing {
  status: 'pending' | 'confirmed' | 'denied' | 'claimed';
  polledAt: number | null;
  confirmation: PairingConfirmation | null;
}

type KeptTv = Omit<TvRecord, 'centre' | 'customer'> & { centreId: string; customerId: string | null };

export interface MemoryStore extends RegistrationStore {
  addCentre(centre: Centre): Promise<void>;
  addCustomer(centreId: string, customer: Customer): Promise<void>;
  /** How often anything was asked of it. */
  readonly asked: string[];
  readonly agentsTold: Map<string, AgentTold>;
  readonly sessions: Map<string, Session & { revokedAt: number | null }>;
}

export function createMemoryStore(): MemoryStore {
  const asked: string[] = [];
  const centres = new Map<string, Centre>();
  const customers = new Map<string, Customer & { centreId: string }>();
  const tvs = new Map<string, KeptTv>();
  const agents = new Map<string, AgentRecord>();
  const agentsTold = new Map<string, AgentTold>();
  const sessions = new Map<string, Session & { revokedAt: number | null }>();
  const pairings = new Map<string, KeptPairing>();

  const key = (hash: Buffer) => hash.toString('hex');
  const tvOf = ({ centreId, customerId, ...tv }: KeptTv): TvRecord => {
    const kept = customerId === null ? undefined : customers.get(customerId);
    if (kept === undefined) return { ...tv, centre: centres.get(centreId)!, customer: null };
    const { centreId: _, ...customer } = kept;
    return { ...tv, centre: centres.get(centreId)!, customer };
  };
  const liveSession = (hash: Buffer, kind: Session['kind'], now: number) => {
    const session = sessions.get(key(hash));
    return session?.kind === kind && session.revokedAt === null && session.expiresAt > now ? session : null;
  };
  const sessionsOf = (subjectId: string) => [...sessions.values()].filter((one) => one.subjectId === subjectId);
  const pendingPairing = (userCode: string, now: number) =>
    [...pairings.values()].find((one) => one.userCode === userCode && one.status === 'pending' && one.expiresAt > now);

  function upsertCustomer(centreId: string, told: CustomerTold): Customer {
    const known = [...customers.values()].find((one) => one.centreId === centreId && one.reference === told.reference);
    const next = {
      ...told,
      id: known?.id ?? told.id,
      address: told.address ?? known?.address ?? null,
      number: told.number ?? known?.number ?? null,
    };
    customers.set(next.id, { ...next, centreId });
    return next;
  }

  async function insertTv({ secretHash, customerId, ...tv }: NewTv): Promise<boolean> {
    if ([...tvs.values()].some((one) => one.centreId === tv.centreId && one.serial === tv.serial)) return false;
    const mine = customerId !== null && customers.get(customerId)?.centreId === tv.centreId;
    tvs.set(tv.id, {
      ...tv,
      secretHash,
      customerId: mine ? customerId : null,
      told: null,
      remoteAddress: null,
      connected: false,
    });
    return true;
  }

  const store: RegistrationStore = {
    async findTvsBySerial(serial) {
      return [...tvs.values()].filter((tv) => tv.serial === serial).map(tvOf);
    },
    async findTv(centreId, tvId) {
      const tv = tvs.get(tvId);
      return tv?.centreId === centreId ? tvOf(tv) : null;
    },
    async findTvBySession(tokenHash, now) {
      const session = liveSession(tokenHash, 'tv', now);
      const tv = session && tvs.get(session.subjectId);
      return session && tv ? { tv: tvOf(tv), expiresAt: session.expiresAt } : null;
    },
    insertTv,
    async recordTvTold(centreId, tvId, { told, remoteAddress, customer: toldOfCustomer }) {
      const customer = toldOfCustomer && upsertCustomer(centreId, toldOfCustomer);
      const tv = tvs.get(tvId);
      if (tv?.centreId === centreId) {
        tvs.set(tvId, { ...tv, told, remoteAddress, customerId: customer?.id ?? tv.customerId });
      }
      return customer;
    },
    async setTvConnected(tvId, connected) {
      const tv = tvs.get(tvId);
      if (tv !== undefined) tvs.set(tvId, { ...tv, connected });
    },
    async disconnectTvs() {
      for (const [id, tv] of tvs) tvs.set(id, { ...tv, connected: false });
    },

    async findAgentByEmail(email) {
      return [...agents.values()].find((one) => one.email.toLowerCase() === email.toLowerCase()) ?? null;
    },
    async findAgentBySession(tokenHash, now) {
      const session = liveSession(tokenHash, 'agent', now);
      const agent = session && agents.get(session.subjectId);
      return session && agent ? { agent, expiresAt: session.expiresAt } : null;
    },
    async insertAgent({ centreId, ...agent }) {
      if ((await store.findAgentByEmail(agent.email)) !== null) return false;
      agents.set(agent.id, { ...agent, centre: centres.get(centreId)! });
      return true;
    },
    async recordAgentTold(centreId, agentId, told) {
      if (agents.get(agentId)?.centre.id === centreId) agentsTold.set(agentId, told);
    },

    async insertSession(session, keep) {
      const live: Session[] = [];
      for (const one of sessionsOf(session.subjectId)) {
        if (one.revokedAt !== null || one.expiresAt <= session.createdAt) sessions.delete(key(one.tokenHash));
        else live.push(one);
      }
      live.sort((a, b) => b.createdAt - a.createdAt || a.tokenHash.compare(b.tokenHash));
      for (const one of live.slice(keep - 1)) sessions.delete(key(one.tokenHash));
      sessions.set(key(session.tokenHash), { ...session, revokedAt: null });
    },
    async slideSession(tokenHash, expiresAt) {
      const session = sessions.get(key(tokenHash));
      if (session?.revokedAt === null) session.expiresAt = expiresAt;
    },
    async revokeSession(tokenHash, now) {
      const session = sessions.get(key(tokenHash));
      if (session === undefined || session.revokedAt !== null || session.expiresAt <= now) return null;
      session.revokedAt = now;
      return session.subjectId;
    },
    async revokeSessions(subjectId, now) {
      for (const session of sessionsOf(subjectId)) session.revokedAt ??= now;
    },
    async listSessions(subjectIds, now) {
      const all = subjectIds.flatMap((id) => sessionsOf(id));
      return all.filter((one) => one.revokedAt === null && one.expiresAt > now);
    },
    async setPassword({ centreId, id, passwordHash }, now) {
      const agent = agents.get(id);
      if (agent?.centre.id === centreId) agents.set(id, { ...agent, passwordHash });
      await store.revokeSessions(id, now);
    },
    async setTvSecret({ centreId, id, secretHash }, now) {
      const tv = tvs.get(id);
      if (tv?.centreId === centreId) tvs.set(id, { ...tv, secretHash });
      await store.revokeSessions(id, now);
    },

    async insertPairing(pairing) {
      if ([...pairings.values()].some((one) => one.userCode === pairing.userCode)) return false;
      pairings.set(key(pairing.deviceCodeHash), { ...pairing, status: 'pending', polledAt: null, confirmation: null });
      return true;
    },
    async pollPairing(deviceCodeHash, now, slowDownS) {
      const pairing = pairings.get(key(deviceCodeHash));
      if (pairing === undefined) return null;
      const tooSoon = pairing.polledAt !== null && now < pairing.polledAt + pairing.intervalS * 1000;
      pairing.polledAt = now;
      if (tooSoon) pairing.intervalS += slowDownS;
      return { status: pairing.status, expiresAt: pairing.expiresAt, tooSoon };
    },
    async findPendingPairing(userCode, now) {
      const pairing = pendingPairing(userCode, now);
      return pairing === undefined
        ? null
        : { model: pairing.model, serial: pairing.serial, expiresAt: pairing.expiresAt };
    },
    async confirmPairing(userCode, confirmation, now) {
      const pairing = pendingPairing(userCode, now);
      if (pairing === undefined) return false;
      Object.assign(pairing, { status: 'confirmed', confirmation });
      return true;
    },
    async denyPairing(userCode, now) {
      const pairing = pendingPairing(userCode, now);
      if (pairing === undefined) return false;
      pairing.status = 'denied';
      return true;
    },
    async claimPairing(deviceCodeHash, { id, serial: madeUp, secretHash }, now) {
      const pairing = pairings.get(key(deviceCodeHash));
      if (pairing?.status !== 'confirmed' || pairing.expiresAt <= now || pairing.confirmation === null) return null;
      pairing.status = 'claimed';
      const { centreId, name, customer: told } = pairing.confirmation;
      const customerId = told && upsertCustomer(centreId, told).id;
      const serial = pairing.serial ?? madeUp;
      if (await insertTv({ id, centreId, serial, secretHash, name, customerId })) return { tvId: id, serial };
      const known = [...tvs.values()].find((tv) => tv.centreId === centreId && tv.serial === serial)!;
      tvs.set(known.id, { ...known, secretHash, name, customerId });
      await store.revokeSessions(known.id, now);
      return { tvId: known.id, serial };
    },
    async purgePairings(before) {
      for (const [hash, pairing] of pairings) if (pairing.expiresAt < before) pairings.delete(hash);
    },
  };

  const counted = Object.fromEntries(
    Object.entries(store).map(([name, method]) => [
      name,
      (...values: unknown[]) => {
        asked.push(name);
        return (method as (...all: unknown[]) => unknown)(...values);
      },
    ]),
  ) as unknown as RegistrationStore;

  return {
    ...counted,
    asked,
    agentsTold,
    sessions,
    async addCentre(centre) {
      centres.set(centre.id, centre);
    },
    async addCustomer(centreId, customer) {
      customers.set(customer.id, { ...customer, centreId });
    },
  };
}
