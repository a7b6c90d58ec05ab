/**
 * The administration page's side of HTTP, under /api/admin: what supervisors send, as schemas, and
 * what they get, as types. Errors are `ApiError`.
 */
import { z } from 'zod';
import { API_SCOPES, type ApiScope } from './apiScopes.ts';
import { text } from './facts.ts';
import { EVENT_TYPES, type EventType } from './eventTypes.ts';

/** Who changed something last, and when: a name, and milliseconds since the epoch. */
export interface Change {
  by: string;
  at: number;
}

// ── Webhooks ─────────────────────────────────────────────────────────────────────────────────────
// GET /api/admin/webhooks → WebhookListed[]; POST (WebhookBody) → 201 WebhookCreated
// PUT /api/admin/webhooks/:id (WebhookBody) → WebhookListed; DELETE …/:id → WebhookDeleted
// POST …/:id/disable, …/:id/enable → WebhookListed; …/:id/rotate → WebhookSecret; …/:id/test → WebhookTested
// GET …/:id/troubles → WebhookTrouble[]; POST …/:id/replay (ReplayBody) → Replayed

const eventTypeNames = Object.keys(EVENT_TYPES) as [EventType, ...EventType[]];

export const webhookBody = z.object({
  url: z.url().max(500),
  /** What it is for, in the supervisor's words. */
  description: z.string().trim().max(80).default(''),
  /** Empty for all. */
  eventTypes: z
    .array(z.enum(eventTypeNames))
    .max(eventTypeNames.length)
    .refine((types) => new Set(types).size === types.length, 'a type stands there twice')
    .default([]),
});

export interface WebhookListed {
  id: string;
  url: string;
  description: string;
  eventTypes: EventType[];
  active: boolean;
  /** Null while it is active. */
  disabled: { reason: string; at: number } | null;
  /** Until then deliveries are signed with the earlier secret too; null without one. */
  oldSecretUntil: number | null;
  created: Change;
  changed: Change;
  health: {
    /** Interactions of which every event arrived, or none was asked for. */
    upToDate: number;
    /** Interactions whose next event did not arrive yet and is tried again. */
    retrying: number;
    /** Interactions whose next event was tried too often. */
    dead: number;
    lastDeliveredAt: number | null;
    lastError: { message: string; at: number } | null;
  };
}

/** The secret is told this once. */
export interface WebhookSecret {
  secret: string;
}

export interface WebhookCreated extends WebhookSecret {
  webhook: WebhookListed;
}

export interface WebhookTested {
  delivered: boolean;
  /** What came of it, for people. */
  said: string;
}

export interface WebhookDeleted {
  /** Of how many interactions there were events that did not arrive, and never will. */
  dropped: number;
}

/** An interaction whose events wait behind one that did not arrive. */
export interface WebhookTrouble {
  interactionId: string;
  tvName: string;
  state: 'retrying' | 'dead';
  /** The one that stands next. */
  seq: number;
  /** How many events wait, that one included. */
  waiting: number;
  attempts: number;
  lastError: { message: string; at: number };
  /** Null when it is dead. */
  nextTryAt: number | null;
  replayed: Change | null;
}

/** Without an interaction, all that are dead. */
export const replayBody = z.object({ interactionId: text(64).optional() });

export interface Replayed {
  /** How many interactions are delivered anew from where they stopped. */
  replayed: number;
}

// ── API keys ─────────────────────────────────────────────────────────────────────────────────────
// GET /api/admin/keys → ApiKeyListed[]; POST (ApiKeyBody) → 201 ApiKeyCreated; DELETE …/:id → 204

const scopes = Object.keys(API_SCOPES) as [ApiScope, ...ApiScope[]];

export const apiKeyBody = z.object({
  name: text(60),
  scopes: z
    .array(z.enum(scopes))
    .min(1)
    .refine((all) => new Set(all).size === all.length, 'a scope stands there twice'),
});

export interface ApiKeyListed {
  id: string;
  name: string;
  /** The last four characters. */
  hint: string;
  scopes: ApiScope[];
  created: Change;
  lastUsedAt: number | null;
  revoked: Change | null;
}

/** The key is told this once. */
export interface ApiKeyCreated {
  key: string;
  listed: ApiKeyListed;
}
