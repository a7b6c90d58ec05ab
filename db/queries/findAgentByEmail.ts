import type { AgentRecord } from '../../src/registration/ports.ts';
import type { Queryable } from '../database.ts';
import { agentColumns, agentOfRow, agentTables, type AgentRow } from './agentRow.ts';

/** In every contact centre: an e-mail address belongs to one agent of one centre. Compared without case. */
export async function findAgentByEmail(database: Queryable, email: string): Promise<AgentRecord | null> {
  const { rows } = await database.query<AgentRow>(
    `select ${agentColumns} from ${agentTables} where lower(agents.email) = lower($1)`,
    [email],
  );
  return rows[0] === undefined ? null : agentOfRow(rows[0]);
}
