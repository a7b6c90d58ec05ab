/** Runs before the tests of a project that needs Postgres: one server and one migrated template for all of them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../db/database.ts';
import { startEmbeddedPostgres } from '../../db/embedded.ts';
import { migrate } from '../../db/migrate.ts';
import { migrateWorker } from '../../db/worker.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the server's own database, from which others are created. */
    postgresUrl: string;
  }
}

/** Cloned by freshDatabase; nobody may be connected to it. */
export const TEMPLATE = 'template_couchline';

interface Server {
  url: string;
  users: number;
  stop(): Promise<void>;
}

// Every project loads this module anew, in one process: the server is shared through the process.
const shared = globalThis as { couchlineTestPostgres?: Promise<Server> };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await (shared.couchlineTestPostgres ??= start());
  server.users++;
  project.provide('postgresUrl', server.url);
  return async () => {
    server.users--;
    if (server.users > 0) return;
    delete shared.couchlineTestPostgres;
    await server.stop();
  };
}

async function start(): Promise<Server> {
  const dataDir = await mkdtemp(join(tmpdir(), 'couchline-test-'));
  const postgres = await startEmbeddedPostgres({
    dataDir,
    durable: false,
    log: () => {},
    onLost: (error) => console.error(error.message),
  });
  const server = openDatabase(postgres.url);
  await server.query(`create database ${TEMPLATE}`);
  await server.end();
  const template = new URL(postgres.url);
  template.pathname = TEMPLATE;
  const database = openDatabase(template.href);
  await migrate(database);
  await migrateWorker(database);
  await database.end();
  return {
    url: postgres.url,
    users: 0,
    async stop() {
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
