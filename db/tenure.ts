/**
 * One process at a time serves a database: who is connected, and to whom, is known to it alone. It holds a lock of
 * Postgres' on a connection of its own; whoever starts meanwhile waits until that connection is gone, which Postgres
 * notices at once where the process was killed on the same machine, and after some ten seconds where the network was
 * lost.
 */
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { findTenant } from './queries/findTenant.ts';
import { takeTenure } from './queries/takeTenure.ts';

/** Milliseconds. */
const ASK_EVERY = 5_000;
const ANSWER_WITHIN = 5_000;
const TRY_AGAIN_AFTER = 250;

/** Seconds and counts after which Postgres takes a silent connection for lost. */
const NOTICE = { tcp_keepalives_idle: 5, tcp_keepalives_interval: 2, tcp_keepalives_count: 3 };

/** Whoever waits for this process is told of it so; Postgres keeps 63 bytes. */
const ME = `couchline, process ${process.pid} on ${hostname()}`.slice(0, 63);

export interface TenureOptions {
  /** Milliseconds to wait for another to go. */
  withinMs: number;
  /** Told once, with who serves this database now. */
  waits: (tenant: string) => void;
  /** Told when the connection was lost, and somebody else serves this database since. */
  replaced: (tenant: string) => void;
  /** Told when the connection was lost; it is taken again. */
  lost: (error: Error) => void;
}

export interface Tenure {
  /** Lets the next one serve. */
  close(): Promise<void>;
}

/** Another service serves this database, and did not go in time. */
export class ServedError extends Error {
  override name = 'ServedError';
}

interface Connection {
  client: pg.Client;
  /** Resolves when it is lost. */
  lost: Promise<Error>;
}

/**
 * Resolves when this process is the one that serves the database.
 * @param url `postgres://user:password@host:port/database`
 * @throws ServedError when another one still does after `withinMs`
 */
export async function openTenure(url: string, options: TenureOptions): Promise<Tenure> {
  let held = await waitForIt(url, options);
  const over = new AbortController();
  const kept = keep();
  return {
    async close() {
      over.abort();
      await end(held);
      await kept;
    },
  };

  async function keep(): Promise<void> {
    for (;;) {
      const error = await Promise.race([held.lost, unanswered(held)]);
      await end(held);
      if (over.signal.aborted) return;
      options.lost(error);
      const found = await takeAgain();
      if (found === null) return;
      if (typeof found === 'string') return options.replaced(found);
      held = found;
    }
  }

  /** As soon as Postgres is there. @returns who has it when somebody else does; null when it was closed meanwhile */
  async function takeAgain(): Promise<Connection | string | null> {
    while (!over.signal.aborted) {
      const connection = await connect(url).catch(() => null);
      const found = connection === null ? null : await tryIt(connection).catch(() => null);
      if (found === true && connection !== null && !over.signal.aborted) return connection;
      if (connection !== null) await end(connection);
      // Postgres may not have noticed yet that the connection before is gone.
      if (typeof found === 'string' && !found.startsWith(ME)) return found;
      await delay(TRY_AGAIN_AFTER, undefined, { signal: over.signal }).catch(() => {});
    }
    return null;
  }
}

async function waitForIt(url: string, { withinMs, waits }: TenureOptions): Promise<Connection> {
  const until = performance.now() + withinMs;
  const connection = await connect(url);
  try {
    for (let told = false; ;) {
      const found = await tryIt(connection);
      if (found === true) return connection;
      if (!told && found !== null) {
        waits(found);
        told = true;
      }
      if (found !== null && performance.now() > until) {
        throw new ServedError(
          `Another service serves this database: ${found}. It did not stop within ${Math.round(withinMs / 1000)} s. ` +
            'Stop it, or start this one with another DATABASE_URL.',
        );
      }
      await delay(TRY_AGAIN_AFTER);
    }
  } catch (error) {
    await end(connection);
    throw error;
  }
}

/** @returns true when the lock is this connection's now; else who has it, null when that one is just going */
async function tryIt({ client }: Connection): Promise<true | string | null> {
  return (await takeTenure(client)) || (await findTenant(client));
}

async function connect(url: string): Promise<Connection> {
  const client = new pg.Client({
    connectionString: url,
    application_name: ME,
    connectionTimeoutMillis: 10_000,
    query_timeout: ANSWER_WITHIN,
    options: Object.entries(NOTICE)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  });
  const lost = new Promise<Error>((resolve) => {
    client.on('error', resolve);
    client.on('end', () => resolve(new Error('The connection that says who serves the database was ended.')));
  });
  await client.connect();
  return { client, lost };
}

async function end({ client }: Connection): Promise<void> {
  await client.end().catch(() => {});
}

/** Asks now and then: a connection may be gone without a word. Resolves when it did not answer. */
async function unanswered({ client }: Connection): Promise<Error> {
  for (;;) {
    await delay(ASK_EVERY, undefined, { ref: false });
    try {
      await client.query('select');
    } catch (error) {
      return error as Error;
    }
  }
}
