/** The administration page's side of HTTP: one function a route of src/protocol/admin.ts. */
import type {
  ApiKeyCreated,
  ApiKeyListed,
  Replayed,
  WebhookCreated,
  WebhookDeleted,
  WebhookListed,
  WebhookSecret,
  WebhookTested,
  WebhookTrouble,
} from '../../../src/protocol/admin.ts';
import type { ApiScope } from '../../../src/protocol/apiScopes.ts';
import type { EventType } from '../../../src/protocol/eventTypes.ts';

export interface WebhookWish {
  url: string;
  description: string;
  /** Empty for all. */
  eventTypes: EventType[];
}

/** Every function rejects with an ApiFailure. */
export interface AdminApi {
  webhooks(): Promise<WebhookListed[]>;
  addWebhook(wish: WebhookWish): Promise<WebhookCreated>;
  changeWebhook(id: string, wish: WebhookWish): Promise<WebhookListed>;
  deleteWebhook(id: string): Promise<WebhookDeleted>;
  turnOff(id: string): Promise<WebhookListed>;
  turnOn(id: string): Promise<WebhookListed>;
  newSecret(id: string): Promise<WebhookSecret>;
  test(id: string): Promise<WebhookTested>;
  troubles(id: string): Promise<WebhookTrouble[]>;
  /** @param interactionId null for all that are dead */
  replay(id: string, interactionId: string | null): Promise<Replayed>;
  keys(): Promise<ApiKeyListed[]>;
  createKey(name: string, scopes: ApiScope[]): Promise<ApiKeyCreated>;
  revokeKey(id: string): Promise<void>;
}

/** @param get and `change` as the desk's API speaks */
export function createAdminApi(
  get: <T>(path: string) => Promise<T>,
  change: <T>(method: string, path: string, body?: unknown) => Promise<T>,
): AdminApi {
  const webhook = (id: string, what = '') => `/api/admin/webhooks/${encodeURIComponent(id)}${what}`;
  return {
    webhooks: () => get('/api/admin/webhooks'),
    addWebhook: (wish) => change('POST', '/api/admin/webhooks', wish),
    changeWebhook: (id, wish) => change('PUT', webhook(id), wish),
    deleteWebhook: (id) => change('DELETE', webhook(id)),
    turnOff: (id) => change('POST', webhook(id, '/disable')),
    turnOn: (id) => change('POST', webhook(id, '/enable')),
    newSecret: (id) => change('POST', webhook(id, '/rotate')),
    test: (id) => change('POST', webhook(id, '/test')),
    troubles: (id) => get(webhook(id, '/troubles')),
    replay: (id, interactionId) =>
      change('POST', webhook(id, '/replay'), interactionId === null ? {} : { interactionId }),
    keys: () => get('/api/admin/keys'),
    createKey: (name, scopes) => change('POST', '/api/admin/keys', { name, scopes }),
    revokeKey: (id) => change('DELETE', `/api/admin/keys/${encodeURIComponent(id)}`),
  };
}
