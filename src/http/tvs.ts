/** GET /api/tvs?search=, GET /api/tvs/:id/history */
import { Router } from 'express';
import { z } from 'zod';
import { id } from '../protocol/facts.ts';
import type { TvDirectory } from '../registration/ports.ts';
import { HttpError, parse } from './error.ts';
import { agentOf, requireAgent } from './session.ts';

const listQuery = z.object({ search: z.string().trim().max(80).default('') });
const tvParams = z.object({ id });

export function createTvsRouter({ tvs }: { tvs: TvDirectory }): Router {
  const router = Router();

  router.get('/tvs', requireAgent, async (req, res) => {
    const { search } = parse(listQuery, req.query);
    res.json(await tvs.listTvs(agentOf(res).centre.id, search));
  });

  router.get('/tvs/:id/history', requireAgent, async (req, res) => {
    const params = parse(tvParams, req.params);
    const history = await tvs.tvHistory(agentOf(res).centre.id, params.id);
    if (history === null) throw HttpError.notFound('This TV');
    res.json(history);
  });

  return router;
}
