import type { Queryable } from '../database.ts';
import { TENURE } from './takeTenure.ts';

/** Who serves this database, in words; null when nobody does. */
export async function findTenant(db: Queryable): Promise<string | null> {
  const { rows } = await db.query<{ tenant: string }>(
    `select a.application_name || coalesce(' (' || host(a.client_addr) || ')', '')
              || ', since ' || to_char(a.backend_start at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS') || ' UTC' as tenant
     from pg_locks l join pg_stat_activity a using (pid)
     where l.locktype = 'advisory' and l.granted and l.classid = $1::oid and l.objid = $2::oid and l.objsubid = 2
       and l.database = (select oid from pg_database where datname = current_database())`,
    TENURE,
  );
  return rows[0]?.tenant ?? null;
}
