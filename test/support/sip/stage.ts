/**
 * Where the contract is tried: a drachtio server, applications connected to it by an unmodified
 * drachtio-srf, and peers that speak SIP to it. `DRACHTIO_HOST`, `DRACHTIO_PORT` and
 * `DRACHTIO_SECRET` name a server on this machine; without them it is the project's own engine.
 */
import { once } from 'node:events';
import Srf from 'drachtio-srf';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { Peer, type Address, type Identity, type Transport } from './peer.ts';
import { startServer, type RunningServer } from './server.ts';

export interface Connected {
  srf: Srf.Application;
  /** What the server said it is reached by: "udp/127.0.0.1:5060,tcp/127.0.0.1:5060". */
  hostports: string;
  version: string | null;
}

export interface Stage {
  /** Connects an application; the handlers are its routes: `{ invite(req, res) { … } }`. */
  application(handlers?: Partial<Record<Route, Srf.Handler>>): Promise<Connected>;
  /** Ends an application's connection and waits until it is gone. */
  disconnect(srf: Srf.Application): Promise<void>;
  /** A SIP peer, closed after the test. */
  peer(user: string, transport?: Transport, identity?: Identity, port?: number): Promise<Peer>;
  /** Where the server takes SIP. */
  address(transport: Transport): Address;
  server(): RunningServer;
}

type Route = 'invite' | 'register' | 'options' | 'message' | 'subscribe' | 'notify' | 'refer' | 'publish' | 'info';

/** Sets the stage for the tests of a file, and clears it after each. */
export function setStage(start: () => Promise<RunningServer> = startServer): Stage {
  let running: RunningServer | undefined;
  let addresses = new Map<string, Address>();
  const connected = new Set<Srf.Application>();
  const peers = new Set<Peer>();

  const server = () => {
    if (running === undefined) throw new Error('The stage is set by a hook; ask for the server within a test.');
    return running;
  };

  async function application(handlers: Partial<Record<Route, Srf.Handler>> = {}): Promise<Connected> {
    const srf = new Srf() as Srf.Application;
    for (const [method, handler] of Object.entries(handlers)) srf.use(method, handler);
    const { promise, resolve, reject } = Promise.withResolvers<Connected>();
    srf.on('error', reject);
    srf.on('connect', (error, hostports, version) => {
      if (error !== null) reject(error);
      else resolve({ srf, hostports, version });
    });
    void srf.connect(server().control);
    connected.add(srf);
    return promise;
  }

  async function disconnect(srf: Srf.Application): Promise<void> {
    if (!connected.delete(srf)) return;
    const closed = once(srf, 'close');
    srf.disconnect();
    await closed;
  }

  function address(transport: Transport): Address {
    const found = addresses.get(transport);
    if (found === undefined) throw new Error(`The server takes no SIP by ${transport}.`);
    return found;
  }

  async function peer(user: string, transport: Transport = 'udp', identity?: Identity, port?: number): Promise<Peer> {
    const opened = await Peer.open(user, address(transport), transport, identity, port);
    peers.add(opened);
    return opened;
  }

  beforeAll(async () => {
    running = await start();
    const { srf, hostports } = await application();
    addresses = addressesOf(hostports);
    await disconnect(srf);
  });

  afterEach(async () => {
    await Promise.all([...connected].map(disconnect));
    await Promise.all([...peers].map((each) => each.close()));
    peers.clear();
  });

  afterAll(async () => running?.close());

  return { application, disconnect, peer, address, server };
}

/** Where the server is reached, transport by transport; the first of each counts. */
function addressesOf(hostports: string): Map<string, Address> {
  const found = new Map<string, Address>();
  for (const [, transport = '', host = '', port] of hostports.matchAll(/(\w+)\/([^,]+):(\d+)/g)) {
    if (!found.has(transport)) found.set(transport, { host, port: Number(port) });
  }
  return found;
}
