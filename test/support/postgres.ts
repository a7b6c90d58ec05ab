/** Databases for tests: each test file, or test, takes its own, cloned from the migrated template in about 50 ms. */
import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { openDatabase, type Database } from '../../db/database.ts';
import { TEMPLATE } from './postgres.setup.ts';

export interface FreshDatabase {
  url: string;
  database: Database;
  /** Closes the pool and removes the database, whoever is still connected. */
  drop(): Promise<void>;
}

/** @returns an empty database with the newest schema, nobody else's */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = inject('postgresUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `create database ${name} template ${TEMPLATE}`);
  const url = new URL(server);
  url.pathname = name;
  const database = openDatabase(url.href);
  return {
    url: url.href,
    database,
    async drop() {
      if (!database.ended) await database.end();
      await onServer(server, `drop database if exists ${name} with (force)`);
    },
  };
}

async function onServer(url: string, sql: string): Promise<void> {
  const server = openDatabase(url, { connections: 1 });
  try {
    await server.query(sql);
  } finally {
    await server.end();
  }
}
