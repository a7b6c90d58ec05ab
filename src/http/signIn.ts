/** POST /api/sign-in, POST /api/sign-out, GET /api/me */
import { Router } from 'express';
import { signInBody } from '../protocol/api.ts';
import type { Registration } from '../registration/registration.ts';
import { UnauthorizedError } from '../registration/errors.ts';
import { SESSION_COOKIE, sessionTokenOf } from '../registration/sessionCookie.ts';
import { HttpError, parse } from './error.ts';
import { addressKey, createLimiter, type Limits } from './limits.ts';
import { agentOf } from './session.ts';

/** @param deps.secureCookie true where browsers reach the service by https */
export function createSignInRouter(deps: {
  registration: Pick<Registration, 'signIn' | 'signOut'>;
  secureCookie: boolean;
  limits: Limits;
}): Router {
  const { registration, secureCookie } = deps;
  const perAddress = createLimiter(deps.limits.signInPerAddress);
  const perAccount = createLimiter(deps.limits.signInPerAccount);
  const cookie = { httpOnly: true, sameSite: 'strict', path: '/', secure: secureCookie } as const;
  const router = Router();

  router.post('/sign-in', async (req, res) => {
    const { email, password } = parse(signInBody, req.body);
    const account = email.trim().toLowerCase();
    await perAddress.take(addressKey(req), res);
    // Taken before the check and given back after: many tries at once get no further than one by one.
    await perAccount.take(account, res);
    try {
      const { token, expiresAt, me } = await registration.signIn(account, password);
      await perAccount.forgive(account);
      res.cookie(SESSION_COOKIE, token, { ...cookie, expires: new Date(expiresAt) });
      res.json(me);
    } catch (error) {
      if (!(error instanceof UnauthorizedError)) throw error;
      throw new HttpError(
        401,
        'unauthorized',
        'This e-mail address and password do not go together. Check both and try again.',
        { cause: error },
      );
    }
  });

  router.post('/sign-out', async (req, res) => {
    const token = sessionTokenOf(req.headers.cookie);
    if (token !== null) await registration.signOut(token);
    res.clearCookie(SESSION_COOKIE, cookie);
    res.status(204).end();
  });

  router.get('/me', (_req, res) => {
    res.json(agentOf(res));
  });

  return router;
}
