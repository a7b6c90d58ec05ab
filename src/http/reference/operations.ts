/** The routes that others build on, in the order they are read about. */
import { z } from 'zod';
import { apiKeyBody, replayBody, webhookBody } from '../../protocol/admin.ts';
import { pairingDeviceBody, pairingTokenBody, signInBody } from '../../protocol/api.ts';
import { commandBody, openBody } from '../../protocol/v1.ts';
import * as answers from './answers.ts';
import { interactionCloudEvent } from './cloudEvents.ts';
import { interactionTold } from './events.ts';

export interface Operation {
  method: 'get' | 'post' | 'put' | 'delete';
  /** With parameters as `{id}`. */
  path: string;
  id: string;
  tag: 'Interactions' | 'Pairing' | 'Session' | 'Webhooks' | 'API keys' | 'Health';
  summary: string;
  description?: string;
  /** Null for everybody. */
  auth: 'apiKey' | 'session' | null;
  /** The scope of the key. */
  scope?: string;
  query?: { name: string; schema: z.ZodType; description: string }[];
  /** With Idempotency-Key. */
  idempotent?: boolean;
  body?: z.ZodType;
  answers: Record<number, { description: string; schema?: z.ZodType; type?: string }>;
  /** Statuses of refusals, besides those that every route of its kind has. */
  refusals?: number[];
}

const ok = (schema: z.ZodType, description = 'As it stands now.') => ({ 200: { description, schema } });
const done = { 204: { description: 'Done.' } };

const v1: Operation[] = [
  {
    method: 'post',
    path: '/v1/interactions',
    id: 'openInteraction',
    tag: 'Interactions',
    summary: 'Ask for help for a TV',
    description: 'Joins what is open for this TV already, as the TV’s own request would.',
    auth: 'apiKey',
    scope: 'viewer',
    idempotent: true,
    body: openBody,
    answers: { 201: { description: 'Committed.', schema: answers.taken } },
    refusals: [404, 409, 422],
  },
  {
    method: 'post',
    path: '/v1/interactions/{id}/commands',
    id: 'sayInInteraction',
    tag: 'Interactions',
    summary: 'Speak for the viewer or the agent',
    description:
      'For the viewer (scope `viewer`): what can be said without looking at the TV; a check’s result and the answer to an agent’s invitation are the TV’s alone. For the agent (scope `agent`): everything the agent it is with, or offered to, can say.',
    auth: 'apiKey',
    scope: 'viewer or agent',
    idempotent: true,
    body: commandBody,
    answers: ok(answers.taken, 'Committed.'),
    refusals: [404, 409, 422],
  },
  {
    method: 'get',
    path: '/v1/interactions/{id}',
    id: 'readInteraction',
    tag: 'Interactions',
    summary: 'Read an interaction',
    auth: 'apiKey',
    scope: 'read',
    answers: ok(interactionTold),
    refusals: [404],
  },
  {
    method: 'get',
    path: '/v1/interactions/{id}/events',
    id: 'readEvents',
    tag: 'Interactions',
    summary: 'Read the events of an interaction',
    description: 'The same CloudEvents that webhooks get, from a number on.',
    auth: 'apiKey',
    scope: 'read',
    query: [
      { name: 'after', schema: z.number().int().min(0).default(0), description: 'The last number that is known.' },
      { name: 'limit', schema: z.number().int().min(1).max(500).default(100), description: 'At most so many.' },
    ],
    answers: {
      200: {
        description: 'In order; empty when there are no more.',
        schema: z.array(interactionCloudEvent),
        type: 'application/cloudevents-batch+json',
      },
    },
    refusals: [404],
  },
];

const pairing: Operation[] = [
  {
    method: 'post',
    path: '/pairing/device',
    id: 'startPairing',
    tag: 'Pairing',
    summary: 'Get a code for a TV to show (RFC 8628)',
    auth: null,
    body: pairingDeviceBody,
    answers: ok(answers.deviceAuthorization, 'The code, and how often to ask.'),
  },
  {
    method: 'post',
    path: '/pairing/token',
    id: 'pollPairing',
    tag: 'Pairing',
    summary: 'Ask whether the code was confirmed (RFC 8628)',
    auth: null,
    body: pairingTokenBody,
    answers: {
      200: { description: 'The TV’s credentials, this once.', schema: answers.pairedCredentials },
      400: { description: 'Not yet, or no more.', schema: z.union([answers.pairingError, answers.apiError]) },
    },
  },
];

const session: Operation[] = [
  {
    method: 'post',
    path: '/api/sign-in',
    id: 'signIn',
    tag: 'Session',
    summary: 'Sign an agent in',
    auth: null,
    body: signInBody,
    answers: ok(answers.me, 'Signed in; the session is a cookie.'),
    refusals: [401, 403],
  },
  {
    method: 'post',
    path: '/api/sign-out',
    id: 'signOut',
    tag: 'Session',
    summary: 'Sign the agent out',
    auth: 'session',
    answers: done,
  },
  {
    method: 'get',
    path: '/api/me',
    id: 'whoAmI',
    tag: 'Session',
    summary: 'Who is signed in',
    auth: 'session',
    answers: ok(answers.me),
  },
];

