import type { Me } from '../../src/protocol/api.ts';
import type { Queryable } from '../database.ts';

export interface CentreListed {
  id: string;
  name: string;
  /** Names, by their order. */
  queues: string[];
  agents: { name: string; email: string; roles: Me['roles'] }[];
  tvs: number;
  tvsConnected: number;
}

/** Every contact centre with who and what belongs to it, by name: for whoever runs the service. */
export async function listCentres(database: Queryable): Promise<CentreListed[]> {
  const { rows } = await database.query<CentreListed>(
    `select id, name,
       array(select queues.name from queues where centre_id = centres.id order by ord) as queues,
       (select coalesce(json_agg(json_build_object('name', agents.name, 'email', email, 'roles', roles)
                                 order by agents.name, email), '[]')
          from agents where centre_id = centres.id) as agents,
       (select count(*)::int from tvs where centre_id = centres.id) as tvs,
       (select count(*)::int from tvs where centre_id = centres.id and connected) as "tvsConnected"
     from centres order by name, id`,
  );
  return rows;
}
