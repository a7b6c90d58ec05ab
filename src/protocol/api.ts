/** The HTTP side: what the apps send, as schemas, and what they get, as types. Errors are `ApiError`. */
import { z } from 'zod';
import type { Catalogue, CatalogueEntry, Task } from '../diagnosis/diagnosis.ts';
import type { CatalogueProblem } from '../diagnosis/edit.ts';
import { id, taskDraft, text } from './facts.ts';

/** Every answer of 400 and above. `message` can be shown to people. */
export interface ApiError {
  error: string;
  message: string;
}

// ── Sign-in: POST /api/sign-in → Me, POST /api/sign-out → 204, GET /api/me → Me ──────────────────

export const signInBody = z.object({ email: z.string().min(3).max(200), password: z.string().min(1).max(200) });

export interface Me {
  agentId: string;
  name: string;
  email: string;
  roles: ('agent' | 'supervisor')[];
  centre: { id: string; name: string };
}

// ── TVs: GET /api/tvs?search= → TvListed[], GET /api/tvs/:id/history → PastInteraction[] ─────────

export interface TvListed {
  id: string;
  name: string;
  serial: string;
  model: string;
  firmware: string;
  customerName: string | null;
  connected: boolean;
  lastHeardAt: number | null;
  /** An interaction under way keeps others from inviting. */
  openInteractionId: string | null;
}

export interface PastInteraction {
  id: string;
  openedAt: number;
  endedAt: number | null;
  faultCode: string | null;
  faultTitle: string | null;
  agentName: string | null;
  /** A disposition, or `abandoned`, or null while open. */
  outcome: string | null;
  note: string;
}

// ── Suggestions: GET /api/interactions/:id/suggestions → Suggestion[], best first ────────────────

export interface Suggestion {
  entryId: string;
  name: string;
  explanation: string;
  /** With the fault's facts filled in: "signal −81 dBm". */
  why: string;
  tasks: Omit<Task, 'id'>[];
  /** True when the automated service sent it already. */
  sent: boolean;
}

// ── Catalogue (supervisors write, agents read) ───────────────────────────────────────────────────
// GET /api/catalogue → CatalogueState; PUT /api/catalogue/draft (DraftBody) → CatalogueState;
// POST /api/catalogue/publish (PublishBody) → CatalogueState; DELETE /api/catalogue/draft → CatalogueDiscarded;
// POST /api/catalogue/restore (RestoreBody) makes the draft of an earlier version → CatalogueState

export const catalogueEntry = z.object({
  id,
  fault: z
    .string()
    .max(80)
    .regex(/^[a-z0-9]+:([A-Za-z0-9._-]+\*?|\*)$/, 'namespace:name, with * at the end for any'),
  model: z
    .string()
    .max(60)
    .regex(/^[^*]*\*?$/, 'a model, with * at the end for any'),
  firmware: z
    .string()
    .max(40)
    .regex(/^(\*|(<|<=|>|>=)?[0-9A-Za-z._-]+\*?)$/, '*, 4.2*, <4.2 or >=4.2.1'),
  name: text(60),
  explanation: text(300),
  why: z.string().max(200),
  tasks: z.array(taskDraft).min(1).max(8),
  unattended: z.boolean(),
}) satisfies z.ZodType<CatalogueEntry>;

const entries = z
  .array(catalogueEntry)
  .max(500)
  .refine((all) => new Set(all.map((one) => one.id)).size === all.length, 'two entries have the same id');

/** `revision` is the one that was read: somebody else's edit in between is answered with 409. */
export const draftBody = z.object({
  revision: z.number().int().min(0),
  /** The published version that a new draft was made from: a newer one in between is answered with 409 too. */
  version: z.number().int().min(1).optional(),
  entries,
});
export const publishBody = z.object({ revision: z.number().int().min(0), note: z.string().max(200) });
export const restoreBody = z.object({ version: z.number().int().min(1) });

export interface CatalogueState {
  published: Catalogue & { by: string; at: number; note: string };
  /** Null when nothing is being edited. */
  draft: {
    revision: number;
    entries: CatalogueEntry[];
    by: string;
    at: number;
    /** Errors hold back publishing, warnings do not. */
    problems?: CatalogueProblem[];
  } | null;
  /** The latest first, at most 100. */
  versions: { version: number; by: string; at: number; note: string; entries: number }[];
}

/** The answer to DELETE /api/catalogue/draft: with what was discarded, so that it can be put back. */
export interface CatalogueDiscarded extends CatalogueState {
  discarded: { entries: CatalogueEntry[]; by: string; at: number } | null;
}

// ── Pairing (RFC 8628's shape) ───────────────────────────────────────────────────────────────────
// POST /pairing/device (PairingDeviceBody) → DeviceAuthorization
// POST /pairing/token (PairingTokenBody) → 200 PairedCredentials, or 400 PairingError
// GET /api/pairings/:userCode → PairingPending; POST /api/pairings/:userCode (ConfirmPairingBody) → 204

export const pairingDeviceBody = z.object({ model: text(60), serial: text(64).optional() });

export interface DeviceAuthorization {
  device_code: string;
  /** Eight of the twenty letters BCDFGHJKLMNPQRSTVWXZ, as `BCDF-GHJK`. */
  user_code: string;
  verification_uri: string;
  verification_uri_complete: string;
  expires_in: number;
  interval: number;
}

export const pairingTokenBody = z.object({ device_code: z.string().min(16).max(128) });

export interface PairedCredentials {
  serial: string;
  secret: string;
}

export interface PairingError {
  error: 'authorization_pending' | 'slow_down' | 'access_denied' | 'expired_token' | 'invalid_grant';
}

export interface PairingPending {
  userCode: string;
  model: string;
  /** As the TV told it; null when it told none. */
  serial: string | null;
  /** The TV of this serial that the agent's own centre knows already: saying yes ends its credentials. */
  replaces: { name: string; customerName: string | null } | null;
  expiresAt: number;
}

export const confirmPairingBody = z.discriminatedUnion('allow', [
  z.object({
    allow: z.literal(true),
    /** How the home calls this TV. */
    name: text(60),
    customer: z.object({ name: text(80), reference: text(64).optional() }).nullable(),
  }),
  z.object({ allow: z.literal(false) }),
]);
