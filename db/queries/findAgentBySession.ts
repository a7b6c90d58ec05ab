import type { AgentRecord } from '../../src/registration/ports.ts';
import type { Queryable } from '../database.ts';
import { agentColumns, agentOfRow, agentTables, type AgentRow } from './agentRow.ts';

/** Null when the session is unknown, over, revoked, or not an agent's. */
export async function findAgentBySession(
  database: Queryable,
  tokenHash: Buffer,
  now: number,
): Promise<{ agent: AgentRecord; expiresAt: number } | null> {
  const { rows } = await database.query<AgentRow & { expires_at: number }>({
    name: 'find-agent-by-session',
    text: `select ${agentColumns}, sessions.expires_at
     from sessions
     join (${agentTables}) on agents.id = sessions.subject_id and agents.centre_id = sessions.centre_id
     where sessions.token_hash = $1 and sessions.kind = 'agent'
       and sessions.revoked_at is null and sessions.expires_at > $2`,
    values: [tokenHash, now],
  });
  const row = rows[0];
  return row === undefined ? null : { agent: agentOfRow(row), expiresAt: row.expires_at };
}
