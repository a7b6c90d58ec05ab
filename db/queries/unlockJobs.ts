import type { Queryable } from '../database.ts';

/**
 * Frees the jobs that a worker held when it, or its process, was ended; graphile-worker itself waits four hours for that.
 * A job that another process runs after all would run twice, which every job bears.
 * @param workers by the names they lock under; everybody's when left out, for a service that starts
 */
export async function unlockJobs(db: Queryable, workers: string[] | null = null): Promise<void> {
  // A job that was queued anew while it ran has had its last try by the library's count.
  await db.query(
    `update graphile_worker._private_jobs set attempts = least(attempts, max_attempts - 1)
     where locked_by is not null and ($1::text[] is null or locked_by = any ($1))`,
    [workers],
  );
  await db.query(
    `select graphile_worker.force_unlock_workers(coalesce($1::text[], array(
       select locked_by from graphile_worker._private_jobs where locked_by is not null
       union
       select locked_by from graphile_worker._private_job_queues where locked_by is not null)))`,
    [workers],
  );
}
