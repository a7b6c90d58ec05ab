/** A drachtio server to try things on: the one that the environment names, or the project's own engine. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../../sip/engine/clock.ts';
import { startSipEngine, type Listen, type SipEngineLoad } from '../../../sip/engine/engine.ts';
import type { Dns } from '../../../sip/engine/transports/target.ts';
import type { Address } from './peer.ts';
import type { Certificate } from './tls.ts';

export interface RunningServer {
  control: Address & { secret: string };
  /** Where HTTP is spoken and WebSockets are taken; of an engine that was given pages. */
  web?: Address;
  /** How much is under way; of an engine. */
  load?: () => SipEngineLoad;
  close(): Promise<void>;
}

export interface ServerOptions {
  /** RFC 3261's T1 in milliseconds; a server that is there already keeps its own. */
  t1?: number;
  /** The engine's clock, to be turned by hand. */
  clock?: Clock;
  /** Takes TLS too, and trusts peers whose certificate this is. */
  certificate?: Certificate;
  /** Trusts peers with these, too. */
  trusted?: string[];
  /** Shows its certificate to those it calls, and takes no caller without one that it trusts. */
  mutual?: boolean;
  /** Who tells it where names lead. */
  dns?: Dns;
  /** Answers HTTP on a port that also takes SIP over WebSocket. */
  pages?: RequestListener;
}

export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const { DRACHTIO_HOST: host, DRACHTIO_PORT: port = '9022', DRACHTIO_SECRET: secret = 'cymru' } = process.env;
  if (host !== undefined) return { control: { host, port: Number(port), secret }, close: async () => undefined };
  return startEngine(options);
}

async function startEngine({
  t1 = 500,
  clock,
  certificate,
  trusted = [],
  mutual = false,
  dns,
  pages,
}: ServerOptions): Promise<RunningServer> {
  const secret = randomUUID();
  const host = '127.0.0.1';
  const listen: Listen[] = [
    { protocol: 'udp', address: host, port: 0 },
    { protocol: 'tcp', address: host, port: 0 },
  ];
  const ca = certificate === undefined ? trusted : [certificate.cert, ...trusted];
  if (certificate !== undefined) {
    const tls = mutual ? { ...certificate, ca, requestCert: true } : certificate;
    listen.push({ protocol: 'tls', address: host, port: 0, tls });
  }
  const engine = await startSipEngine({
    listen,
    control: { address: host, port: 0, secret },
    ...(clock === undefined ? {} : { clock }),
    ...(dns === undefined ? {} : { dns }),
    timers: { t1, t2: 8 * t1, t4: 10 * t1 },
    ...(certificate === undefined ? {} : { tlsClient: mutual ? { ...certificate, ca } : { ca } }),
  });
  const running: RunningServer = {
    control: { host, port: engine.controlPort, secret },
    load: engine.load,
    close: () => engine.close(),
  };
  if (pages === undefined) return running;
  const http = createServer(pages);
  http.on('upgrade', (request, socket, head) => engine.handleUpgrade(request, socket, head));
  http.listen(0, host);
  await once(http, 'listening');
  return {
    ...running,
    web: { host, port: (http.address() as AddressInfo).port },
    async close() {
      await engine.close();
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
}
