/** The way to Postgres: one pool a process; queries take whatever can run SQL. */
import pg from 'pg';

/** A pool, or one client within a transaction. Every file in queries/ takes one of these first. */
export type Queryable = Pick<pg.Pool | pg.PoolClient, 'query'>;
export type Database = pg.Pool;

// bigint columns hold milliseconds since the epoch, far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * Opens a pool on a Postgres.
 * @param url `postgres://user:password@host:port/database`
 * @param options.connections upper bound of connections held
 * @param options.kept so many stay when nothing is asked of them for long; none when left out
 * @param options.answerWithinMs milliseconds that a statement may take; as long as it takes when left out
 */
export function openDatabase(
  url: string,
  options: { connections?: number; kept?: number; answerWithinMs?: number } = {},
): Database {
  return openPool(url, { max: options.connections ?? 12, min: options.kept ?? 0 }, options.answerWithinMs);
}

/** Contact centres that commit at the same moment at most; each has one writer. */
const WRITERS = 8;

/**
 * Opens the pool that commits go through (queries/saveChanges.ts). One connection stays, with its statements planned:
 * whoever presses after a quiet hour must not wait for a new one.
 *
 * Every row that a commit touches is found by its key. So a plan of index look-ups is right whatever the tables hold,
 * and is made once. Left to itself the planner makes a new one for each commit, which takes longer than
 * carrying it out, or goes through a table that was small when it looked.
 *
 * @param answerWithinMs milliseconds that a commit may take; after that nobody knows whether it was kept
 */
export function openWriter(url: string, answerWithinMs = COMMITTED_WITHIN): Database {
  const settings = { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off', enable_hashjoin: 'off', jit: 'off' };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  return openPool(url, { max: WRITERS, min: 1, options: options.join(' ') }, answerWithinMs);
}

/** Milliseconds. */
const CONNECTED_WITHIN = 10_000;
const COMMITTED_WITHIN = 10_000;

/** Milliseconds. Something on the way may forget a connection on which nothing is said. */
const KEEP_ALIVE_AFTER = 30_000;

function openPool(url: string, options: pg.PoolConfig, answerWithinMs = Infinity): Database {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'couchline',
    // A pool that is used up is told as an error that can be repeated, rather than waited for without end.
    connectionTimeoutMillis: Math.min(CONNECTED_WITHIN, answerWithinMs),
    // A network that is gone without a word says nothing by itself for a quarter of an hour.
    ...(Number.isFinite(answerWithinMs) && { query_timeout: answerWithinMs }),
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER,
    ...options,
  });
  // A connection that breaks is replaced at its next use, and whoever used it got the error; without
  // listeners it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. */
export async function inTransaction<T>(database: Database, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await database.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
