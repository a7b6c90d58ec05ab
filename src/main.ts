/** The roof: reads the settings, builds the adapters, starts, drains. Nobody imports it. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createApiKeyStore } from '../db/apiKeyStore.ts';
import { createApiStore } from '../db/apiStore.ts';
import { createCatalogueStore } from '../db/catalogueStore.ts';
import { openDatabase, openWriter } from '../db/database.ts';
import { createDemoCentre, type DemoAccess } from '../db/demo.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../db/embedded.ts';
import { createDeliveryStore } from '../db/deliveryStore.ts';
import { createEndpointStore } from '../db/endpointStore.ts';
import { createEventStore } from '../db/eventStore.ts';
import { resealSecrets } from '../db/endpointSecrets.ts';
import { Memory } from '../db/memory.ts';
import { migrate } from '../db/migrate.ts';
import { followNotices, type Listener } from '../db/notices.ts';
import { createOpenInteractions } from '../db/openInteractions.ts';
import { createProvisioning } from '../db/provisioning.ts';
import { REVOKED_CHANNEL } from '../db/queries/announceRevoked.ts';
import { createReadings } from '../db/readings.ts';
import { createRegistrationStore } from '../db/registrationStore.ts';
import { createSecretBox } from '../db/secretBox.ts';
import { secretKeyIn } from '../db/secretKey.ts';
import { createSuggestionStore } from '../db/suggestionStore.ts';
import { createTvDirectory } from '../db/tvDirectory.ts';
import { openTenure } from '../db/tenure.ts';
import { startWebhookWorker } from '../db/webhookWorker.ts';
import { startTimers } from '../db/timers.ts';
import { migrateWorker, startWorker } from '../db/worker.ts';
import type { MediaService } from '../media/service.ts';
import type { SipService, SipServiceOptions } from '../sip/service.ts';
import { readConfig } from './config.ts';
import { lanAddress } from './lanAddress.ts';
import type { Door } from './events/door.ts';
import type { Commit } from './events/ports.ts';
import { createWebhookDeliverer } from './events/webhooks/deliver.ts';
import { howToCall } from './howToCall.ts';
import { createHttpApp } from './http/app.ts';
import { createWebhookClient } from './http/webhookClient.ts';
import type { CallsState } from './protocol/calls.ts';
import { attachEndpoint, type Endpoint } from './realtime/endpoint.ts';
import { LineBoard } from './realtime/lineBoard.ts';
import { createRelay } from './realtime/relay.ts';
import { Roster } from './realtime/roster.ts';
import { Talks } from './realtime/talks.ts';
import { createApiKeys } from './registration/apiKeys.ts';
import { createRegistration } from './registration/registration.ts';
import { createLog } from './telemetry/log.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { WatchedDoor } from './telemetry/watchedDoor.ts';

/** Clients come back after this long and a little chance, when the service goes down in order. */
const RETRY_AFTER_MS = 1_000;

/** Draining that takes longer than this is cut off; the database keeps what was acknowledged. */
const DRAIN_WITHIN_MS = 15_000;

/** Where SIP over WebSocket is taken (RFC 7118). */
const SIP_PATH = '/sip';

/** The service before this one has so long to go: more than it takes to drain. */
const GONE_WITHIN_MS = 60_000;

/** The database answers a read within this time, or commands are refused as `unavailable`. */
const READ_WITHIN_MS = 30_000;

/** Connections that may wait to be accepted: a street's TVs come back at once. The system may allow fewer. */
const BACKLOG = 4_096;

/** A request, its body included, is there within this time. */
const REQUEST_WITHIN_MS = 60_000;

