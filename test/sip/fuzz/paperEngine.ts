import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { Application } from '../../../sip/engine/control/application.ts';
import { Bindings } from '../../../sip/engine/control/bindings.ts';
import { CallRecords } from '../../../sip/engine/control/callRecords.ts';
import { ControlServer } from '../../../sip/engine/control/controlServer.ts';
import { Core } from '../../../sip/engine/control/core.ts';
import { encodeFrame, FrameDecoder } from '../../../sip/engine/control/frame.ts';
import type { Parts } from '../../../sip/engine/control/parts.ts';
import { Routes } from '../../../sip/engine/control/routes.ts';
import { MIN_SESSION_SECONDS, SessionTimers } from '../../../sip/engine/control/sessionTimers.ts';
import { Dialogs } from '../../../sip/engine/dialogs/dialogs.ts';
import { defaultTimers } from '../../../sip/engine/transactions/timers.ts';
import { Transactions } from '../../../sip/engine/transactions/transactions.ts';
import type { Flow } from '../../../sip/engine/transports/flow.ts';
import type { Transports } from '../../../sip/engine/transports/transports.ts';
import { HandClock } from '../../support/sip/handClock.ts';

const SECRET = 'open sesame';
/** Longer than anything in the engine waits that nobody speaks of any more. */
const LONG_MS = 420_000;

/** A peer on UDP whose letters are kept. */
class Network implements Flow {
  readonly protocol = 'udp';
  readonly reliable = false;
  readonly closed = false;
  readonly local = { address: '192.0.2.1', port: 5060 };
  readonly remote = { address: '192.0.2.99', port: 5060 };
  readonly sent: Buffer[] = [];

  send(message: Buffer): boolean {
    this.sent.push(message);
    return true;
  }

  close(): void {
    // Nothing was opened.
  }
}

/** An application's side of a control connection. */
export class PaperSocket extends EventEmitter {
  readonly writableLength = 0;
  destroyed = false;
  readonly #decoder = new FrameDecoder(10_000_000);
  /** What the engine said, frame by frame. */
  readonly heard: string[] = [];

  write(bytes: Buffer): void {
    this.heard.push(...this.#decoder.push(bytes));
  }

  destroy(): void {
    this.destroyed = true;
  }

  destroySoon(): void {
    this.destroyed = true;
  }

  end(): void {}
  cork(): void {}
  uncork(): void {}
  pause(): void {}
  resume(): void {}
  setNoDelay(): void {}
  setKeepAlive(): void {}
}

/** The engine from its core upwards, without sockets, in one turn of the event loop: what fuzzing needs. */
export class PaperEngine {
  readonly network = new Network();
  readonly core = new Core();
  readonly routes = new Routes();
  readonly #clock = new HandClock();
  readonly #parts: Parts;
  readonly #control: ControlServer;

  constructor() {
    const { core, routes, network } = this;
    const transports: Partial<Transports> = {
      flowTo: () => network,
      isOurs: () => false,
      anyFlow: () => network,
      webSocketFrom: () => undefined,
      sentBy: () => '192.0.2.1:5060',
      accepted: () => undefined,
      hostports: () => ({ external: 'udp/192.0.2.1:5060', local: 'udp/192.0.2.1:5060' }),
    };
    const nothing = () => Promise.reject(new Error('ENODATA'));
    this.#parts = {
      clock: this.#clock,
      timers: defaultTimers,
      transports: transports as Transports,
      routes,
      dns: { naptr: nothing, srv: nothing, lookup: nothing },
      transactions: new Transactions(core, this.#clock, defaultTimers, { server: 1000, client: 1000 }),
      dialogs: new Dialogs<Application>(),
      bindings: new Bindings(this.#clock),
      records: new CallRecords(routes, this.#clock),
      sessionTimers: new SessionTimers(core, this.#clock, MIN_SESSION_SECONDS),
    };
    core.attach(this.#parts);
    this.#control = new ControlServer({ port: 0, secret: SECRET }, core, routes, this.#clock);
  }

  /** A connection to the control port. @param methods what it is handed; undefined before it said the secret */
  connect(methods?: readonly string[]): PaperSocket {
    const socket = new PaperSocket();
    new Application(socket as unknown as Socket, this.#control);
    if (methods === undefined) return socket;
    for (const payload of [`1|authenticate|${SECRET}|`, ...methods.map((method) => `2|route|${method}`)]) {
      socket.emit('data', Buffer.from(encodeFrame(payload)));
    }
    socket.heard.length = 0;
    return socket;
  }

  /**
   * Ends everything and lets time pass.
   * @throws where something is kept all the same
   */
  rest(socket: PaperSocket): void {
    socket.emit('close');
    this.#clock.turn(LONG_MS);
    this.network.sent.length = 0;
    const { dialogs, transactions, bindings } = this.#parts;
    const kept = { dialogs: dialogs.size, servers: transactions.serverCount, clients: transactions.clientCount };
    if (Object.values(kept).some((count) => count > 0) || bindings.size > 0) {
      throw new Error(`It keeps ${JSON.stringify(kept)}.`);
    }
  }
}
