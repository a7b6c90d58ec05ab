/** Commands in, and what came of them, by HTTP: for a contact centre's systems that have no socket (M8). */
import express, { Router } from 'express';
import type { Door } from '../events/door.ts';
import type { Answer, StoredEvent } from '../events/ports.ts';
import { toCloudEvent } from '../events/webhooks/cloudEvent.ts';
import type { RefusalCode } from '../protocol/server.ts';
import { id } from '../protocol/facts.ts';
import { commandBody, eventsQuery, openBody, type InteractionTold, type Taken } from '../protocol/v1.ts';
import { fold, type InteractionView } from '../protocol/view.ts';
import type { ApiKeys } from '../registration/apiKeys.ts';
import { callerWith, readApiKey, type ApiLimits } from './apiCaller.ts';
import { HttpError, parse } from './error.ts';
import { once, type RequestStore } from './idempotency.ts';

export interface ApiStore extends RequestStore {
  /** Of a centre, by its serial. */
  tv(centreId: string, serial: string): Promise<{ tvId: string } | null>;
  tvOf(centreId: string, interactionId: string): Promise<{ tvId: string; serial: string } | null>;
  eventsAfter(centreId: string, interactionId: string, seq: number, limit: number): Promise<StoredEvent[]>;
}

export interface V1Deps {
  keys: Pick<ApiKeys, 'authenticate'>;
  store: ApiStore;
  door: Pick<Door, 'request' | 'viewer' | 'agent'>;
  clock: () => number;
  limits: ApiLimits;
}

/** Events that are read at once. */
const PAGE = 200;

/** Routes under /v1, with their whole paths. */
export function createV1Router(deps: V1Deps): Router {
  const { keys, store, door, limits } = deps;
  const router = Router();
  const authenticate = readApiKey(keys, limits);
  const readBody = express.json({ limit: '64kb' });
  router.use('/v1', (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });

  router.post('/v1/interactions', authenticate, readBody, async (req, res) => {
    const caller = callerWith(res, 'viewer');
    const asked = parse(openBody, req.body);
    await once({ req, res, caller, asked }, deps, async (commandId) => {
      const { serial, ...request } = asked;
      const tv = await store.tv(caller.centreId, serial);
      if (tv === null) throw HttpError.notFound(`A TV with the serial ${serial}`);
      const sender = { centreId: caller.centreId, senderId: tv.tvId, commandId };
      return { status: 201, body: told(await door.request(sender, request, 'system')) };
    });
  });

  router.post('/v1/interactions/:id/commands', authenticate, readBody, async (req, res) => {
    const interactionId = parse(id, req.params.id);
    const asked = parse(commandBody, req.body);
    const caller = callerWith(res, asked.as);
    const { centreId } = caller;
    await once({ req, res, caller, asked }, deps, async (commandId) => {
      if (asked.as === 'agent') {
        const sender = { centreId, senderId: asked.agentId, commandId };
        return { status: 200, body: told(await door.agent(sender, interactionId, asked.command)) };
      }
      const tv = await store.tvOf(centreId, interactionId);
      if (tv === null) throw HttpError.notFound('This help');
      const sender = { centreId, senderId: tv.tvId, commandId };
      return { status: 200, body: told(await door.viewer(sender, interactionId, asked.command)) };
    });
  });

  router.get('/v1/interactions/:id', authenticate, async (req, res) => {
    const { centreId } = callerWith(res, 'read');
    const interactionId = parse(id, req.params.id);
    let view: InteractionView | null = null;
    for (let seq = 0, more = true; more;) {
      const page = await store.eventsAfter(centreId, interactionId, seq, PAGE);
      view = page.reduce<InteractionView | null>(fold, view);
      seq = page.at(-1)?.seq ?? seq;
      more = page.length >= PAGE;
    }
    if (view === null) throw HttpError.notFound('This help');
    const { timeline: _, ...interaction } = view;
    res.json(interaction satisfies InteractionTold);
  });

  router.get('/v1/interactions/:id/events', authenticate, async (req, res) => {
    const { centreId } = callerWith(res, 'read');
    const interactionId = parse(id, req.params.id);
    const { after, limit } = parse(eventsQuery, req.query);
    const tv = await store.tvOf(centreId, interactionId);
    if (tv === null) throw HttpError.notFound('This help');
    const events = await store.eventsAfter(centreId, interactionId, after, limit);
    res
      .type('application/cloudevents-batch+json')
      .send(JSON.stringify(events.map((event) => toCloudEvent(event, { centreId, serial: tv.serial }))));
  });

  return router;
}

const STATUS: Readonly<Record<RefusalCode, number>> = {
  version: 400,
  malformed: 400,
  unauthorized: 401,
  notYours: 403,
  notFound: 404,
  wrongState: 409,
  ended: 409,
  busy: 409,
  badReference: 422,
  rateLimited: 429,
  unavailable: 503,
};

/** @throws HttpError for a refusal */
function told(answer: Answer): Taken {
  if (!answer.ok) throw new HttpError(STATUS[answer.code], answer.code, answer.message);
  if (answer.interactionId === null) throw new Error('A command to an interaction is answered with it.');
  return { interactionId: answer.interactionId };
}
