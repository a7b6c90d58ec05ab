/** The HTTP side of the service: routes, and what holds for all of them. */
import express, { type ErrorRequestHandler, type Express } from 'express';
import type { Logger } from 'pino';
import type { ApiError } from '../protocol/api.ts';
import { ConflictError, UnauthorizedError } from '../registration/errors.ts';
import type { TvDirectory } from '../registration/ports.ts';
import type { ApiKeys } from '../registration/apiKeys.ts';
import type { Registration } from '../registration/registration.ts';
import { createAdminKeysRouter } from './adminKeys.ts';
import { createAdminWebhooksRouter, type AdminWebhooksDeps } from './adminWebhooks.ts';
import { defaultApiLimits, type ApiLimits } from './apiCaller.ts';
import { createCallsRouter, type CallsDeps } from './calls.ts';
import { createCatalogueRouter, type CatalogueStore } from './catalogue.ts';
import { HttpError } from './error.ts';
import { createHealthRouter, databaseSilent, type Readiness } from './health.ts';
import type { DemoTv } from './landing.ts';
import { createMetricsRouter, type MetricsPage } from './metrics.ts';
import { callerKey, defaultLimits, limited, type Limits } from './limits.ts';
import { createDevicePairingRouter, createPairingsRouter } from './pairing.ts';
import { plainPage, wantsPage } from './plainPage.ts';
import { createReferenceRouter } from './reference.ts';
import { sameOrigin } from './sameOrigin.ts';
import { securityHeaders } from './securityHeaders.ts';
import { readSession } from './session.ts';
import { createSignInRouter } from './signIn.ts';
import { createStaticsRouter } from './statics.ts';
import { createSuggestionsRouter, type SuggestionStore } from './suggestions.ts';
import { createTvsRouter } from './tvs.ts';
import { createV1Router, type V1Deps } from './v1.ts';

/** Bytes of a JSON body; a whole catalogue is longer, and has a limit of its own. */
const BODY_LIMIT = 64 * 1024;

/** What the contact centres' own systems are served by. */
export interface SystemsDeps {
  keys: ApiKeys;
  /** Commands in, and what came of them. */
  api: Pick<V1Deps, 'store' | 'door'>;
  /** Events out. */
  webhooks: Pick<AdminWebhooksDeps, 'endpoints' | 'deliverer' | 'newId' | 'allowPrivate'>;
}

export interface HttpDeps {
  registration: Registration;
  tvs: TvDirectory;
  catalogue: CatalogueStore;
  suggestions: SuggestionStore;
  systems: SystemsDeps;
  calls: CallsDeps;
  readiness: Readiness;
  /** Without it there is no /metrics. */
  metrics?: MetricsPage;
  /** Milliseconds since the epoch. */
  clock: () => number;
  logger: Pick<Logger, 'error' | 'info'>;
  /** How browsers reach the service, without a slash at the end. */
  publicUrl: string;
  /** True where a proxy in front tells the client's address. */
  trustProxy: boolean;
  /** The folder of the built browser apps. */
  webRoot: string;
  /** The first page opens this TV; without it, a TV that pairs. */
  demoTv?: DemoTv | undefined;
  limits?: Partial<Limits>;
  apiLimits?: Partial<ApiLimits>;
}

/** An Express app that listens nowhere yet. */
export function createHttpApp(deps: HttpDeps): Express {
  const { registration, publicUrl, clock, systems } = deps;
  const limits = { ...defaultLimits, ...deps.limits };
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', deps.trustProxy ? 1 : false);
  app.set('query parser', 'simple');
  app.use(securityHeaders(publicUrl));

  app.use(createHealthRouter(deps.readiness));
  if (deps.metrics !== undefined) app.use(createMetricsRouter(deps.metrics));
  app.use(createReferenceRouter({ publicUrl }));
  app.use('/pairing', createDevicePairingRouter({ pairing: registration.pairing, limits }));
  app.use(
    createV1Router({ ...systems.api, keys: systems.keys, clock, limits: { ...defaultApiLimits, ...deps.apiLimits } }),
  );
  app.use('/api', (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });
  app.use('/api', sameOrigin(publicUrl), readSession(registration), limited(limits.api, callerKey));
  app.use(createCatalogueRouter({ store: deps.catalogue, clock }));
  app.use(createSuggestionsRouter({ store: deps.suggestions }));
  app.use('/api', express.json({ limit: BODY_LIMIT }));
  app.use('/api', createSignInRouter({ registration, secureCookie: publicUrl.startsWith('https:'), limits }));
  app.use('/api', createTvsRouter(deps));
  app.use('/api', createAdminKeysRouter(systems));
  app.use('/api', createAdminWebhooksRouter({ ...systems.webhooks, clock, log: deps.logger }));
  app.use('/api', createCallsRouter({ calls: deps.calls, clock, limits }));
  app.use('/api', createPairingsRouter({ pairing: registration.pairing, limits }));
  app.use('/', createStaticsRouter(deps));

  app.use(() => {
    throw HttpError.notFound('This address');
  });
  app.use(answerError(deps));
  return app;
}

/** Writes an error as `ApiError`; what is not meant for people goes to the log alone. */
function answerError({ logger, readiness }: Pick<HttpDeps, 'logger' | 'readiness'>): ErrorRequestHandler {
  return async (error: unknown, req, res, next) => {
    const known = asHttpError(error) ?? (await ourFault(readiness));
    if (known.status >= 500)
      logger.error({ err: error, method: req.method, path: req.path }, 'a request was not answered');
    if (res.headersSent) {
      next(error);
      return;
    }
    if (known.status === 404 && wantsPage(req)) {
      res
        .status(404)
        .vary('Accept')
        .type('html')
        .send(plainPage('This page is not here', [known.message]));
      return;
    }
    const body: ApiError = { error: known.error, message: known.message };
    res.status(known.status).json(body);
  };
}

/** What was not meant to happen: with its reason where it is one that passes. */
async function ourFault({ database }: Readiness): Promise<HttpError> {
  const silent = await databaseSilent(database);
  if (silent === null) {
    return new HttpError(
      500,
      'unavailable',
      'Something went wrong on our side. Nothing was changed. Try again in a moment.',
    );
  }
  return new HttpError(503, 'unavailable', `${silent} What was kept before is safe. Try again in a moment.`);
}

/** Null for what was not meant to happen. */
function asHttpError(error: unknown): HttpError | null {
  if (error instanceof HttpError) return error;
  if (error instanceof UnauthorizedError) return new HttpError(401, 'unauthorized', error.message);
  if (error instanceof ConflictError) return new HttpError(409, 'conflict', error.message);
  const { type, status } = error as { type?: unknown; status?: unknown };
  if (type === 'entity.too.large') {
    return new HttpError(413, 'tooLarge', 'This is more than can be taken at once. Send less.');
  }
  if (type === 'entity.parse.failed')
    return HttpError.malformed('The request is not JSON. Correct it and send it again.');
  if (status === 415) {
    return new HttpError(415, 'malformed', 'The request’s encoding is not understood. Send plain UTF-8 JSON.');
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new HttpError(
      status,
      status === 404 ? 'notFound' : 'malformed',
      'The request was not understood. Check the address and try again.',
    );
  }
  return null;
}
