/**
 * Pairing, both sides. The TV's, outside of /api, open to every origin, as TVs have pages of their own:
 * POST /pairing/device, POST /pairing/token. The agent's: GET and POST /api/pairings/:userCode.
 */
import express, { Router, type RequestHandler } from 'express';
import { z } from 'zod';
import { confirmPairingBody, pairingDeviceBody, pairingTokenBody } from '../protocol/api.ts';
import type { Pairing } from '../registration/pairing.ts';
import { HttpError, parse } from './error.ts';
import { createLimiter, limited, type Limits } from './limits.ts';
import { agentOf, requireAgent } from './session.ts';

const userCodeParams = z.object({ userCode: z.string().max(40) });

interface Deps {
  pairing: Pairing;
  limits: Limits;
}

/** Mounted at /pairing. */
export function createDevicePairingRouter({ pairing, limits }: Deps): Router {
  const router = Router();
  // The origin first: a page is told, too, that what it sent was not understood.
  router.use(anyOrigin, express.json({ limit: '4kb' }));

  router.post('/device', limited(limits.pairingStart), async (req, res) => {
    res.json(await pairing.authorize(parse(pairingDeviceBody, req.body)));
  });

  router.post('/token', limited(limits.pairingPoll), async (req, res) => {
    const { device_code: deviceCode } = parse(pairingTokenBody, req.body);
    const answer = await pairing.poll(deviceCode);
    res.status('error' in answer ? 400 : 200).json(answer);
  });

  return router;
}

/** Mounted at /api. */
export function createPairingsRouter({ pairing, limits }: Deps): Router {
  const router = Router();
  const guesses = createLimiter(limits.pairingGuess);
  const gone = () =>
    new HttpError(
      404,
      'notFound',
      'No TV shows this code now. Look at the TV: a code works for 10 minutes, then a new one appears.',
    );

  router.get('/pairings/:userCode', requireAgent, async (req, res) => {
    const { agentId, centre } = agentOf(res);
    await guesses.check(agentId, res);
    const found = await pairing.pending(centre.id, parse(userCodeParams, req.params).userCode);
    if (found === null) {
      await guesses.take(agentId, res);
      throw gone();
    }
    res.json(found);
  });

  router.post('/pairings/:userCode', requireAgent, async (req, res) => {
    const { agentId, centre } = agentOf(res);
    const { userCode } = parse(userCodeParams, req.params);
    const answer = parse(confirmPairingBody, req.body);
    await guesses.check(agentId, res);
    if (!(await pairing.answer(centre.id, userCode, answer))) {
      await guesses.take(agentId, res);
      throw gone();
    }
    res.status(204).end();
  });

  return router;
}

/** No cookie counts on these routes, so any page may ask. */
const anyOrigin: RequestHandler = (req, res, next) => {
  res.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': 'Retry-After',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Cache-Control': 'no-store',
  });
  if (req.method !== 'OPTIONS') {
    next();
    return;
  }
  res.set({
    'Access-Control-Allow-Methods': 'POST',
    'Access-Control-Allow-Headers': 'content-type',
    'Access-Control-Max-Age': '86400',
  });
  res.status(204).end();
};
