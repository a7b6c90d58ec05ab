/** Keeps other sites from acting with an agent's cookie: it is SameSite=Strict, and this is the second lock. */
import type { RequestHandler } from 'express';
import { HttpError } from './error.ts';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Lets reads through; whatever changes something must carry `X-Couchline: 1`, which no page of another
 * origin can send, and come from our own origin where it names one.
 */
export function sameOrigin(publicUrl: string): RequestHandler {
  const ours = new URL(publicUrl).host;
  return (req, _res, next) => {
    if (READS.has(req.method)) {
      next();
      return;
    }
    const { origin } = req.headers;
    const sentByUs = req.headers['x-couchline'] === '1';
    if (!sentByUs || (origin !== undefined && ![ours, req.headers.host].includes(hostOf(origin)))) {
      throw new HttpError(
        403,
        'foreignOrigin',
        'This came from another page than Couchline’s own, so nothing was changed. Open Couchline and try again there.',
      );
    }
    next();
  };
}

/** `null`, which sandboxed pages send as their origin, has no host. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
