/**
 * Telephony as the service runs it: the embedded SIP server, or a drachtio-server elsewhere, and on either the same
 * application. So far that proves an installation: OPTIONS is answered, who calls `echo` hears what it says, and all
 * else is not found.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import Srf from 'drachtio-srf';
import { ECHO, EchoCalls, type OpenEchoMedia } from './echoCalls.ts';
import { startSipEngine, type SipEngine } from './engine/engine.ts';

/** The embedded server. */
export interface EngineSettings {
  /** The address to listen on. */
  address: string;
  /** Of UDP and TCP; 0 takes a free one each. */
  port: number;
  /** What phones outside of `localNetworks` are told to send to, where there is address translation. */
  externalAddress: string | null;
  /** `10.0.0.0/8`; phones there are told the machine's own address. */
  localNetworks: readonly string[];
}

/** A drachtio-server's control port. */
export interface DaemonSettings {
  host: string;
  port: number;
  secret: string;
}

export interface SipServiceOptions {
  server: { engine: EngineSettings } | { daemon: DaemonSettings };
  openEcho: OpenEchoMedia;
  log: { warn(fields: object, sentence: string): void };
}

/** Requests that have no business here yet. */
const NOT_FOUND = ['register', 'message', 'subscribe', 'publish', 'notify', 'refer', 'info'];

/** Made at the start of the service, closed at its end. */
export class SipService {
  readonly #engine: SipEngine | null;
  readonly #srf: Srf.Application;
  readonly #calls: EchoCalls;
  #connected = false;
  #closing: Promise<void> | null = null;

  /** @throws Error that says what stands in the way, when the embedded server cannot listen */
  static async start(options: SipServiceOptions): Promise<SipService> {
    const { server } = options;
    if ('daemon' in server) return new SipService(options, null, server.daemon);
    const secret = randomUUID();
    const engine = await startEngine(server.engine, secret);
    const service = new SipService(options, engine, { host: '127.0.0.1', port: engine.controlPort, secret });
    await once(service.#srf, 'connect');
    return service;
  }

  private constructor({ openEcho, log }: SipServiceOptions, engine: SipEngine | null, control: DaemonSettings) {
    this.#engine = engine;
    const srf = new Srf() as Srf.Application;
    this.#srf = srf;
    this.#calls = new EchoCalls(srf, openEcho, log);
    this.#follow(log);
    srf.use('options', (_req, res) => res.send(200, { headers: { Allow: 'INVITE, ACK, CANCEL, BYE, OPTIONS' } }));
    srf.use('invite', (req, res) => {
      if (new RegExp(`^sips?:${ECHO}@`, 'i').test(req.uri)) this.#calls.invite(req, res);
      else res.send(404);
    });
    for (const method of NOT_FOUND) srf.use(method, (_req, res) => res.send(404));
    void srf.connect(control);
  }

  /** The port of UDP and TCP of the embedded server; null on a drachtio-server. */
  get port(): number | null {
    return this.#engine?.endpoints[0]?.port ?? null;
  }

  /** What takes SIP over WebSocket (RFC 7118); null on a drachtio-server, which takes its own. */
  get upgrade(): ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) | null {
    const engine = this.#engine;
    return engine && ((request, socket, head) => engine.handleUpgrade(request, socket, head));
  }

  /** Hangs up, and gives up every port. Twice is harmless. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  /** The connection to the server comes back by itself; what calls the server had are lost with it. */
  #follow(log: SipServiceOptions['log']): void {
    const srf = this.#srf;
    let why: Error | undefined;
    let told = false;
    srf.on('error', (error) => (why = error));
    srf.on('connect', (refused) => {
      this.#connected = refused === null;
      told &&= !this.#connected;
      why = refused ?? undefined;
      if (this.#connected && this.#closing !== null) srf.disconnect();
    });
    srf.on('reconnecting', () => {
      this.#connected = false;
      this.#calls.lost();
      if (!told && this.#closing === null) log.warn({ err: why }, 'The SIP server is out of reach; it is tried again.');
      told = true;
    });
  }

  async #end(): Promise<void> {
    await this.#calls.close();
    if (this.#connected) this.#srf.disconnect();
    await this.#engine?.close();
  }
}

async function startEngine(settings: EngineSettings, secret: string): Promise<SipEngine> {
  const { address, port, externalAddress, localNetworks } = settings;
  try {
    return await startSipEngine({
      listen: [
        { protocol: 'udp', address, port },
        { protocol: 'tcp', address, port },
      ],
      control: { port: 0, secret },
      localNetworks,
      ...(externalAddress === null ? {} : { externalAddress }),
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const why = `SIP port ${port} is taken by another program. Stop that one, or choose another with SIP_PORT=5070.`;
    throw new Error(why, { cause: error });
  }
}
