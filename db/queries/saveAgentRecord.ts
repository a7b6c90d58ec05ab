import { isFree } from '../../src/agent/transition.ts';
import type { Agent } from '../../src/agent/agent.ts';
import type { Queryable } from '../database.ts';

/** Keeps an agent's record under its version; 0 inserts. @returns false when somebody wrote since */
export async function saveAgentRecord(db: Queryable, next: Agent, fromVersion: number): Promise<boolean> {
  const values = [
    next.id,
    next.centreId,
    JSON.stringify(next),
    next.connected,
    isFree(next),
    next.freeSince,
    fromVersion,
  ];
  const { rowCount } = await db.query(
    fromVersion === 0
      ? {
          name: 'insert-agent-record',
          text: `insert into agent_records (agent_id, centre_id, record, connected, free, free_since, version)
                 values ($1, $2, $3, $4, $5, $6, $7::int + 1) on conflict do nothing`,
          values,
        }
      : {
          name: 'save-agent-record',
          text: `update agent_records
                 set record = $3, connected = $4, free = $5, free_since = $6, version = $7::int + 1
                 where agent_id = $1 and centre_id = $2 and version = $7`,
          values,
        },
  );
  return rowCount === 1;
}
