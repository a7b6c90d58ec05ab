/** A contact centre's own systems at the running service of a test file: what they say by HTTP, and the TV beside them. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { ApiKeyCreated } from '../../../src/protocol/admin.ts';
import { demo } from '../../support/demo.ts';
import { startService, type Service } from '../../support/service.ts';
import { registerTv, signIn, type WireClient } from '../../support/wire.ts';

interface Said<T> {
  status: number;
  body: T;
  headers: Headers;
}

interface Asked {
  /** An API key. */
  key?: string | undefined;
  /** Of somebody who is signed in. */
  cookie?: string;
  body?: unknown;
  /** The Idempotency-Key. */
  id?: string;
}

export interface Systems {
  readonly service: Service;
  /** Priya's cookie. */
  readonly supervisor: string;
  /** Sam's cookie. */
  readonly agent: string;
  readonly keys: { all: string; read: string };
  ask<T = { error: string; message: string }>(method: string, path: string, asked?: Asked): Promise<Said<T>>;
  /** @returns an API key with these scopes */
  mintKey(scopes: string[]): Promise<string>;
  /** The TV, registered; what it has under way is left and its connection cut after the test. */
  tvOn(): Promise<WireClient>;
  /** Another connection that is ended like the TV's. */
  closeLater(client: WireClient): WireClient;
  /** A system asks for help for the TV. */
  asksForTv(id?: string, key?: string): Promise<Said<{ interactionId: string }>>;
  command(
    interactionId: string,
    body: unknown,
    id?: string,
    key?: string,
  ): Promise<Said<{ interactionId: string; error?: string }>>;
}

/** What ends the help that a system asked for. */
export const leave = { as: 'viewer', command: { type: 'leave' } };

/** For the top of a test file: one service for all its tests, with receivers of webhooks allowed on this machine. */
export function setSystems(): Systems {
  let service: Service;
  let supervisor: string;
  let agent: string;
  let keys: Systems['keys'];
  let open: WireClient[];
  beforeAll(async () => {
    const settings = { ALLOW_PRIVATE_WEBHOOKS: 'on', ABSENCE_SECONDS: '60', OFFER_SECONDS: '60', LOG_LEVEL: 'info' };
    service = await startService(settings);
    supervisor = await signIn(service.url, demo.priya.email, demo.priya.password);
    agent = await signIn(service.url, demo.sam.email, demo.sam.password);
    keys = { all: await systems.mintKey(['read', 'viewer', 'agent']), read: await systems.mintKey(['read']) };
  });
  beforeEach(() => {
    open = [];
    return async () => {
      for (const client of open) {
        // A service that was killed took its connections along.
        const views = client.socket.readyState === client.socket.OPEN ? client.views.values() : [];
        for (const view of views) {
          if (['queued', 'offered', 'selfService', 'active'].includes(view.status.kind)) {
            await client.ask({ type: 'viewer', interactionId: view.id, command: { type: 'leave' } });
          }
        }
        client.cut();
      }
    };
  });
  afterAll(() => service.stop());

  const systems: Systems = {
    get service() {
      return service;
    },
    get supervisor() {
      return supervisor;
    },
    get agent() {
      return agent;
    },
    get keys() {
      return keys;
    },
    async ask<T>(method: string, path: string, { key, cookie, body, id }: Asked = {}) {
      const response = await fetch(`${service.url}${path}`, {
        method,
        headers: {
          ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
          ...(cookie === undefined ? {} : { Cookie: cookie, 'X-Couchline': '1' }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(id === undefined ? {} : { 'Idempotency-Key': id }),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as T, headers: response.headers };
    },
    async mintKey(scopes) {
      const wish = { cookie: supervisor, body: { name: 'CRM', scopes } };
      const { status, body } = await systems.ask<ApiKeyCreated>('POST', '/api/admin/keys', wish);
      expect(status).toBe(201);
      return body.key;
    },
    tvOn: async () => systems.closeLater(await registerTv(service.url, demo.tv)),
    closeLater(client) {
      open.push(client);
      return client;
    },
    asksForTv: (id = randomUUID(), key = keys.all) =>
      systems.ask('POST', '/v1/interactions', { key, id, body: { serial: demo.tv.serial } }),
    command: (interactionId, body, id = randomUUID(), key = keys.all) =>
      systems.ask('POST', `/v1/interactions/${interactionId}/commands`, { key, id, body }),
  };
  return systems;
}
