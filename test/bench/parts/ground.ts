/** What every benchmark stands on: one durable Postgres, the service on the server's core, and people to drive it. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTransaction, openDatabase, type Database } from '../../../db/database.ts';
import { startEmbeddedPostgres } from '../../../db/embedded.ts';
import { migrate } from '../../../db/migrate.ts';
import { createProvisioning } from '../../../db/provisioning.ts';
import { insertAgent } from '../../../db/queries/insertAgent.ts';
import { insertSession } from '../../../db/queries/insertSession.ts';
import { insertTv } from '../../../db/queries/insertTv.ts';
import { migrateWorker } from '../../../db/worker.ts';
import { hashToken, mintToken } from '../../../src/registration/tokens.ts';
import { moveToLoadCore, startOnServerCore, type Program } from './machine.ts';

const main = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));
const forwarder = fileURLToPath(new URL('../peers/forwarder.ts', import.meta.url));

/** One machine plays all of them, from one address and with one agent's hands: limits on that are lifted. */
const SETTINGS = {
  PORT: '0',
  HOST: '127.0.0.1',
  DEMO: 'off',
  MAX_CONNECTIONS: '0',
  CONNECTIONS_PER_ADDRESS: '0',
  CONNECT_RATE_PER_ADDRESS: '0',
  OFFER_SECONDS: '120',
};

/** Somebody with a session, so that no password needs to be hashed. */
export interface Holder {
  id: string;
  token: string;
}

export interface Server extends Program {
  /** `ws://127.0.0.1:port` */
  url: string;
  /** `http://127.0.0.1:port` */
  httpUrl: string;
}

export interface Centre {
  id: string;
  agents: Holder[];
  tvs: Holder[];
}

export interface Stage {
  database: Database;
  databaseUrl: string;
  /** Starts the service on this stage's database. */
  service(nodeFlags?: string[]): Promise<Server>;
  centre(agents: number, tvs: number): Promise<Centre>;
  close(): Promise<void>;
}

export interface Ground {
  /** The address of a database for peers of the service's. */
  peerUrl: string;
  /** An empty database, and the service on it. */
  stage(): Promise<Stage>;
  /** The bare peer. */
  forwarder(nodeFlags?: string[]): Promise<Server>;
  close(): Promise<void>;
}

/** Starts Postgres as `npm start` does, safe against power loss. */
export async function openGround(): Promise<Ground> {
  const dataDir = await mkdtemp(join(tmpdir(), 'couchline-bench-'));
  // Before this process moves to the load's core: Postgres takes whichever has room.
  const postgres = await startEmbeddedPostgres({
    dataDir,
    log: () => {},
    onLost: (error) => console.error(error.message),
  });
  moveToLoadCore();
  const create = async (name: string) => {
    const server = openDatabase(postgres.url, { connections: 1 });
    await server.query(`create database ${name}`);
    await server.end();
    const url = new URL(postgres.url);
    url.pathname = name;
    return url.href;
  };
  const peerUrl = await create('peer');

  return {
    peerUrl,
    async stage() {
      return await openStage(await create(`bench_${randomBytes(4).toString('hex')}`));
    },
    forwarder: async (nodeFlags = []) =>
      asServer(await startOnServerCore([...nodeFlags, forwarder], {}, /listening on (\d+)/)),
    async close() {
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function openStage(databaseUrl: string): Promise<Stage> {
  const database = openDatabase(databaseUrl, { connections: 4 });
  await migrate(database);
  await migrateWorker(database);
  return {
    database,
    databaseUrl,
    async service(nodeFlags = []) {
      const env = { ...SETTINGS, DATABASE_URL: databaseUrl };
      return asServer(await startOnServerCore([...nodeFlags, main], env, /Couchline is ready: http:\/\/[^:]+:(\d+)/));
    },
    centre: (agents, tvs) => provision(database, agents, tvs),
    close: () => database.end(),
  };
}

function asServer(program: Program): Server {
  const port = program.said[1];
  return { ...program, url: `ws://127.0.0.1:${port}`, httpUrl: `http://127.0.0.1:${port}` };
}

/** A contact centre whose agents and TVs hold a session each. */
async function provision(database: Database, agentCount: number, tvCount: number): Promise<Centre> {
  const centreId = `bench-${randomBytes(4).toString('hex')}`;
  await createProvisioning(database).createCentre({ id: centreId, name: 'Harbour Help' });
  const holders = (count: number) => Array.from({ length: count }, () => ({ id: randomUUID(), token: mintToken() }));
  const [agents, tvs] = [holders(agentCount), holders(tvCount)];
  const now = Date.now();
  await inTransaction(database, async (client) => {
    const session = (kind: 'tv' | 'agent', { id, token }: Holder) =>
      insertSession(
        client,
        {
          tokenHash: hashToken(token),
          centreId,
          kind,
          subjectId: id,
          createdAt: now,
          expiresAt: now + 90 * 86_400_000,
        },
        8,
      );
    for (const agent of agents) {
      await insertAgent(client, {
        id: agent.id,
        centreId,
        email: `${agent.id}@bench.example`,
        name: 'Sam Okafor',
        // Nobody signs in with it.
        passwordHash: '',
        roles: ['agent'],
        skills: [],
        customersLookedAfter: [],
        capacity: 1,
      });
      await session('agent', agent);
    }
    for (const tv of tvs) {
      const secretHash = hashToken(mintToken());
      await insertTv(client, {
        id: tv.id,
        centreId,
        serial: tv.id,
        secretHash,
        name: 'Living room TV',
        customerId: null,
      });
      await session('tv', tv);
    }
  });
  await database.query('analyze');
  return { id: centreId, agents, tvs };
}
