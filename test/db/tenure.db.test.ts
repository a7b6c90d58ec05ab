/** Who serves a database: one process at a time. */
import { hostname } from 'node:os';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../db/database.ts';
import { TENURE } from '../../db/queries/takeTenure.ts';
import { openTenure, ServedError, type Tenure } from '../../db/tenure.ts';
import { registerAgent, registerTv, signIn } from '../support/wire.ts';
import { openBench } from '../support/bench.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';
import { startService } from '../support/service.ts';

const ME = `process ${process.pid} on `;

let fresh: FreshDatabase;
const open: Tenure[] = [];
beforeEach(async () => {
  fresh = await freshDatabase();
});
afterEach(async () => {
  for (const tenure of open.splice(0)) await tenure.close();
  await fresh.drop();
});

/** Serves, or waits to; what it was told goes to `told`. */
async function serve(told: string[] = [], withinMs = 60_000): Promise<Tenure> {
  const tenure = await openTenure(fresh.url, {
    withinMs,
    waits: (tenant) => void told.push(`waits for ${tenant}`),
    lost: () => void told.push('lost'),
    replaced: (tenant) => void told.push(`replaced by ${tenant}`),
  });
  open.push(tenure);
  return tenure;
}

/** Ends the connection that holds it, as an administrator would or a broken network. */
async function cut(): Promise<void> {
  await fresh.database.query(`select pg_terminate_backend(pid) from pg_locks where ${IT} and granted`);
}

const IT = `locktype = 'advisory' and objsubid = 2
  and database = (select oid from pg_database where datname = current_database())`;

/** How many connections have it, or wait for it within Postgres. */
async function holders(granted = true, besides = 0): Promise<number> {
  const sql = `select from pg_locks where ${IT} and granted = $1 and pid <> $2`;
  return (await fresh.database.query(sql, [granted, besides])).rows.length;
}

/** How many have asked who serves instead of them. */
async function tries(): Promise<number> {
  const { rows } = await fresh.database.query(
    `select from pg_stat_activity where datname = current_database() and query like '%from pg_locks l%' and pid <> pg_backend_pid()`,
  );
  return rows.length;
}

describe('a database', () => {
  it('is served by one; the next waits, is told who that is, and serves when that one goes', async () => {
    const first = await serve();
    const told: string[] = [];
    const second = serve(told);
    await expect.poll(() => told).toEqual([expect.stringContaining(`waits for couchline, ${ME}`)]);
    await first.close();
    await second;
    expect(told).toHaveLength(1);
  });

  it('is not waited for without end', async () => {
    await serve();
    const refusal = await serve([], 600).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ServedError);
    expect(String(refusal)).toContain(ME);
    expect(String(refusal)).toContain('start this one with another DATABASE_URL');
  });

  it('is served on when the connection that says so is cut', async () => {
    const told: string[] = [];
    await serve(told);
    await cut();
    await expect.poll(() => told).toEqual(['lost']);
    await expect.poll(() => holders()).toBe(1);
    expect(await serve([], 0).catch((error: unknown) => error)).toBeInstanceOf(ServedError);
    expect(told).toEqual(['lost']);
  });

  it('is served on, though Postgres has yet to notice that the connection before is gone', async () => {
    const told: string[] = [];
    await serve(told);
    const before = new pg.Client({ connectionString: fresh.url, application_name: `couchline, ${ME}${hostname()}` });
    await before.connect();
    const taken = before.query('select pg_advisory_lock($1, $2)', TENURE);
    await expect.poll(() => holders(false)).toBe(1);
    await cut();
    await taken;
    await expect.poll(tries).toBe(1);
    const { rows } = await before.query<{ pid: number }>('select pg_backend_pid() as pid');
    await before.end();
    await expect.poll(() => holders(true, rows[0]?.pid)).toBe(1);
    expect(told).toEqual(['lost']);
  });

  it('belongs to whoever took it meanwhile, and the one before is told', async () => {
    const told: string[] = [];
    await serve(told);
    const other = await fresh.database.connect();
    const taken = other.query('select pg_advisory_lock($1, $2)', TENURE);
    await expect.poll(() => holders(false)).toBe(1);
    await cut();
    await taken;
    await expect.poll(() => told).toEqual(['lost', expect.stringMatching(/^replaced by couchline \(127/)]);
    other.release(true);
  });
});

describe('a second service on one database', () => {
  it('leaves whoever is connected to the first alone, says whom it waits for, and takes over once that one is gone', async () => {
    const bench = await openBench();
    const centre = await bench.centre();
    const sam = await centre.addAgent('Sam Reyes');
    const tv = await centre.addTv();
    await registerTv(bench.url, tv);
    await registerAgent(bench.url, await signIn(bench.url, sam.email, sam.password));
    const database = openDatabase(bench.service.databaseUrl, { connections: 1 });
    const connected = async () => {
      const { rows } = await database.query<{ kind: string }>(
        `select 'tv' as kind from tvs where connected union all select 'agent' from agent_records where connected`,
      );
      return rows.map(({ kind }) => kind);
    };
    await expect.poll(connected).toEqual(['tv', 'agent']);

    const starting = startService({ DATABASE_URL: bench.service.databaseUrl, DEMO: 'off' });
    const waiting = async () => {
      // It has asked who serves, and was answered.
      const { rows } = await database.query(
        `select from pg_stat_activity
         where datname = current_database() and application_name like 'couchline, process %'
           and state = 'idle' and query like '%pg_locks%'`,
      );
      return rows.length;
    };
    await expect.poll(waiting).toBe(1);
    expect(await connected()).toEqual(['tv', 'agent']);
    await bench.service.kill('SIGKILL');
    const second = await starting;
    expect(second.output()).toMatch(
      /^Another service serves this database: couchline, process \d+ on .* This one waits until that one has stopped/m,
    );
    expect(await connected()).toEqual([]);
    await second.kill('SIGTERM');
    await database.end();
    await bench.close();
  });
});
