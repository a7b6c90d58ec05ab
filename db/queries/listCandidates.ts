import { candidateOf } from '../../src/routing/eligible.ts';
import type { Agent } from '../../src/agent/agent.ts';
import type { Candidate } from '../../src/routing/routing.ts';
import type { Queryable } from '../database.ts';

interface Row {
  record: Agent | null;
  agentId: string;
  name: string;
  skills: string[];
  customersLookedAfter: string[];
}

/** Every agent of a centre as matching and offering see them; one who never connected is not free. */
export async function listCandidates(db: Queryable, centreId: string): Promise<Candidate[]> {
  const { rows } = await db.query<Row>({
    name: 'list-candidates',
    text: `select r.record, a.id as "agentId", a.name, a.skills, a.customers_looked_after as "customersLookedAfter"
           from agents a left join agent_records r on r.agent_id = a.id
           where a.centre_id = $1
           order by a.id`,
    values: [centreId],
  });
  return rows.map(({ record, ...agent }) =>
    record === null ? { ...agent, connected: false, ready: false, free: false, freeSince: 0 } : candidateOf(record),
  );
}
