/** What the registration component keeps, in Postgres. */
import type { RegistrationStore } from '../src/registration/ports.ts';
import { inTransaction, type Database } from './database.ts';
import { disconnectTvs } from './queries/disconnectTvs.ts';
import { findAgentByEmail } from './queries/findAgentByEmail.ts';
import { findAgentBySession } from './queries/findAgentBySession.ts';
import { findTv } from './queries/findTv.ts';
import { findTvBySession } from './queries/findTvBySession.ts';
import { findTvsBySerial } from './queries/findTvsBySerial.ts';
import { insertAgent } from './queries/insertAgent.ts';
import { insertSession } from './queries/insertSession.ts';
import { insertTv } from './queries/insertTv.ts';
import { revokeSession } from './queries/revokeSession.ts';
import { revokeSessions } from './queries/revokeSessions.ts';
import { updateAgentTold } from './queries/updateAgentTold.ts';
import { updateSessionEnd } from './queries/updateSessionEnd.ts';
import { updateTvConnected } from './queries/updateTvConnected.ts';
import { updateTvTold } from './queries/updateTvTold.ts';
import { upsertCustomer } from './queries/upsertCustomer.ts';

export function createRegistrationStore(database: Database): RegistrationStore {
  return {
    findTvsBySerial: (serial) => findTvsBySerial(database, serial),
    findTv: (centreId, tvId) => findTv(database, centreId, tvId),
    findTvBySession: (tokenHash, now) => findTvBySession(database, tokenHash, now),
    insertTv: (tv) => insertTv(database, tv),
    async recordTvTold(centreId, tvId, { customer: told, ...news }) {
      if (told === null) {
        await updateTvTold(database, centreId, tvId, { ...news, customerId: null });
        return null;
      }
      return await inTransaction(database, async (client) => {
        const customer = await upsertCustomer(client, centreId, told);
        await updateTvTold(client, centreId, tvId, { ...news, customerId: customer.id });
        return customer;
      });
    },
    setTvConnected: (tvId, connected, at) => updateTvConnected(database, tvId, connected, at),
    disconnectTvs: () => disconnectTvs(database),
    findAgentByEmail: (email) => findAgentByEmail(database, email),
    findAgentBySession: (tokenHash, now) => findAgentBySession(database, tokenHash, now),
    insertAgent: (agent) => insertAgent(database, agent),
    recordAgentTold: (centreId, agentId, told) => updateAgentTold(database, centreId, agentId, told),
    insertSession: (session, keep) => insertSession(database, session, keep),
    slideSession: (tokenHash, expiresAt) => updateSessionEnd(database, tokenHash, expiresAt),
    revokeSession: (tokenHash, now) => revokeSession(database, tokenHash, now),
    revokeSessions: (subjectId, now) => revokeSessions(database, subjectId, now),
  };
}
