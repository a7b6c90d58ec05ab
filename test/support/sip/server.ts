/** A drachtio server to try things on: the one that the environment names, or the project's own engine. */
import { randomUUID } from 'node:crypto';
import { startSipEngine } from '../../../sip/engine/engine.ts';
import type { Address } from './peer.ts';

export interface RunningServer {
  control: Address & { secret: string };
  close(): Promise<void>;
}

export interface ServerOptions {
  /** RFC 3261's T1 in milliseconds; a server that is there already keeps its own. */
  t1?: number;
}

export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const { DRACHTIO_HOST: host, DRACHTIO_PORT: port = '9022', DRACHTIO_SECRET: secret = 'cymru' } = process.env;
  if (host !== undefined) return { control: { host, port: Number(port), secret }, close: async () => undefined };
  return startEngine(options);
}

async function startEngine({ t1 = 500 }: ServerOptions): Promise<RunningServer> {
  const secret = randomUUID();
  const host = '127.0.0.1';
  const engine = await startSipEngine({
    listen: [
      { protocol: 'udp', address: host, port: 0 },
      { protocol: 'tcp', address: host, port: 0 },
    ],
    control: { address: host, port: 0, secret },
    timers: { t1, t2: 8 * t1, t4: 10 * t1 },
  });
  return { control: { host, port: engine.controlPort, secret }, close: () => engine.close() };
}
