/** The built browser apps: /tv/, /agent/, /connector.js; and the first page, which says where to go. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import express, { Router, type Response } from 'express';
import { landingPage, type DemoTv } from './landing.ts';

/** Vite puts eight characters of the content's hash before the ending. */
const HASHED = /[/\\]assets[/\\].+-[\w-]{8}\.\w+$/;

/** @param deps.webRoot the folder that the browser apps were built into */
export function createStaticsRouter({ webRoot, demoTv }: { webRoot: string; demoTv?: DemoTv | undefined }): Router {
  const router = Router();
  const landing = landingPage(demoTv);
  const files = express.static(webRoot, { index: false, setHeaders: setCache });

  router.get('/', (_req, res) => {
    res.set('Cache-Control', 'no-cache').type('html').send(landing);
  });

  // Browsers ask for it by themselves on pages that name no icon.
  router.get('/favicon.ico', (_req, res) => {
    res.redirect(302, '/tv/icon.svg');
  });

  router.get('/pair', (req, res) => {
    const { code } = req.query;
    res.redirect(302, typeof code === 'string' ? `/agent/pair?code=${encodeURIComponent(code)}` : '/agent/pair');
  });

  router.get(['/tv', '/agent'], (req, res, next) => {
    if (req.path.endsWith('/')) next();
    else res.redirect(301, `${req.path}/${req.originalUrl.slice(req.path.length)}`);
  });

  // As it was sent: an encoded slash or dot is no part of a page's name.
  router.get(/^\/tv\/(?:[\w-]+\.html)?$/, async (req, res, next) => {
    const html = await readPage(join(webRoot, req.path.endsWith('/') ? '/tv/index.html' : req.path));
    if (html === null) {
      next();
      return;
    }
    allowInlineScripts(res, html);
    res.set('Cache-Control', 'no-cache').type('html').send(html);
  });

  // The other apps' pages are their own business: the connector is made for pages of other origins.
  router.get('/connector.js', (_req, res, next) => {
    res.set('Cross-Origin-Resource-Policy', 'cross-origin');
    next();
  });

  router.use(files);

  // Every address below /agent/ that is no file is a place within the desktop.
  router.get('/agent/{*place}', async (req, res, next) => {
    const html = /\.\w+$/.test(req.path) ? null : await readPage(join(webRoot, 'agent', 'index.html'));
    if (html === null) next();
    else res.set('Cache-Control', 'no-cache').type('html').send(html);
  });

  return router;
}

function setCache(res: Response, path: string): void {
  res.set('Cache-Control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
}

async function readPage(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}

/** Pages that show how to embed the connector have the few lines in them: those very lines may run, by their hash. */
function allowInlineScripts(res: Response, html: string): void {
  const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script = '']) => script);
  if (scripts.length === 0) return;
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  const policy = String(res.getHeader('Content-Security-Policy') ?? '');
  res.set('Content-Security-Policy', policy.replace("script-src 'self'", `script-src 'self' ${hashes.join(' ')}`));
}
