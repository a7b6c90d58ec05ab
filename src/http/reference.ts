/** What can be asked and what is told, for those who build on it: GET /openapi.json, /asyncapi.json, /docs. */
import { Router } from 'express';
import { asyncApiDocument } from './reference/asyncapi.ts';
import { openApiDocument } from './reference/openapi.ts';
import { referencePage } from './reference/page.ts';

/** @param deps.publicUrl how clients reach the service, without a slash at the end */
export function createReferenceRouter({ publicUrl }: { publicUrl: string }): Router {
  const router = Router();
  // Made when somebody asks, and once: a start need not wait for it.
  const openApi = once(() => openApiDocument(publicUrl));
  const openApiText = once(() => JSON.stringify(openApi(), null, 2));
  const asyncApiText = once(() => JSON.stringify(asyncApiDocument(publicUrl), null, 2));
  const page = once(() => referencePage(openApi()));

  // Tools on pages of other origins read these.
  router.get(['/openapi.json', '/asyncapi.json'], (req, res) => {
    res.set({
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Cache-Control': 'no-cache',
    });
    res.type('json').send(req.path === '/openapi.json' ? openApiText() : asyncApiText());
  });

  router.get('/docs', (_req, res) => {
    res.set('Cache-Control', 'no-cache').type('html').send(page());
  });

  return router;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
