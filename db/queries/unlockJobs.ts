import type { Queryable } from '../database.ts';

/**
 * Frees every job that a worker held when its process was killed; graphile-worker itself waits four hours for that.
 * For a service that starts: a job that another process runs after all would run twice, which every job bears.
 */
export async function unlockJobs(db: Queryable): Promise<void> {
  await db.query(
    `select graphile_worker.force_unlock_workers(array(
       select locked_by from graphile_worker._private_jobs where locked_by is not null
       union
       select locked_by from graphile_worker._private_job_queues where locked_by is not null))`,
  );
}
