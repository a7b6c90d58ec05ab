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
 */
export function openDatabase(url: string, options: { connections?: number } = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections ?? 12,
    application_name: 'couchline',
    // A pool that is used up is told as an error that can be repeated, rather than waited for without end.
    connectionTimeoutMillis: 10_000,
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