const admin = (operation: Omit<Operation, 'auth'>): Operation => ({ auth: 'session', ...operation });

const webhooks: Operation[] = [
  admin({
    method: 'get',
    path: '/api/admin/webhooks',
    id: 'listWebhooks',
    tag: 'Webhooks',
    summary: 'List webhooks and how their deliveries stand',
    answers: ok(z.array(answers.webhookListed)),
  }),
  admin({
    method: 'post',
    path: '/api/admin/webhooks',
    id: 'addWebhook',
    tag: 'Webhooks',
    summary: 'Add a webhook',
    body: webhookBody,
    answers: { 201: { description: 'With its secret, this once.', schema: answers.webhookCreated } },
    refusals: [409, 422],
  }),
  admin({
    method: 'put',
    path: '/api/admin/webhooks/{id}',
    id: 'changeWebhook',
    tag: 'Webhooks',
    summary: 'Change a webhook',
    body: webhookBody,
    answers: ok(answers.webhookListed),
    refusals: [404, 422],
  }),
  admin({
    method: 'delete',
    path: '/api/admin/webhooks/{id}',
    id: 'deleteWebhook',
    tag: 'Webhooks',
    summary: 'Delete a webhook',
    description: 'For good: nothing more is sent there, and events that did not arrive yet are dropped.',
    answers: ok(answers.webhookDeleted),
    refusals: [404],
  }),
  admin({
    method: 'post',
    path: '/api/admin/webhooks/{id}/disable',
    id: 'disableWebhook',
    tag: 'Webhooks',
    summary: 'Turn a webhook off',
    answers: ok(answers.webhookListed),
    refusals: [404],
  }),
  admin({
    method: 'post',
    path: '/api/admin/webhooks/{id}/enable',
    id: 'enableWebhook',
    tag: 'Webhooks',
    summary: 'Turn a webhook on',
    description: 'What happened while it was off is delivered then.',
    answers: ok(answers.webhookListed),
    refusals: [404],
  }),
  admin({
    method: 'post',
    path: '/api/admin/webhooks/{id}/rotate',
    id: 'rotateWebhookSecret',
    tag: 'Webhooks',
    summary: 'Give a webhook a new secret',
    description: 'For 24 hours deliveries carry a signature of the old one too.',
    answers: ok(answers.webhookSecret, 'The new secret, this once.'),
    refusals: [404],
  }),
  admin({
    method: 'post',
    path: '/api/admin/webhooks/{id}/test',
    id: 'testWebhook',
    tag: 'Webhooks',
    summary: 'Send a test event',
    answers: ok(answers.webhookTested, 'What came of it.'),
    refusals: [404],
  }),
  admin({
    method: 'get',
    path: '/api/admin/webhooks/{id}/troubles',
    id: 'listWebhookTroubles',
    tag: 'Webhooks',
    summary: 'List interactions whose events do not get through',
    answers: ok(z.array(answers.webhookTrouble)),
    refusals: [404],
  }),
  admin({
    method: 'post',
    path: '/api/admin/webhooks/{id}/replay',
    id: 'replayWebhook',
    tag: 'Webhooks',
    summary: 'Deliver anew from where it stopped',
    body: replayBody,
    answers: ok(answers.replayed),
    refusals: [404],
  }),
];

const keys: Operation[] = [
  admin({
    method: 'get',
    path: '/api/admin/keys',
    id: 'listApiKeys',
    tag: 'API keys',
    summary: 'List API keys',
    answers: ok(z.array(answers.apiKeyListed)),
  }),
  admin({
    method: 'post',
    path: '/api/admin/keys',
    id: 'createApiKey',
    tag: 'API keys',
    summary: 'Create an API key',
    body: apiKeyBody,
    answers: { 201: { description: 'The key, this once.', schema: answers.apiKeyCreated } },
  }),
  admin({
    method: 'delete',
    path: '/api/admin/keys/{id}',
    id: 'revokeApiKey',
    tag: 'API keys',
    summary: 'Revoke an API key',
    answers: done,
    refusals: [404],
  }),
];

const health: Operation[] = [
  {
    method: 'get',
    path: '/healthz',
    id: 'isAlive',
    tag: 'Health',
    summary: 'Whether the process lives',
    auth: null,
    answers: ok(answers.health),
  },
  {
    method: 'get',
    path: '/readyz',
    id: 'isReady',
    tag: 'Health',
    summary: 'Whether it can work, or why not',
    auth: null,
    answers: { ...ok(answers.readiness), 503: { description: 'Not now.', schema: answers.readiness } },
  },
];

export const operations: readonly Operation[] = [...v1, ...webhooks, ...keys, ...pairing, ...session, ...health];
