/** Who is asking: the agent behind the cookie, for every route under /api. */
import type { RequestHandler, Response } from 'express';
import type { Me } from '../protocol/api.ts';
import { sessionTokenOf } from '../registration/sessionCookie.ts';
import { HttpError } from './error.ts';

/** Puts the signed-in agent into `res.locals.agent`; leaves it undefined for a stranger. Mounted once, before the routers. */
export function readSession(registration: { me(token: string): Promise<Me | null> }): RequestHandler {
  return async (req, res, next) => {
    const token = sessionTokenOf(req.headers.cookie);
    res.locals.agent = (token !== null && (await registration.me(token))) || undefined;
    next();
  };
}

/** Lets signed-in agents through; others get 401. */
export const requireAgent: RequestHandler = (_req, res, next) => {
  agentOf(res);
  next();
};

/** Lets signed-in supervisors through; other agents get 403, strangers 401. */
export const requireSupervisor: RequestHandler = (_req, res, next) => {
  if (!agentOf(res).roles.includes('supervisor')) {
    throw new HttpError(403, 'forbidden', 'Only supervisors can do this. Ask a supervisor of your contact centre.');
  }
  next();
};

/**
 * The agent who is asking.
 * @throws HttpError 401 when nobody is signed in
 */
export function agentOf(res: Response): Me {
  const agent = res.locals.agent as Me | undefined;
  if (agent === undefined) throw HttpError.unauthorized();
  return agent;
}
