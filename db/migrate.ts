/** Brings a database to the newest schema: numbered plain SQL, each file once, in order, all that is missing in one transaction. */
import { readdir, readFile } from 'node:fs/promises';
import { inTransaction, type Database } from './database.ts';

const folder = new URL('./migrations/', import.meta.url);

/**
 * Applies what is missing. Two processes may call it at once; the second waits for the first.
 * @returns the names of the files that were applied now
 */
export async function migrate(database: Database): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => /^\d{4}_.+\.sql$/.test(name)).sort();
  return await inTransaction(database, async (client) => {
    // One key for the whole house: migrations of two starting processes take turns.
    await client.query(`select pg_advisory_xact_lock(hashtext('couchline.migrate'))`);
    await client.query(
      `create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())`,
    );
    const { rows } = await client.query<{ name: string }>('select name from migrations');
    const applied = new Set(rows.map((row) => row.name));
    const missing = files.filter((name) => !applied.has(name));
    for (const name of missing) {
      await client.query(await readFile(new URL(name, folder), 'utf8'));
      await client.query('insert into migrations (name) values ($1)', [name]);
    }
    return missing;
  });
}
