/** Help asked for by HTTP for a TV that comes or goes meanwhile: what is open has the TV as it is. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiKeyStore } from '../../../db/apiKeyStore.ts';
import { createApiStore } from '../../../db/apiStore.ts';
import { Door } from '../../../src/events/door.ts';
import type { Commit } from '../../../src/events/ports.ts';
import { defaultApiLimits } from '../../../src/http/apiCaller.ts';
import { createV1Router } from '../../../src/http/v1.ts';
import { createApiKeys } from '../../../src/registration/apiKeys.ts';
import { deafRelay, demoCentreId as centreId, openDoorParts, type DoorParts } from '../../support/doorParts.ts';

const SERIAL = 'TV-1';

let parts: DoorParts;
let door: Door;
let server: Server;
let tvId: string;
let key: string;
let commits: Commit[];
/** What happens once a request has found its TV, and before it is taken. */
let meanwhile: () => Promise<void>;

beforeEach(async () => {
  parts = await openDoorParts();
  commits = [];
  door = new Door({ ...parts.options, relay: { ...deafRelay, committed: (commit) => void commits.push(commit) } });
  tvId = await parts.tv(SERIAL);
  meanwhile = async () => {};
  const store = createApiStore(parts.fresh.database);
  const keys = createApiKeys({ store: createApiKeyStore(parts.fresh.database), clock: Date.now, newId: randomUUID });
  ({ key } = await keys.create(centreId, { name: 'Alarm', scopes: ['viewer'] }, 'Priya'));
  const tv: typeof store.tv = async (...which) => {
    const found = await store.tv(...which);
    await meanwhile();
    return found;
  };
  const router = createV1Router({ keys, store: { ...store, tv }, door, clock: Date.now, limits: defaultApiLimits });
  server = createServer(express().use(router)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.close();
  server.closeAllConnections();
  await parts.fresh.drop();
});

/** As the roster tells of it. */
async function tvIs(connected: boolean): Promise<void> {
  await parts.registration.setTvConnected(tvId, connected, Date.now());
  await door.tvConnection(centreId, tvId, connected);
}

/** @returns the id of what is open for the TV now */
async function asks(): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/interactions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Idempotency-Key': randomUUID(), 'Content-Type': 'application/json' },
    body: JSON.stringify({ serial: SERIAL }),
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { interactionId: string }).interactionId;
}

/** Whether what is open has its TV as lost, and what was told of that. */
async function lost(interactionId: string) {
  const kept = await parts.store.interaction(centreId, interactionId);
  const events = await parts.store.eventsAfter(centreId, interactionId, 0, 99);
  const told = events.map(({ event }) => event.type).filter((type) => type === 'tvLost' || type === 'tvBack');
  return { now: kept?.value.tvLostAt !== null, told };
}

describe('[M8] [IX21] help that a system asks for', () => {
  it('has a TV that comes while it is asked for as there', async () => {
    meanwhile = () => tvIs(true);
    expect(await lost(await asks())).toEqual({ now: false, told: [] });
  });

  it('has a TV that goes while it is asked for as lost', async () => {
    await tvIs(true);
    meanwhile = () => tvIs(false);
    expect(await lost(await asks())).toEqual({ now: true, told: ['tvLost'] });
  });

  it('has a TV that was away all the time as lost from the commit on that opens it, and as back when it comes', async () => {
    const interactionId = await asks();
    expect(commits).toHaveLength(1);
    expect(await lost(interactionId)).toEqual({ now: true, told: ['tvLost'] });
    // Whoever asks once more tells of nothing new.
    expect(await asks()).toBe(interactionId);
    expect(await lost(interactionId)).toEqual({ now: true, told: ['tvLost'] });
    await tvIs(true);
    expect(await lost(interactionId)).toEqual({ now: false, told: ['tvLost', 'tvBack'] });
  });
});
