/** pgbench, Postgres' own load generator, as the peer of whatever commits: the same server, the same disk. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { openDatabase } from '../../../db/database.ts';

const run = promisify(execFile);

export interface PgbenchRun {
  /** Rows of an INSERT. */
  rows: number;
  connections: number;
  seconds: number;
}

export interface PgbenchResult {
  rowsPerSecond: number;
  /** Of each transaction, in the order they ended. */
  latenciesMs: number[];
}

/** @returns the path of pgbench: on PATH, or where Debian keeps it; null when there is none */
function findPgbench(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort().reverse() : [];
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...versions.map((one) => join(debian, one, 'bin'))];
  return folders.map((folder) => join(folder, 'pgbench')).find((path) => existsSync(path)) ?? null;
}

/** Makes a table like the service's own of events, for pgbench to write into. */
export async function preparePeer(url: string): Promise<void> {
  const database = openDatabase(url, { connections: 1 });
  await database.query(
    `create table if not exists peer_events
       (interaction_id text not null, seq int not null, at bigint not null, event jsonb not null, primary key (interaction_id, seq))`,
  );
  await database.end();
}

/**
 * Inserts rows as an event's, commit after commit.
 * @param payload the event of each row
 * @throws Error with what pgbench said
 */
export async function pgbench(url: string, payload: object, options: PgbenchRun): Promise<PgbenchResult> {
  const path = findPgbench();
  if (path === null) throw new Error('There is no pgbench. On Debian: apt-get install postgresql-contrib.');
  const { hostname, port, username, password, pathname } = new URL(url);
  const folder = await mkdtemp(join(tmpdir(), 'couchline-pgbench-'));
  try {
    const event = JSON.stringify(payload).replaceAll("'", "''");
    const row = `(gen_random_uuid()::text, 1, 1700000000000, '${event}')`;
    const script = join(folder, 'script.sql');
    await writeFile(script, `insert into peer_events values ${Array(options.rows).fill(row).join(', ')};\n`);
    const { stdout } = await run(
      path,
      [
        ...['-h', hostname, '-p', port, '-U', username, '-n', '-M', 'prepared', '-f', script, '-l'],
        ...['-c', String(options.connections), '-T', String(options.seconds), pathname.slice(1)],
      ],
      { cwd: folder, env: { PATH: process.env.PATH, PGPASSWORD: password } },
    );
    const [, tps] = /^tps = ([\d.]+)/m.exec(stdout) ?? [];
    if (tps === undefined) throw new Error(`pgbench said no figure:\n${stdout}`);
    const logs = (await readdir(folder)).filter((name) => name.startsWith('pgbench_log'));
    const lines = (await Promise.all(logs.map((name) => readFile(join(folder, name), 'utf8')))).join('').split('\n');
    return {
      rowsPerSecond: Number(tps) * options.rows,
      // client, transaction, microseconds, …
      latenciesMs: lines.filter((line) => line !== '').map((line) => Number(line.split(' ')[2]) / 1000),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
