/** Which system is asking: the API key in `Authorization: Bearer ck_…`, for every route under /v1. */
import type { RequestHandler, Response } from 'express';
import type { ApiScope } from '../protocol/apiScopes.ts';
import type { ApiCaller, ApiKeys } from '../registration/apiKeys.ts';
import { HttpError } from './error.ts';
import { addressKey, createLimiter, type Limit } from './limits.ts';

export interface ApiLimits {
  /** All requests of one key. */
  perKey: Limit;
  /** Requests of one address without a key that counts. */
  strangers: Limit;
}

export const defaultApiLimits: ApiLimits = {
  perKey: { points: 600, seconds: 60 },
  strangers: { points: 60, seconds: 60 },
};

/**
 * Puts the system that asks into `res.locals.caller`, or answers 401; and 429 above its limit.
 * Nothing is looked up for an address that tried too many keys.
 */
export function readApiKey(keys: Pick<ApiKeys, 'authenticate'>, limits: ApiLimits): RequestHandler {
  const perKey = createLimiter(limits.perKey);
  const strangers = createLimiter(limits.strangers);
  return async (req, res, next) => {
    const address = addressKey(req);
    await strangers.check(address, res);
    const key = /^Bearer +(\S{1,128})$/i.exec(req.headers.authorization ?? '')?.[1];
    const caller = key === undefined ? null : await keys.authenticate(key);
    if (caller === null) {
      await strangers.take(address, res);
      res.set('WWW-Authenticate', 'Bearer');
      throw new HttpError(
        401,
        'unauthorized',
        'No API key that counts came along. Send one of your contact centre’s as "Authorization: Bearer ck_…".',
      );
    }
    await perKey.take(caller.keyId, res);
    res.locals.caller = caller;
    next();
  };
}

/**
 * The system that is asking.
 * @throws HttpError 403 when its key may not do this
 */
export function callerWith(res: Response, scope: ApiScope): ApiCaller {
  const caller = res.locals.caller as ApiCaller;
  if (!caller.scopes.includes(scope)) {
    throw new HttpError(
      403,
      'forbidden',
      `This key may not do this: it lacks the scope "${scope}". Ask a supervisor for a key that has it.`,
    );
  }
  return caller;
}
