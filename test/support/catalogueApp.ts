/** The real HTTP app around the catalogue's routes, asked over a real socket by people of two centres. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CatalogueStore } from '../../src/diagnosis/catalogueStore.ts';
import { createHttpApp, type HttpDeps } from '../../src/http/app.ts';
import type { SuggestionStore } from '../../src/http/suggestions.ts';
import type { Me } from '../../src/protocol/api.ts';

const harbour = { id: 'harbour', name: 'Harbour Help' };
const valley = { id: 'valley', name: 'Valley Care' };

const people = {
  alice: person('alice', 'Alice Moreau', ['agent', 'supervisor'], harbour),
  bob: person('bob', 'Bob Okafor', ['agent', 'supervisor'], harbour),
  sam: person('sam', 'Sam Reyes', ['agent'], harbour),
  eve: person('eve', 'Eve Lindqvist', ['agent', 'supervisor'], valley),
};
type Person = keyof typeof people | 'nobody';

function person(agentId: string, name: string, roles: Me['roles'], centre: Me['centre']): Me {
  return { agentId, name, email: `${agentId}@example.test`, roles, centre };
}

export interface Answer<T> {
  status: number;
  body: T;
}

export interface CatalogueApp {
  /** @param body sent as JSON; a string is sent as it is */
  ask<T>(who: Person, method: string, path: string, body?: unknown): Promise<Answer<T>>;
  close(): Promise<void>;
}

export async function openCatalogueApp(parts: {
  catalogue?: CatalogueStore;
  suggestions?: SuggestionStore;
  clock?: () => number;
}): Promise<CatalogueApp> {
  const nothing = {} as never;
  const deps: HttpDeps = {
    // Of the registration, only who is asking matters to these routes.
    registration: {
      me: (token: string) => Promise.resolve(people[token.replace('session-token-of-', '') as keyof typeof people]),
      pairing: nothing,
    } as unknown as HttpDeps['registration'],
    tvs: nothing,
    systems: { keys: nothing, api: nothing, webhooks: nothing },
    calls: nothing,
    readiness: nothing,
    catalogue: parts.catalogue ?? nothing,
    suggestions: parts.suggestions ?? nothing,
    clock: parts.clock ?? (() => 0),
    logger: { info: () => {}, error: (...told: unknown[]) => console.error(...told) },
    publicUrl: 'http://couchline.test',
    trustProxy: false,
    webRoot: '/nowhere',
    limits: { api: { points: 10_000, seconds: 60 } },
  };
  const server: Server = createHttpApp(deps).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;

  return {
    async ask<T>(who: Person, method: string, path: string, body?: unknown): Promise<Answer<T>> {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: {
          'x-couchline': '1',
          ...(who === 'nobody' ? {} : { cookie: `couchline=session-token-of-${who}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as T };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
