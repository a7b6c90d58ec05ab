/** What browsers are told to refuse, for every answer. */
import helmet from 'helmet';
import type { RequestHandler } from 'express';

/**
 * The strict policy of the desktop, and one for the TV's page, which plays streams and checks networks that lie elsewhere.
 * Both run scripts of our own only.
 */
export function securityHeaders(publicUrl: string): RequestHandler {
  const secure = publicUrl.startsWith('https:');
  const socket = publicUrl.replace(/^http/, 'ws');
  const desk = policy(secure, { connect: ["'self'", socket], media: ["'self'", 'blob:', 'data:'] });
  const tv = policy(secure, {
    // Chromium before 2020 does not count ws: as 'self'.
    connect: ["'self'", 'ws:', 'wss:', 'http:', 'https:'],
    media: ["'self'", 'blob:', 'data:', 'http:', 'https:'],
  });
  return (req, res, next) => {
    (req.path.startsWith('/tv/') ? tv : desk)(req, res, next);
  };
}

function policy(secure: boolean, sources: { connect: string[]; media: string[] }): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // Components set positions and sizes as inline style.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: sources.media,
        connectSrc: sources.connect,
        fontSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: secure,
  });
}
