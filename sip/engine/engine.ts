import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { systemClock, type Clock } from './clock.ts';
import type { Application } from './control/application.ts';
import { Bindings } from './control/bindings.ts';
import { CallRecords } from './control/callRecords.ts';
import { ControlServer, type ControlServerOptions } from './control/controlServer.ts';
import { Core } from './control/core.ts';
import type { Parts } from './control/parts.ts';
import { Routes } from './control/routes.ts';
import { MIN_SESSION_SECONDS, SessionTimers } from './control/sessionTimers.ts';
import { Dialogs } from './dialogs/dialogs.ts';
import { defaultTimers, type TransactionTimers } from './transactions/timers.ts';
import { Transactions } from './transactions/transactions.ts';
import { LocalAddresses } from './transports/localAddress.ts';
import { systemDns, type Dns } from './transports/target.ts';
import { Transports, type Endpoint, type Listen } from './transports/transports.ts';

export type { Endpoint, Listen } from './transports/transports.ts';

export interface SipEngineLimits {
  /** Requests that may be under way at once; beyond it new ones get 503. */
  serverTransactions: number;
  /** Requests of applications that may be under way at once; beyond it new ones are refused to the application. */
  clientTransactions: number;
  /** TCP, TLS and WebSocket connections at once. */
  connections: number;
  connectionsPerAddress: number;
  /** Messages a second from one address; for a moment twice as many. What is over is not read. */
  messagesPerAddress: number;
  /** Messages a second from all addresses from which nothing was ever accepted. */
  messagesFromStrangers: number;
}

export interface SipEngineOptions {
  /** Where SIP is taken. WebSocket comes by `handleUpgrade`. */
  listen: readonly Listen[];
  /**
   * The address that peers outside of `localNetworks` see, where there is address translation: an IP address for peers
   * of its kind, or a name for all.
   */
  externalAddress?: string;
  /** Networks (`10.0.0.0/8`, `fd00::/8`) whose peers see our own address; loopback always does. */
  localNetworks?: readonly string[];
  control: ControlServerOptions;
  /** How certificates of TLS peers that we connect to are checked. */
  tlsClient?: ConnectionOptions;
  limits?: Partial<SipEngineLimits>;
  /** The shortest session interval that is granted (RFC 4028), in seconds: 90 unless this says otherwise. */
  minSessionSeconds?: number;
  timers?: Partial<TransactionTimers>;
  clock?: Clock;
  dns?: Dns;
}

export interface SipEngine {
  /** What was bound; a port of 0 has become a real one. */
  readonly endpoints: readonly Endpoint[];
  /** Where applications connect. */
  readonly controlPort: number;
  /** How much is under way, for tests and measures. */
  readonly load: () => SipEngineLoad;
  /** Takes over an HTTP upgrade to WebSocket with the subprotocol `sip` (RFC 7118); the caller has checked the path. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes every socket and stops every timer. Closing twice is harmless. */
  close(): Promise<void>;
}

export interface SipEngineLoad {
  dialogs: number;
  serverTransactions: number;
  clientTransactions: number;
  connections: number;
  bindings: number;
}

const defaultLimits: SipEngineLimits = {
  serverTransactions: 200_000,
  clientTransactions: 200_000,
  connections: 10_000,
  connectionsPerAddress: 1000,
  messagesPerAddress: 5000,
  messagesFromStrangers: 500,
};

/**
 * Starts a SIP server that speaks drachtio's control protocol, so that a drachtio-srf application runs on it.
 * @throws where an address or port cannot be bound, or a local network is none.
 */
export async function startSipEngine(options: SipEngineOptions): Promise<SipEngine> {
  const clock = options.clock ?? systemClock;
  const timers = { ...defaultTimers, ...options.timers };
  const limits = { ...defaultLimits, ...options.limits };
  const routes = new Routes();
  const core = new Core();
  const transports = new Transports(core, new LocalAddresses(options), clock, {
    maxConnections: limits.connections,
    maxConnectionsPerAddress: limits.connectionsPerAddress,
    admission: limits,
    tlsClient: options.tlsClient,
  });
  const parts: Parts = {
    clock,
    timers,
    transports,
    routes,
    dns: options.dns ?? systemDns,
    transactions: new Transactions(core, clock, timers, {
      server: limits.serverTransactions,
      client: limits.clientTransactions,
    }),
    dialogs: new Dialogs<Application>(),
    bindings: new Bindings(clock),
    records: new CallRecords(routes, clock),
    sessionTimers: new SessionTimers(core, clock, options.minSessionSeconds ?? MIN_SESSION_SECONDS),
  };
  core.attach(parts);
  const control = new ControlServer(options.control, core, routes, clock);
  const stop = async (): Promise<void> => {
    core.close();
    parts.bindings.close();
    parts.transactions.close();
    await Promise.all([control.close(), transports.close()]);
  };
  let controlPort: number;
  try {
    for (const listen of options.listen) await transports.listen(listen);
    controlPort = await control.listen();
  } catch (error) {
    await stop();
    throw error;
  }
  let closing: Promise<void> | undefined;
  return {
    endpoints: transports.endpoints,
    controlPort,
    load: () => ({
      dialogs: parts.dialogs.size,
      serverTransactions: parts.transactions.serverCount,
      clientTransactions: parts.transactions.clientCount,
      connections: transports.connectionCount,
      bindings: parts.bindings.size,
    }),
    handleUpgrade: (request, socket, head) => {
      transports.upgrade(request, socket, head);
    },
    close: () => (closing ??= stop()),
  };
}
