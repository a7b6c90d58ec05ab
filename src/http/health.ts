/**
 * GET /healthz: the process answers. GET /readyz: it can do its work, or why not; `without` is what it cannot do
 * meanwhile, though it is ready.
 */
import { Router } from 'express';
import { plainPage, wantsPage } from './plainPage.ts';

const WITHIN_MS = 1000;

export interface Readiness {
  /** Resolves when the database answered. */
  database(): Promise<unknown>;
  /** True while timers and other jobs are taken from the queue. */
  workerRuns(): boolean;
  /** Why there is neither sound nor picture; null when there are, or none are wanted. */
  mediaMissing(): string | null;
}

export function createHealthRouter({ database, workerRuns, mediaMissing }: Readiness): Router {
  const router = Router();
  router.use((_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });

  router.get('/healthz', (_req, res) => {
    res.json({ alive: true });
  });

  router.get('/readyz', async (req, res) => {
    const reasons: string[] = [];
    const silent = await databaseSilent(database);
    if (silent !== null) reasons.push(silent);
    if (!workerRuns()) reasons.push('The worker that runs timers has stopped.');
    const missing = mediaMissing();
    const ready = reasons.length === 0;
    const without = missing === null ? [] : [missing];
    res.status(ready ? 200 : 503).vary('Accept');
    if (wantsPage(req)) res.type('html').send(readinessPage(ready, [...reasons, ...without]));
    else res.json({ ready, reasons, without });
  });

  return router;
}

function readinessPage(ready: boolean, sentences: string[]): string {
  if (!ready) return plainPage('The service is not ready', sentences);
  return plainPage('The service is ready', ['The database answers, and timers run.', ...sentences]);
}

/** In a sentence for people; null while the database answers. */
export async function databaseSilent(database: Readiness['database']): Promise<string | null> {
  return (await answersInTime(database)) ? null : 'The database does not answer within 1 second.';
}

async function answersInTime(database: () => Promise<unknown>): Promise<boolean> {
  let late: NodeJS.Timeout | undefined;
  const inTime = new Promise<false>((done) => {
    late = setTimeout(() => done(false), WITHIN_MS);
  });
  try {
    return await Promise.race([database().then(() => true), inTime]);
  } catch {
    return false;
  } finally {
    clearTimeout(late);
  }
}
