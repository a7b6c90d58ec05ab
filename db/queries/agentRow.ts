/** The columns of an agent with its centre, and the record they make. Shared by the queries that find one. */
import type { AgentRecord } from '../../src/registration/ports.ts';

export const agentColumns = `
  agents.id, agents.email, agents.name, agents.password_hash, agents.roles, agents.skills,
  agents.customers_looked_after, agents.capacity, centres.id as centre_id, centres.name as centre_name`;

export const agentTables = 'agents join centres on centres.id = agents.centre_id';

export interface AgentRow {
  id: string;
  email: string;
  name: string;
  password_hash: string;
  roles: AgentRecord['roles'];
  skills: string[];
  customers_looked_after: string[];
  capacity: number;
  centre_id: string;
  centre_name: string;
}

export function agentOfRow(row: AgentRow): AgentRecord {
  return {
    id: row.id,
    centre: { id: row.centre_id, name: row.centre_name },
    email: row.email,
    name: row.name,
    passwordHash: row.password_hash,
    roles: row.roles,
    skills: row.skills,
    customersLookedAfter: row.customers_looked_after,
    capacity: row.capacity,
  };
}
