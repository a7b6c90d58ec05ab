/** The documents say what the service does, and their official parsers agree with them. */
import SwaggerParser from '@apidevtools/swagger-parser';
import { Parser } from '@asyncapi/parser';
import type { Router } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAdminKeysRouter } from '../../../src/http/adminKeys.ts';
import { createAdminWebhooksRouter } from '../../../src/http/adminWebhooks.ts';
import { defaultApiLimits } from '../../../src/http/apiCaller.ts';
import { interactionCloudEvent } from '../../../src/http/reference/cloudEvents.ts';
import { serverMessage } from '../../../src/http/reference/messages.ts';
import { createV1Router } from '../../../src/http/v1.ts';
import { toCloudEvent } from '../../../src/events/webhooks/cloudEvent.ts';
import { EVENT_TYPES } from '../../../src/protocol/eventTypes.ts';
import { stalledRequest } from '../../support/wire.ts';
import { startHttp, type Http } from './server.ts';

let http: Http;
beforeAll(async () => {
  http = await startHttp();
});
afterAll(() => http.close());

interface Described {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; security: unknown[] }>>;
  components: { schemas: Record<string, unknown> };
}
const nothing = {} as never;

/** As Express keeps them. @param at where the router is mounted */
function routesOf(router: Router, at = ''): string[] {
  return router.stack.flatMap(({ route }) =>
    route === undefined
      ? []
      : route.stack.map((layer) => `${layer.method} ${at}${route.path.replaceAll(/:(\w+)/g, '{$1}')}`),
  );
}

describe('GET /openapi.json', () => {
  it('[M8] is OpenAPI 3.1 by its parser, every reference resolved', async () => {
    const response = await http.get('/openapi.json');
    expect(response.headers.get('content-type')).toContain('application/json');
    const document = (await response.json()) as Described;
    expect(document.openapi).toMatch(/^3\.1\./);
    await SwaggerParser.validate(structuredClone(document) as never);
  });

  it('[M8] has every route of /v1 and of the administration page, and none that is not there', async () => {
    const { paths } = (await (await http.get('/openapi.json')).json()) as Described;
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const there = new Set([
      ...routesOf(
        createV1Router({ keys: nothing, store: nothing, door: nothing, clock: Date.now, limits: defaultApiLimits }),
      ),
      ...routesOf(createAdminKeysRouter({ keys: nothing }), '/api'),
      ...routesOf(
        createAdminWebhooksRouter({
          endpoints: nothing,
          deliverer: nothing,
          clock: Date.now,
          newId: String,
          allowPrivate: false,
          log: nothing,
        }),
        '/api',
      ),
    ]);
    expect(there.size).toBeGreaterThan(14);
    const ours = described.filter((route) => / \/(v1|api\/admin)\//.test(route));
    expect(ours.sort()).toEqual([...there].sort());
    for (const route of described.filter((one) => !ours.includes(one))) {
      const [method = '', path = ''] = route.split(' ');
      const response = await (method === 'get' ? http.get(path) : http.post(path, {}));
      expect(response.status, route).not.toBe(404);
    }
  });

  it('[M8] names each operation once and says who may ask', async () => {
    const { paths } = (await (await http.get('/openapi.json')).json()) as Described;
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const [path, methods] of Object.entries(paths)) {
      if (/^\/v1\//.test(path))
        for (const { security } of Object.values(methods)) expect(security).toEqual([{ apiKey: [] }]);
      if (/^\/api\/admin\//.test(path))
        for (const { security } of Object.values(methods)) expect(security).toEqual([{ session: [] }]);
    }
  });
});

describe('GET /asyncapi.json', () => {
  it('[M8] is AsyncAPI 3 by its parser, without errors, with both ends of the connection and the webhooks', async () => {
    const text = await (await http.get('/asyncapi.json')).text();
    const { document, diagnostics } = await new Parser().parse(text);
    expect(
      diagnostics.filter(({ severity }) => severity === 0).map(({ message, path }) => `${path.join('.')}: ${message}`),
    ).toEqual([]);
    if (document === undefined) throw new Error('It was parsed.');
    expect(document.version()).toBe('3.0.0');
    const keys = document
      .components()
      .messages()
      .all()
      .map((message) => message.id());
    expect(keys).toEqual(
      expect.arrayContaining([
        'tv_registerTv',
        'tv_request',
        'agent_invite',
        'service_event',
        'service_goodbye',
        'webhook_interaction',
      ]),
    );
    expect(document.operations().all()).toHaveLength(4);
  });
});

describe('the schemas of what the service says', () => {
  it('[M8] describe an event as it is delivered, and nothing else', () => {
    const event = toCloudEvent(
      {
        interactionId: 'i-1',
        seq: 1,
        at: 1_700_000_000_000,
        event: {
          type: 'requested',
          origin: 'viewer',
          request: stalledRequest,
          tv: {
            tvId: 't',
            serial: 'S',
            form: 'all-in-one',
            model: 'X40',
            displayModel: null,
            firmware: '4.2.1',
            engine: 'Chromium 120',
            name: 'Living room TV',
            customer: null,
          },
        },
      },
      { centreId: 'northlight', serial: 'S' },
    );
    expect(interactionCloudEvent.parse(event)).toEqual(event);
    expect(interactionCloudEvent.safeParse({ ...event, data: { type: 'nothing' } }).success).toBe(false);
    expect(interactionCloudEvent.shape.data.options.map((option) => option.shape.type.value).sort()).toEqual(
      Object.keys(EVENT_TYPES).sort(),
    );
  });

  it('[M8] describe what is said on a connection', () => {
    const goodbye = { v: 1, type: 'goodbye', reason: 'Going down.', retryAfterMs: 1000 };
    expect(serverMessage.parse(goodbye)).toEqual(goodbye);
    expect(serverMessage.safeParse({ ...goodbye, retryAfterMs: 'soon' }).success).toBe(false);
  });
});

describe('GET /docs', () => {
  it('[M8] is a page that runs no script, fetches nothing from elsewhere, and has a place for every schema', async () => {
    const response = await http.get('/docs');
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
    const page = await response.text();
    expect(page).not.toMatch(/<script|\son\w+=|src=|href="https?:/);
    const { components, paths } = (await (await http.get('/openapi.json')).json()) as Described;
    for (const name of Object.keys(components.schemas)) expect(page).toContain(`id="schema-${name}"`);
    for (const path of Object.keys(paths)) expect(page).toContain(path);
    const targets = new Set([...page.matchAll(/ id="([\w-]+)"/g)].map(([, id]) => id));
    for (const [, target] of page.matchAll(/href="#([\w-]+)"/g)) expect(targets).toContain(target);
  });
});
