import type { Agent } from '../../src/agent/agent.ts';
import type { Versioned } from '../../src/events/ports.ts';
import type { Queryable } from '../database.ts';

/** An agent's presence and work; null for one who never connected. */
export async function loadAgentRecord(
  db: Queryable,
  centreId: string,
  agentId: string,
): Promise<Versioned<Agent> | null> {
  const { rows } = await db.query<Versioned<Agent>>({
    name: 'load-agent-record',
    text: `select record as value, version from agent_records where agent_id = $2 and centre_id = $1`,
    values: [centreId, agentId],
  });
  return rows[0] ?? null;
}
