/** Whether calls work, for supervisors: /api/admin/calls and a try of one's own camera and microphone below it. */
import { Router } from 'express';
import { callTryAnswer, type CallsState } from '../protocol/calls.ts';
import { id } from '../protocol/facts.ts';
import { CallTries, type EchoRooms } from './callTries.ts';
import { parse } from './error.ts';
import { limited, type Limits } from './limits.ts';
import { agentOf, requireSupervisor } from './session.ts';

/** What the page asks of the media layer; main.ts says who that is. */
export interface CallsDeps {
  state(): CallsState;
  rooms: EchoRooms;
}

/** Mounted at /api. */
export function createCallsRouter(options: {
  calls: CallsDeps;
  clock: () => number;
  limits: Pick<Limits, 'callTries'>;
}): Router {
  const { calls, clock, limits } = options;
  const router = Router();
  const tries = new CallTries({ rooms: calls.rooms, clock });

  router.get('/admin/calls', requireSupervisor, (_req, res) => {
    res.json(calls.state());
  });

  const seldom = limited(limits.callTries, (_req, res) => agentOf(res).agentId);
  router.post('/admin/calls/try', requireSupervisor, seldom, async (_req, res) => {
    res.status(201).json(await tries.open(agentOf(res).agentId));
  });

  router.get('/admin/calls/try/:id', requireSupervisor, (req, res) => {
    res.json(tries.state(agentOf(res).agentId, parse(id, req.params.id)));
  });

  router.post('/admin/calls/try/:id/offer', requireSupervisor, async (req, res) => {
    res.json({ sdp: await tries.offer(agentOf(res).agentId, parse(id, req.params.id)) });
  });

  router.post('/admin/calls/try/:id/answer', requireSupervisor, async (req, res) => {
    const { sdp } = parse(callTryAnswer, req.body);
    res.json(await tries.answer(agentOf(res).agentId, parse(id, req.params.id), sdp));
  });

  router.delete('/admin/calls/try/:id', requireSupervisor, (req, res) => {
    tries.close(agentOf(res).agentId, parse(id, req.params.id));
    res.status(204).end();
  });

  return router;
}
