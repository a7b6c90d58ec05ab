/**
 * GET /metrics, in Prometheus' text format. Not public: with a token only for who shows it, without
 * one only for this machine itself. To others there is no such page.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { Router, type Request } from 'express';
import { HttpError } from './error.ts';

export interface MetricsPage {
  text(): Promise<{ contentType: string; body: string }>;
  /** What `Authorization: Bearer` has to show; null lets this machine itself read. */
  token: string | null;
}

export function createMetricsRouter({ text, token }: MetricsPage): Router {
  const router = Router();
  router.get('/metrics', async (req, res) => {
    if (!(token === null ? isThisMachine(req) : shows(req, token))) throw HttpError.notFound('This address');
    const { contentType, body } = await text();
    res.set('Cache-Control', 'no-store').type(contentType).send(body);
  });
  return router;
}

/** What comes through a proxy on this machine does not come from this machine. */
function isThisMachine({ socket, headers }: Request): boolean {
  const forwarded = ['forwarded', 'x-forwarded-for', 'via', 'x-real-ip'].some((name) => name in headers);
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/i, '');
  return !forwarded && (address === '::1' || (isIP(address) === 4 && address.startsWith('127.')));
}

function shows(req: Request, token: string): boolean {
  const [scheme, shown = ''] = (req.get('authorization') ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' && timingSafeEqual(digest(shown), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
