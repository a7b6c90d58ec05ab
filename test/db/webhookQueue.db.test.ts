/** What is queued for webhooks (migrations/0010_webhook_queue.sql), while workers take it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrateWorker } from '../../db/worker.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';

const KEY = 'webhook:northlight-hooks:talk';

let fresh: FreshDatabase;

beforeEach(async () => {
  fresh = await freshDatabase();
  await migrateWorker(fresh.database);
});
afterEach(() => fresh.drop());

const queue = (due: Date | null = null) =>
  fresh.database.query(`select queue_webhook('northlight', 'northlight-hooks', 'talk', $1)`, [due]);

const count = async (what: string) => {
  const { rows } = await fresh.database.query<{ found: number }>(`select count(*)::int as found from ${what}`);
  return rows[0]!.found;
};

async function jobs(): Promise<{ key: string | null; taken: boolean; due: Date }[]> {
  const { rows } = await fresh.database.query<{ key: string | null; taken: boolean; due: Date }>(
    'select key, locked_at is not null as taken, run_at as due from graphile_worker._private_jobs order by id',
  );
  return rows;
}

describe('[M8] an interaction’s job for an endpoint', () => {
  it('is one, however much news comes', async () => {
    await queue();
    await queue();
    expect(await jobs()).toEqual([{ key: KEY, taken: false, due: expect.any(Date) as Date }]);
  });

  it('keeps its time when news comes before a retry', async () => {
    const retry = new Date('2040-01-01T00:00:00Z');
    await queue(retry);
    await queue();
    expect(await jobs()).toEqual([{ key: KEY, taken: false, due: retry }]);
  });

  it('has another beside it when news comes while a worker is just taking it', async () => {
    await queue();
    const worker = await fresh.database.connect();
    await worker.query('begin');
    await worker.query(`update graphile_worker._private_jobs set locked_by = 'a worker', locked_at = now()`);
    const news = queue();
    const waiting = `pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await expect.poll(() => count(waiting)).toBe(1);
    await worker.query('commit');
    worker.release();
    await news;
    expect((await jobs()).map(({ key, taken }) => ({ key, taken }))).toEqual([
      { key: null, taken: true },
      { key: KEY, taken: false },
    ]);
  });
});
