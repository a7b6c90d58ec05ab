/** Schemas of what HTTP routes answer: the types of src/protocol, in writing. */
import { z } from 'zod';
import type { ApiKeyCreated, ApiKeyListed, Change } from '../../protocol/admin.ts';
import type {
  Replayed,
  WebhookCreated,
  WebhookDeleted,
  WebhookListed,
  WebhookSecret,
  WebhookTested,
  WebhookTrouble,
} from '../../protocol/admin.ts';
import type { ApiError, DeviceAuthorization, Me, PairedCredentials, PairingError } from '../../protocol/api.ts';
import { EVENT_TYPES, type EventType } from '../../protocol/eventTypes.ts';
import type { Taken } from '../../protocol/v1.ts';
import { exact } from './exact.ts';

const at = z.number().int().meta({ description: 'Milliseconds since the epoch.' });
const change = exact<Change>()(z.object({ by: z.string(), at })).meta({ id: 'Change' });

export const apiError = exact<ApiError>()(
  z.object({
    error: z.string().meta({ description: 'A word for programs.' }),
    message: z.string().meta({ description: 'For people: what happened, why, what to do.' }),
  }),
).meta({ id: 'ApiError' });

export const taken = exact<Taken>()(z.object({ interactionId: z.string() })).meta({ id: 'Taken' });

export const me = exact<Me>()(
  z.object({
    agentId: z.string(),
    name: z.string(),
    email: z.string(),
    roles: z.array(z.enum(['agent', 'supervisor'])),
    centre: z.object({ id: z.string(), name: z.string() }),
  }),
).meta({ id: 'Me' });

export const deviceAuthorization = exact<DeviceAuthorization>()(
  z.object({
    device_code: z.string(),
    user_code: z.string(),
    verification_uri: z.string(),
    verification_uri_complete: z.string(),
    expires_in: z.number().int(),
    interval: z.number().int(),
  }),
).meta({ id: 'DeviceAuthorization' });

export const pairedCredentials = exact<PairedCredentials>()(z.object({ serial: z.string(), secret: z.string() })).meta({
  id: 'PairedCredentials',
});

export const pairingError = exact<PairingError>()(
  z.object({
    error: z.enum(['authorization_pending', 'slow_down', 'access_denied', 'expired_token', 'invalid_grant']),
  }),
).meta({ id: 'PairingError' });

const lastError = z.object({ message: z.string(), at });
const eventTypes = z.array(z.enum(Object.keys(EVENT_TYPES) as [EventType, ...EventType[]]));

export const webhookListed = exact<WebhookListed>()(
  z.object({
    id: z.string(),
    url: z.string(),
    description: z.string(),
    eventTypes,
    active: z.boolean(),
    disabled: z.object({ reason: z.string(), at }).nullable(),
    oldSecretUntil: at.nullable(),
    created: change,
    changed: change,
    health: z.object({
      upToDate: z.number().int(),
      retrying: z.number().int(),
      dead: z.number().int(),
      lastDeliveredAt: at.nullable(),
      lastError: lastError.nullable(),
    }),
  }),
).meta({ id: 'Webhook' });

export const webhookSecret = exact<WebhookSecret>()(z.object({ secret: z.string() }));
export const webhookCreated = exact<WebhookCreated>()(z.object({ secret: z.string(), webhook: webhookListed }));
export const webhookTested = exact<WebhookTested>()(z.object({ delivered: z.boolean(), said: z.string() }));
export const webhookDeleted = exact<WebhookDeleted>()(z.object({ dropped: z.number().int() }));
export const replayed = exact<Replayed>()(z.object({ replayed: z.number().int() }));

export const webhookTrouble = exact<WebhookTrouble>()(
  z.object({
    interactionId: z.string(),
    tvName: z.string(),
    state: z.enum(['retrying', 'dead']),
    seq: z.number().int(),
    waiting: z.number().int(),
    attempts: z.number().int(),
    lastError,
    nextTryAt: at.nullable(),
    replayed: change.nullable(),
  }),
).meta({ id: 'WebhookTrouble' });

export const apiKeyListed = exact<ApiKeyListed>()(
  z.object({
    id: z.string(),
    name: z.string(),
    hint: z.string(),
    scopes: z.array(z.enum(['read', 'viewer', 'agent'])),
    created: change,
    lastUsedAt: at.nullable(),
    revoked: change.nullable(),
  }),
).meta({ id: 'ApiKey' });

export const apiKeyCreated = exact<ApiKeyCreated>()(z.object({ key: z.string(), listed: apiKeyListed }));

export const health = z.object({ alive: z.boolean() });
export const readiness = z.object({
  ready: z.boolean(),
  reasons: z.array(z.string()),
  without: z.array(z.string()).meta({ description: 'What it cannot do meanwhile, though it is ready.' }),
});
