import type { AgentRecord } from '../../src/registration/ports.ts';
import type { Queryable } from '../database.ts';

/** @returns false when the e-mail address is taken */
export async function insertAgent(
  database: Queryable,
  agent: Omit<AgentRecord, 'centre'> & { centreId: string },
): Promise<boolean> {
  const { rowCount } = await database.query(
    `insert into agents (id, centre_id, email, name, password_hash, roles, skills, customers_looked_after, capacity)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (lower(email)) do nothing`,
    [
      agent.id,
      agent.centreId,
      agent.email,
      agent.name,
      agent.passwordHash,
      agent.roles,
      agent.skills,
      agent.customersLookedAfter,
      agent.capacity,
    ],
  );
  return rowCount === 1;
}
