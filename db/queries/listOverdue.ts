import type { Queryable } from '../database.ts';

/** Of each kind of job that is due and not yet done, and of timers, how many seconds the oldest has been. */
export async function listOverdue(db: Queryable): Promise<{ task: string; seconds: number }[]> {
  const { rows } = await db.query<{ task: string; seconds: number }>({
    name: 'list-overdue',
    text: `select task_identifier as task, extract(epoch from max(now() - run_at))::float8 as seconds
             from graphile_worker.jobs
            where run_at <= now() and attempts < max_attempts
            group by task_identifier
            union all
           select 'timer', extract(epoch from now())::float8 - min(at) / 1000.0::float8
             from timers where at <= extract(epoch from now()) * 1000
           having count(*) > 0`,
  });
  return rows;
}
