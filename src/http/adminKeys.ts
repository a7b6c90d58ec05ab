/** API keys, for supervisors: GET and POST /api/admin/keys, DELETE /api/admin/keys/:id. */
import { Router } from 'express';
import { apiKeyBody, type ApiKeyCreated } from '../protocol/admin.ts';
import { id } from '../protocol/facts.ts';
import type { ApiKeys } from '../registration/apiKeys.ts';
import { HttpError, parse } from './error.ts';
import { agentOf, requireSupervisor } from './session.ts';

/** Mounted at /api. */
export function createAdminKeysRouter({ keys }: { keys: Pick<ApiKeys, 'list' | 'create' | 'revoke'> }): Router {
  const router = Router();

  router.get('/admin/keys', requireSupervisor, async (_req, res) => {
    res.json(await keys.list(agentOf(res).centre.id));
  });

  router.post('/admin/keys', requireSupervisor, async (req, res) => {
    const { centre, name } = agentOf(res);
    const created = await keys.create(centre.id, parse(apiKeyBody, req.body), name);
    const listed = (await keys.list(centre.id)).find((one) => one.id === created.id);
    if (listed === undefined) throw new Error('A key that was made stands in the list.');
    res.status(201).json({ key: created.key, listed } satisfies ApiKeyCreated);
  });

  router.delete('/admin/keys/:id', requireSupervisor, async (req, res) => {
    const { centre, name } = agentOf(res);
    if (!(await keys.revoke(centre.id, parse(id, req.params.id), name))) throw HttpError.notFound('This key');
    res.status(204).end();
  });

  return router;
}
