import type { AgentTold } from '../../src/protocol/facts.ts';
import type { Queryable } from '../database.ts';

export async function updateAgentTold(
  database: Queryable,
  centreId: string,
  agentId: string,
  told: AgentTold,
): Promise<void> {
  await database.query('update agents set told = $3, told_at = now() where centre_id = $1 and id = $2', [
    centreId,
    agentId,
    told,
  ]);
}
