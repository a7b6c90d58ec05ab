/** What the registration component keeps, in Postgres. */
import type { RegistrationStore } from '../src/registration/ports.ts';
import { inTransaction, type Database, type Queryable } from './database.ts';
import { gather } from './gather.ts';
import type { Memory } from './memory.ts';
import { announceRevoked } from './queries/announceRevoked.ts';
import { claimPairing } from './queries/claimPairing.ts';
import { confirmPairing } from './queries/confirmPairing.ts';
import { denyPairing } from './queries/denyPairing.ts';
import { disconnectTvs } from './queries/disconnectTvs.ts';
import { findAgentByEmail } from './queries/findAgentByEmail.ts';
import { findAgentBySession } from './queries/findAgentBySession.ts';
import { findPendingPairing } from './queries/findPendingPairing.ts';
import { findTv } from './queries/findTv.ts';
import { findTvsBySerial } from './queries/findTvsBySerial.ts';
import { findTvsBySession } from './queries/findTvsBySession.ts';
import { insertAgent } from './queries/insertAgent.ts';
import { insertPairing } from './queries/insertPairing.ts';
import { insertSession } from './queries/insertSession.ts';
import { insertTv } from './queries/insertTv.ts';
import { linkPairing } from './queries/linkPairing.ts';
import { listSessions } from './queries/listSessions.ts';
import { pollPairing } from './queries/pollPairing.ts';
import { purgePairings } from './queries/purgePairings.ts';
import { revokeSession } from './queries/revokeSession.ts';
import { revokeSessions } from './queries/revokeSessions.ts';
import { updateAgentTold } from './queries/updateAgentTold.ts';
import { updatePassword } from './queries/updatePassword.ts';
import { updateSessionEnd } from './queries/updateSessionEnd.ts';
import { updateTvsConnected } from './queries/updateTvsConnected.ts';
import { updateTvSecret } from './queries/updateTvSecret.ts';
import { updateTvTold } from './queries/updateTvTold.ts';
import { upsertCustomer } from './queries/upsertCustomer.ts';
import { upsertPairedTv } from './queries/upsertPairedTv.ts';

/** @param memory of TVs, where one is kept in this process */
export function createRegistrationStore(database: Database, memory?: Memory): RegistrationStore {
  // When the service or a network comes back, TVs do so by the thousand.
  const findBySession = gather((sessions: { tokenHash: Buffer; now: number }[]) =>
    findTvsBySession(database, sessions),
  );
  const setConnected = gather(async (changes: { tvId: string; connected: boolean; at: number }[]) => {
    await updateTvsConnected(database, changes);
    return [];
  });
  return {
    findTvsBySerial: (serial) => findTvsBySerial(database, serial),
    findTv: (centreId, tvId) => findTv(database, centreId, tvId),
    findTvBySession: (tokenHash, now) => findBySession({ tokenHash, now }),
    insertTv: (tv) => insertTv(database, tv),
    async recordTvTold(centreId, tvId, { customer: told, ...news }) {
      // A press may follow sooner than the notice of this.
      const tellItself = () => memory?.forget(['tv', centreId, tvId]);
      if (told === null) {
        await updateTvTold(database, centreId, tvId, { ...news, customerId: null }).finally(tellItself);
        return null;
      }
      return await inTransaction(database, async (client) => {
        const customer = await upsertCustomer(client, centreId, told);
        await updateTvTold(client, centreId, tvId, { ...news, customerId: customer.id });
        return customer;
      }).finally(tellItself);
    },
    setTvConnected: (tvId, connected, at) => setConnected({ tvId, connected, at }),
    disconnectTvs: () => disconnectTvs(database),
    findAgentByEmail: (email) => findAgentByEmail(database, email),
    findAgentBySession: (tokenHash, now) => findAgentBySession(database, tokenHash, now),
    insertAgent: (agent) => insertAgent(database, agent),
    recordAgentTold: (centreId, agentId, told) => updateAgentTold(database, centreId, agentId, told),
    insertSession: (session, keep) => insertSession(database, session, keep),
    slideSession: (tokenHash, expiresAt) => updateSessionEnd(database, tokenHash, expiresAt),
    revokeSession: (tokenHash, now) => revokeSession(database, tokenHash, now),
    revokeSessions: (subjectId, now) => inTransaction(database, (client) => revoke(client, subjectId, now)),
    listSessions: (subjectIds, now) => listSessions(database, subjectIds, now),
    setPassword: ({ centreId, id, passwordHash }, now) =>
      inTransaction(database, async (client) => {
        await updatePassword(client, centreId, id, passwordHash);
        await revoke(client, id, now);
      }),
    setTvSecret: ({ centreId, id, secretHash }, now) =>
      inTransaction(database, async (client) => {
        await updateTvSecret(client, centreId, id, secretHash);
        await revoke(client, id, now);
      }),

    insertPairing: (pairing) => insertPairing(database, pairing),
    pollPairing: (deviceCodeHash, now, slowDownS) => pollPairing(database, deviceCodeHash, now, slowDownS),
    findPendingPairing: (userCode, now) => findPendingPairing(database, userCode, now),
    confirmPairing: (userCode, confirmation, now) => confirmPairing(database, userCode, confirmation, now),
    denyPairing: (userCode, now) => denyPairing(database, userCode, now),
    claimPairing: (deviceCodeHash, tv, now) =>
      inTransaction(database, async (client) => {
        const claimed = await claimPairing(client, deviceCodeHash, now);
        if (claimed === null) return null;
        const { centreId, name } = claimed;
        const customer = claimed.customer && (await upsertCustomer(client, centreId, claimed.customer));
        const serial = claimed.serial ?? tv.serial;
        const tvId = await upsertPairedTv(client, { ...tv, centreId, serial, name, customerId: customer?.id ?? null });
        await revoke(client, tvId, now);
        await linkPairing(client, deviceCodeHash, tvId);
        return { tvId, serial };
      }),
    purgePairings: (before) => purgePairings(database, before),
  };
}

async function revoke(client: Queryable, subjectId: string, now: number): Promise<void> {
  await revokeSessions(client, subjectId, now);
  await announceRevoked(client, subjectId);
}
