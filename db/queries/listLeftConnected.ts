import type { Queryable } from '../database.ts';

/**
 * What the service before left behind: agents recorded as connected, or whose talk waits for them to come back; open
 * interactions whose TV is recorded as connected.
 */
export async function listLeftConnected(db: Queryable): Promise<{
  agents: { centreId: string; agentId: string }[];
  interactions: { centreId: string; interactionId: string }[];
}> {
  const agents = await db.query<{ centreId: string; agentId: string }>(
    `select centre_id as "centreId", agent_id as "agentId" from agent_records
     where connected or jsonb_path_exists(record->'work', '$[*] ? (@.phase == "engaged" || @.phase == "inviting")')`,
  );
  const interactions = await db.query<{ centreId: string; interactionId: string }>(
    `select centre_id as "centreId", id as "interactionId" from interactions
     where state not in ('closed', 'abandoned') and snapshot->>'tvLostAt' is null`,
  );
  return { agents: agents.rows, interactions: interactions.rows };
}
