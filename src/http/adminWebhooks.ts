/** Webhooks, for supervisors: the routes under /api/admin/webhooks, as src/protocol/admin.ts lists them. */
import { Router, type Response } from 'express';
import type { WebhookDeliverer } from '../events/webhooks/deliver.ts';
import type { EndpointStore } from '../events/webhooks/endpoints.ts';
import { mintSecret } from '../events/webhooks/signature.ts';
import {
  replayBody,
  webhookBody,
  type Replayed,
  type WebhookCreated,
  type WebhookDeleted,
  type WebhookListed,
  type WebhookSecret,
  type WebhookTested,
} from '../protocol/admin.ts';
import { id } from '../protocol/facts.ts';
import { HttpError, parse } from './error.ts';
import { createLimiter } from './limits.ts';
import { agentOf, requireSupervisor } from './session.ts';
import { refuseUrl } from './webhookClient.ts';

/** A receiver has this long to learn its new secret. */
const OLD_SECRET_COUNTS_MS = 24 * 60 * 60 * 1000;

export interface AdminWebhooksDeps {
  endpoints: EndpointStore;
  deliverer: Pick<WebhookDeliverer, 'test'>;
  clock: () => number;
  newId: () => string;
  allowPrivate: boolean;
  /** Told of each change: what, and by whom, as ids. */
  log: { info(fields: object, message: string): void };
}

/** Mounted at /api. */
export function createAdminWebhooksRouter(deps: AdminWebhooksDeps): Router {
  const { endpoints, deliverer, clock, newId, allowPrivate, log } = deps;
  const router = Router();
  const tests = createLimiter({ points: 30, seconds: 60 });

  const gone = () => HttpError.notFound('This webhook');
  const change = (res: Response) => ({ by: agentOf(res).name, at: clock() });
  const audit = (res: Response, webhook: string, what: string, more: object = {}) => {
    const { agentId, centre } = agentOf(res);
    log.info({ centre: centre.id, webhook, agent: agentId, ...more }, `webhook ${what}`);
  };
  const listed = async (res: Response, endpointId: string): Promise<WebhookListed> => {
    const found = (await endpoints.list(agentOf(res).centre.id, clock())).find((one) => one.id === endpointId);
    if (found === undefined) throw gone();
    return found;
  };
  const wish = (body: unknown) => {
    const asked = parse(webhookBody, body);
    const refusal = refuseUrl(new URL(asked.url), allowPrivate);
    if (refusal !== null) throw new HttpError(422, 'badAddress', refusal);
    return asked;
  };

  router.get('/admin/webhooks', requireSupervisor, async (_req, res) => {
    res.json(await endpoints.list(agentOf(res).centre.id, clock()));
  });

  router.post('/admin/webhooks', requireSupervisor, async (req, res) => {
    const asked = wish(req.body);
    const endpointId = newId();
    const secret = mintSecret();
    const { centre } = agentOf(res);
    if (!(await endpoints.insert(centre.id, { id: endpointId, secret, ...asked }, change(res)))) {
      throw new HttpError(409, 'conflict', 'This contact centre has 20 webhooks already. Change one of them instead.');
    }
    audit(res, endpointId, 'added');
    res.status(201).json({ webhook: await listed(res, endpointId), secret } satisfies WebhookCreated);
  });

  router.put('/admin/webhooks/:id', requireSupervisor, async (req, res) => {
    const endpointId = parse(id, req.params.id);
    if (!(await endpoints.update(agentOf(res).centre.id, endpointId, wish(req.body), change(res)))) throw gone();
    audit(res, endpointId, 'changed');
    res.json(await listed(res, endpointId));
  });

  router.delete('/admin/webhooks/:id', requireSupervisor, async (req, res) => {
    const endpointId = parse(id, req.params.id);
    const dropped = await endpoints.remove(agentOf(res).centre.id, endpointId);
    if (dropped === null) throw gone();
    audit(res, endpointId, 'deleted', { dropped });
    res.json({ dropped } satisfies WebhookDeleted);
  });

  router.post('/admin/webhooks/:id/disable', requireSupervisor, async (req, res) => {
    const endpointId = parse(id, req.params.id);
    const { centre, name } = agentOf(res);
    if (!(await endpoints.disable(centre.id, endpointId, `Turned off by ${name}.`, change(res)))) throw gone();
    audit(res, endpointId, 'turned off');
    res.json(await listed(res, endpointId));
  });

  router.post('/admin/webhooks/:id/enable', requireSupervisor, async (req, res) => {
    const endpointId = parse(id, req.params.id);
    if (!(await endpoints.enable(agentOf(res).centre.id, endpointId, change(res)))) throw gone();
    audit(res, endpointId, 'turned on');
    res.json(await listed(res, endpointId));
  });

  router.post('/admin/webhooks/:id/rotate', requireSupervisor, async (req, res) => {
    const endpointId = parse(id, req.params.id);
    const secret = mintSecret();
    const made = change(res);
    const oldUntil = made.at + OLD_SECRET_COUNTS_MS;
    if (!(await endpoints.rotate(agentOf(res).centre.id, endpointId, secret, oldUntil, made))) throw gone();
    audit(res, endpointId, 'given a new secret');
    res.json({ secret } satisfies WebhookSecret);
  });

  router.post('/admin/webhooks/:id/test', requireSupervisor, async (req, res) => {
    const endpointId = parse(id, req.params.id);
    const { centre, name } = agentOf(res);
    await tests.take(centre.id, res);
    const target = await endpoints.target(centre.id, endpointId, clock());
    if (target === null) throw gone();
    const tested = await deliverer.test({ centreId: centre.id, endpointId, by: name, ...target });
    res.json(tested satisfies WebhookTested);
  });

  router.get('/admin/webhooks/:id/troubles', requireSupervisor, async (req, res) => {
    const troubles = await endpoints.troubles(agentOf(res).centre.id, parse(id, req.params.id));
    if (troubles === null) throw gone();
    res.json(troubles);
  });

  router.post('/admin/webhooks/:id/replay', requireSupervisor, async (req, res) => {
    const endpointId = parse(id, req.params.id);
    const { interactionId = null } = parse(replayBody, req.body);
    await listed(res, endpointId);
    const replayed = await endpoints.replay(agentOf(res).centre.id, endpointId, interactionId, change(res));
    audit(res, endpointId, 'replayed', { replayed });
    res.json({ replayed } satisfies Replayed);
  });

  return router;
}
