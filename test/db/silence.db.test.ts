/** A database that vanishes without a word: no reset, no end of the connection, no answer. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, openWriter, type Database } from '../../db/database.ts';
import { createCatalogueStore } from '../../db/catalogueStore.ts';
import { createEventStore } from '../../db/eventStore.ts';
import { Door } from '../../src/events/door.ts';
import { UnavailableError } from '../../src/events/ports.ts';
import { openDoorParts, senderOf, type DoorParts } from '../support/doorParts.ts';
import { stalledRequest } from '../support/wire.ts';

/** Milliseconds. Far less than it takes outside of tests, and far more than a statement does. */
const WITHIN = 5_000;

let parts: DoorParts;
let network: Awaited<ReturnType<typeof openNetwork>>;
let database: Database;
let writer: Database;
let door: Door;
let tvId: string;

beforeEach(async () => {
  parts = await openDoorParts();
  tvId = await parts.tv('TV-1');
  network = await openNetwork(parts.fresh.url);
  database = openDatabase(network.url, { answerWithinMs: WITHIN });
  writer = openWriter(network.url, WITHIN);
  const catalogues = createCatalogueStore(database);
  const store = createEventStore(database, (id) => catalogues.current(id), { writer });
  door = new Door({ ...parts.options, store });
});
afterEach(async () => {
  network.close();
  await Promise.all([database.end(), writer.end()]);
  await parts.fresh.drop();
});

/** A network on the way to a database. */
async function openNetwork(target: string) {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const lost = { there: false, back: false };
  const server = createServer((client) => {
    const far = connect(Number(port), hostname);
    const pass = (from: Socket, to: Socket, way: keyof typeof lost) => {
      sockets.add(from.on('error', () => {}).on('data', (data) => void (!lost[way] && to.write(data))));
      from.on('close', () => to.destroy());
    };
    pass(client, far, 'there');
    pass(far, client, 'back');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    lost,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const news = (n: number) => ({ type: 'update' as const, context: { serviceState: 'playing' as const, facts: { n } } });
const failure = (answer: Promise<unknown>) => answer.catch((error: unknown) => error);

describe('[M4] a database that does not answer', () => {
  it('though it keeps what it was told: commands are refused, and the repetition takes no effect twice', async () => {
    const opened = await door.request(senderOf(tvId), stalledRequest);
    const interactionId = (opened.ok && opened.interactionId) || '';
    network.lost.back = true;
    const ids = Array.from({ length: 20 }, () => randomUUID());
    const say = () => ids.map((id, n) => door.viewer(senderOf(tvId, id), interactionId, news(n)));
    const first = await Promise.all(say().map(failure));
    expect(first.every((error) => error instanceof UnavailableError)).toBe(true);

    network.lost.back = false;
    for (const answer of await Promise.all(say())) expect(answer).toEqual({ ok: true, interactionId });
    const { rows } = await parts.fresh.database.query<{ n: number }>(
      `select (event->'context'->'facts'->>'n')::int as n from interaction_events
       where interaction_id = $1 and event->'context'->'facts' ? 'n' order by n`,
      [interactionId],
    );
    expect(rows.map(({ n }) => n)).toEqual(ids.map((_, n) => n));
  });

  it('when it is asked: all who wait are refused together', async () => {
    network.lost.there = true;
    const asked = await Promise.all(
      Array.from({ length: 20 }, () => failure(door.request(senderOf(tvId), stalledRequest))),
    );
    expect(asked.every((error) => error instanceof UnavailableError)).toBe(true);
  });
});