/** People at a terminal read this; everything that a machine reads goes to the log. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function start(): Promise<void> {
  const startedAt = Date.now();
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const clock = () => Date.now();

  // The port comes first: when it is taken nothing else needs to be started, and whoever looks meanwhile is told.
  const server = createServer({
    headersTimeout: config.handshakeMs,
    requestTimeout: Math.max(REQUEST_WITHIN_MS, config.handshakeMs),
    connectionsCheckingInterval: Math.min(config.handshakeMs, 5_000),
  });
  server.on('request', answerStarting);
  server.listen({ port: config.port, host: config.host, backlog: BACKLOG });
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE'
      ? new Error(`Port ${config.port} is taken by another program. Stop that one, or choose another with PORT=8081.`)
      : error;
  });
  const { port } = server.address() as AddressInfo;
  const publicUrl = config.publicUrl ?? `http://localhost:${port}`;

  // So does SIP's; until there are media, whoever calls is told to try again.
  let openSipEcho: SipServiceOptions['openEcho'] = () => Promise.resolve({ missing: 'The service is starting.' });
  let sip: SipService | null = null;
  if (config.sip !== null) {
    const { SipService } = await import('../sip/service.ts');
    sip = await SipService.start({ server: config.sip, openEcho: (...call) => openSipEcho(...call), log });
  }

  // mediasoup takes some 0.3 s to load: meanwhile the database starts.
  const mediaLoads = Promise.all([
    import('../media/service.ts'),
    import('../media/echo.ts'),
    import('../media/telephoneEcho.ts'),
  ]);
  let endpoint: Endpoint | null = null;
  let stop: (why: string, code: number) => void = () => {};
  let postgres: EmbeddedPostgres | null = null;
  if (config.databaseUrl === null) {
    say('Starting the database.');
    postgres = await startEmbeddedPostgres({
      dataDir: config.dataDir,
      log: say,
      // It comes back by itself; until then commands are refused as `unavailable`, to be said again.
      onLost: (error) => log.error({ err: error }, 'The database was lost.'),
    });
  }
  const databaseUrl = postgres?.url ?? config.databaseUrl ?? '';
  // Before anything is changed: another version may be at work on these tables.
  const tenure = await openTenure(databaseUrl, {
    withinMs: GONE_WITHIN_MS,
    waits: (tenant) =>
      say(
        `Another service serves this database: ${tenant}. This one waits until that one has stopped, ` +
          `${GONE_WITHIN_MS / 1000} s at most. If both are to run, give one of them another DATABASE_URL.`,
      ),
    lost: (error) => log.warn({ err: error }, 'The connection that says who serves the database is made anew.'),
    replaced(tenant) {
      // As after a crash: whoever is connected comes back, to the other one, and nothing that was acknowledged is lost.
      say(`Another service serves this database now: ${tenant}. This one ends.`);
      process.exit(1);
    },
  });
  // What a press has to read, it asks for at once: the TV, what is open for it, the catalogue.
  const database = openDatabase(databaseUrl, { kept: 3, answerWithinMs: READ_WITHIN_MS });
  const writer = openWriter(databaseUrl);
  say('Bringing the tables up to date.');
  // For as long as it takes.
  const tables = openDatabase(databaseUrl, { connections: 2 });
  await migrate(tables);
  await migrateWorker(tables);
  await tables.end();
  const secrets = createSecretBox([
    ...config.secretKeys,
    ...(postgres === null ? [] : [await secretKeyIn(config.dataDir)]),
  ]);
  const { unreadable } = await resealSecrets(database, secrets);
  if (unreadable > 0) say(howToRead(unreadable));

  const memory = new Memory();
  const registration = createRegistration({
    store: createRegistrationStore(database, memory),
    clock,
    // The code of a TV is typed on another machine than this one.
    publicUrl: config.publicUrl ?? `http://${lanAddress(config.host, networkInterfaces())}:${port}`,
  });
  const catalogues = createCatalogueStore(database, memory);
  const store = createEventStore(database, (centreId) => catalogues.current(centreId), { writer, memory });
  const onError = (error: unknown) => log.error({ err: error }, 'Something of ours went wrong.');
  const onJobError = (error: unknown, job: string) =>
    log.error({ err: error, job }, 'A job did not succeed; it is tried again.');

  // The relay and the roster follow the door, and the door tells them: the circle is closed here.
  const roster: Roster = new Roster(async (subject, connected) => {
    if (subject.kind === 'agent') {
      if (connected) await door.agentConnected(subject.centreId, subject.id);
      else await door.agentDisconnected(subject.centreId, subject.id);
      return;
    }
    await registration.setTvConnected(subject.id, connected, clock());
    await door.tvConnection(subject.centreId, subject.id, connected);
  }, onError);
  const lineBoard = new LineBoard({ store, roster, clock, onError });
  const talks = new Talks();
  const relay = createRelay(roster, lineBoard, talks);
  const readings = createReadings(database);
  const metrics = createMetrics({
    connections: () => endpoint?.figures() ?? { tv: 0, agent: 0, unregistered: 0, paused: 0 },
    live: () => endpoint?.live ?? { relayed: 0, rateLimited: 0, unheard: 0 },
    ...readings,
    media: { figures: () => media.figures(), edgeCounts: () => media.edgeCounts() },
  });
  const [{ MediaService }, { openEcho }, { openTelephoneEcho }] = await mediaLoads;
  const media = new MediaService({ ...config.media, meter: metrics.media, log });
  const mediaStarts = media.start();
  openSipEcho = (from, ended) => openTelephoneEcho(media, from, ended);
  const door: Door = new WatchedDoor({
    metrics,
    store,
    relay: {
      committed(commit) {
        logCommit(commit);
        relay.committed(commit);
      },
      uncertain: (commit) => relay.uncertain(commit),
    },
    clock,
    times: config.times,
    newId: randomUUID,
  });

  function logCommit({ interactions }: Commit): void {
    for (const { interaction, events, centreId } of interactions) {
      const types = events.map((one) => one.event.type);
      log.info(
        { centre: centreId, interaction: interaction.id, state: interaction.state.kind, events: types },
        'committed',
      );
    }
  }

  const demo = config.demo ? await createDemoCentre(database, registration) : null;
  await registration.disconnectTvs();
  const left = await door.recover();
  if (left.agents + left.tvs > 0) log.info(left, 'recovered what the service before left behind');
  const worker = await startWorker(database, { onError: onJobError });
  const timers = startTimers(database, { perform: (timer) => door.timer(timer), onError: onJobError, clock });
  const webhookClient = createWebhookClient({ allowPrivate: config.allowPrivateWebhooks });
  const webhooks = createWebhookDeliverer({
    store: createDeliveryStore(database, secrets),
    client: webhookClient,
    meter: metrics,
    clock,
    newId: randomUUID,
  });
  const webhookWorker = await startWebhookWorker(database, {
    deliver: (delivery) => webhooks.deliver(delivery),
    busy: () => webhooks.busy(),
    onError: onJobError,
  });

  const app = createHttpApp({
    registration,
    tvs: createTvDirectory(database),
    catalogue: catalogues,
    suggestions: createSuggestionStore(database, catalogues),
    systems: {
      keys: createApiKeys({ store: createApiKeyStore(database), clock, newId: randomUUID }),
      api: { store: createApiStore(database), door },
      webhooks: {
        endpoints: createEndpointStore(database, secrets),
        deliverer: webhooks,
        newId: randomUUID,
        allowPrivate: config.allowPrivateWebhooks,
      },
    },
    clock,
    metrics: { text: () => metrics.text(), token: config.metricsToken },
    calls: { state: () => callsState(media), rooms: { open: (until) => openEcho(media, until) } },
    readiness: {
      database: () => database.query('select 1'),
      workerRuns: () => timers.running() && worker.running(),
      mediaMissing: () => (config.media.workers === 0 ? null : media.missing),
    },
    logger: log,
    publicUrl,
    trustProxy: config.trustProxy,
    demoTv: demo?.tv,
    webRoot: fileURLToPath(new URL('../dist/web', import.meta.url)),
  });
  server.off('request', answerStarting);
  server.on('request', app);
  endpoint = attachEndpoint(server, {
    meter: metrics,
    registration,
    door,
    store: { ...store, openInteractionOf: createOpenInteractions(database) },
    roster,
    talks,
    lineChanged: (centreId) => lineBoard.changed(centreId),
    clock,
    allowedOrigins: config.allowedOrigins,
    trustProxy: config.trustProxy,
    limits: config.connections,
    registerWithinMs: config.handshakeMs,
    ...(sip?.upgrade ? { elsewhere: new Map([[SIP_PATH, sip.upgrade]]) } : {}),
    log,
  });

  const revocations: Listener = {
    channel: REVOKED_CHANNEL,
    heard: (subjectId) => registration.recheckSessions([subjectId]),
    listening: () => registration.recheckSessions([...new Set([...roster.all()].map(({ subject }) => subject.id))]),
  };
  const notices = followNotices(databaseUrl, [revocations, memory.listener], onError);

  let stopping = false;
  stop = (why, code) => {
    if (stopping) return;
    stopping = true;
    media.drain();
    say(why);
    const late = setTimeout(() => {
      say('Draining took too long and was cut off. What was acknowledged is kept.');
      process.exit(1);
    }, DRAIN_WITHIN_MS);
    drain()
      .then(() => say('Stopped. Nothing is lost.'))
      .catch((error: unknown) => {
        code = 1;
        log.error({ err: error }, 'Draining did not go to its end.');
      })
      .finally(() => {
        clearTimeout(late);
        process.exit(code);
      });
  };
  async function drain(): Promise<void> {
    roster.close();
    server.close();
    await endpoint?.close(RETRY_AFTER_MS);
    // Who is in a call hears that it ends, while there are media to speak of.
    await sip?.close();
    server.closeIdleConnections();
    await roster.settled();
    await notices.close();
    await Promise.all([timers.stop(), worker.stop(), media.close()]);
    webhooks.close();
    await webhookWorker.stop();
    webhookClient.close();
    await door.drained();
    lineBoard.close();
    await Promise.all([database.end(), writer.end()]);
    await tenure.close();
    await postgres?.stop();
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => stop('Stopping: telling everybody, finishing what is under way.', 0));
  }

  const nobody = (await createProvisioning(database).centres()).length === 0;
  await mediaStarts;
  if (media.missing !== null && config.media.workers !== 0) say(media.missing);
  say(`Couchline is ready: ${publicUrl}  (after ${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
  if (demo !== null) say(howToTry(publicUrl, demo));
  if (config.sip !== null) say(howToCall(config.sip, sip?.port ?? null));
  if (postgres === null && config.secretKeys.length === 0) {
    say(
      'SECRET_KEY is not set: the signing secrets of webhooks stand readable in the database. ' +
        'Make a key with "openssl rand -base64 32", keep it, and start with it.',
    );
  }
  if (nobody) {
    say('Nobody can sign in yet: there is no contact centre. Create one with: npm run provision -- --help');
  }
  say('Ctrl-C stops it.');
}

/** The media layer as the desktop's page shows it. */
function callsState(media: MediaService): CallsState {
  const { workersWanted, workers, rooms, legs } = media.figures();
  return {
    missing: media.missing,
    workersWanted,
    workers: workers.map(({ slot, places, cpu, memory, routers }) => {
      return { slot, ports: [...new Set(places.map((place) => place.port))], cpu, memory, rooms: routers };
    }),
    addresses: [...media.addresses],
    turnUrls: [...media.turnUrls],
    rooms,
    browsers: legs.webrtc,
    telephones: legs.rtp,
  };
}

function howToRead(webhooks: number): string {
  return (
    `The signing secrets of webhooks (${webhooks}) were sealed with a key that is not here: nothing is sent to them. ` +
    'Add that key to SECRET_KEY after a comma, or make new secrets on the desktop, under Other systems.'
  );
}

/** Where to click, for somebody who started this for the first time. */
function howToTry(url: string, { agents, tv }: DemoAccess): string {
  const query = new URLSearchParams({ serial: tv.serial, secret: tv.secret });
  return [
    '',
    `  1  Agent desktop   ${url}/agent/`,
    ...agents.map(({ name, email, password }) => `       ${name}: ${email}  ${password}`),
    `  2  TV              ${url}/tv/?${query.toString()}`,
    `  3  Pair another TV ${url}/tv/?pair`,
    '',
    '  Sign in as an agent, then break something on the TV and press "Yes, get help".',
    '  These are the well-known passwords of the demo. DEMO=off starts without it.',
    '',
  ].join('\n');
}

function answerStarting(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '2', Connection: 'close' });
  response.end('Couchline is starting. Try again in a few seconds.\n');
}

await start().catch((error: unknown) => {
  process.stderr.write(`Couchline did not start. ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
