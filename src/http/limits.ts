/** How often one address, account or agent may ask; what is above is answered with 429 and when to come back. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Request, RequestHandler, Response } from 'express';
import type { Me } from '../protocol/api.ts';
import { networkOf } from '../registration/address.ts';
import { HttpError } from './error.ts';

export interface Limit {
  /** Requests within `seconds`. */
  points: number;
  seconds: number;
}

export interface Limits {
  /** Sign-ins from one address, right or wrong. */
  signInPerAddress: Limit;
  /** Wrong sign-ins to one account. */
  signInPerAccount: Limit;
  /** Codes asked for by TVs of one address. */
  pairingStart: Limit;
  /** Questions of TVs of one address whether their code was confirmed. */
  pairingPoll: Limit;
  /** Codes that no TV shows, typed by one agent. */
  pairingGuess: Limit;
  /** Tries of camera and microphone that one supervisor starts. */
  callTries: Limit;
  /** All requests under /api of one agent, or of one address that is not signed in. */
  api: Limit;
}

export const defaultLimits: Limits = {
  signInPerAddress: { points: 60, seconds: 15 * 60 },
  signInPerAccount: { points: 10, seconds: 15 * 60 },
  pairingStart: { points: 30, seconds: 60 },
  // Homes behind one carrier's address share this; a TV asks 12 times a minute.
  pairingPoll: { points: 600, seconds: 60 },
  pairingGuess: { points: 10, seconds: 10 * 60 },
  callTries: { points: 20, seconds: 5 * 60 },
  api: { points: 600, seconds: 60 },
};

export interface Limiter {
  /**
   * Takes one of the key's requests.
   * @throws HttpError 429 when there is none left; `Retry-After` is set
   */
  take(key: string, res: Response): Promise<void>;
  /** Throws as `take` does, but takes nothing. */
  check(key: string, res: Response): Promise<void>;
  /** The key starts anew. */
  forgive(key: string): Promise<void>;
}

/** One limit, kept in this process. */
export function createLimiter({ points, seconds }: Limit): Limiter {
  const limiter = new RateLimiterMemory({ points, duration: seconds });

  function refuse(res: Response, msBeforeNext: number): never {
    const wait = Math.max(1, Math.ceil(msBeforeNext / 1000));
    res.set('Retry-After', String(wait));
    throw new HttpError(429, 'rateLimited', `Too many tries in a short time. Wait ${inWords(wait)} and try again.`);
  }

  return {
    async take(key, res) {
      try {
        await limiter.consume(key);
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        refuse(res, refusal.msBeforeNext);
      }
    },
    async check(key, res) {
      const state = await limiter.get(key);
      if (state !== null && state.consumedPoints >= points) refuse(res, state.msBeforeNext);
    },
    async forgive(key) {
      await limiter.delete(key);
    },
  };
}

/** A middleware that takes one request of `limit` for whoever asks. */
export function limited(limit: Limit, keyOf: (req: Request, res: Response) => string = addressKey): RequestHandler {
  const limiter = createLimiter(limit);
  return async (req, res, next) => {
    await limiter.take(keyOf(req, res), res);
    next();
  };
}

/** The agent who is signed in, else the address. */
export function callerKey(req: Request, res: Response): string {
  const agent = res.locals.agent as Me | undefined;
  return agent === undefined ? addressKey(req) : `agent:${agent.agentId}`;
}

/** The network that asks. */
export function addressKey(req: Request): string {
  return networkOf(req.ip ?? '');
}

function inWords(seconds: number): string {
  if (seconds < 90) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
