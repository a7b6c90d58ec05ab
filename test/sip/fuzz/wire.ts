import { once } from 'node:events';
import { createSocket, type Socket } from 'node:dgram';
import { setImmediate as turn } from 'node:timers/promises';
import { startSipEngine, type SipEngine } from '../../../sip/engine/engine.ts';
import { ControlClient } from '../../support/sip/control.ts';
import { HandClock } from '../../support/sip/handClock.ts';
import { header, readMessage, type SipText } from '../../support/sip/message.ts';
import type { Random } from '../../support/random.ts';
import type { FuzzTarget } from './fuzz.ts';
import { datagrams } from './messages.ts';

const METHODS = ['INVITE', 'OPTIONS', 'REGISTER', 'MESSAGE', 'SUBSCRIBE', 'NOTIFY', 'REFER', 'INFO', 'PUBLISH'];
const STATUSES = [180, 200, 200, 200, 202, 302, 486];
/** An address of its own: what is answered to a port that a datagram names reaches nobody else's tests. */
const HOST = '127.0.71.1';
const LARGEST = 60_000;
/** Longer than anything in the engine waits that nobody speaks of any more. */
const LONG_MS = 420_000;

/** An engine on a real socket, an application that answers by chance, and somebody who sends datagrams. */
class Wire {
  readonly #engine: SipEngine;
  readonly #control: ControlClient;
  readonly #clock: HandClock;
  readonly #peer: Socket;
  readonly #heard: string[] = [];
  #sent = 0;

  private constructor(engine: SipEngine, control: ControlClient, clock: HandClock, peer: Socket) {
    this.#engine = engine;
    this.#control = control;
    this.#clock = clock;
    this.#peer = peer;
    peer.on('message', (bytes: Buffer) => this.#heard.push(bytes.toString('latin1')));
  }

  static async open(): Promise<Wire> {
    const clock = new HandClock();
    const nowhere = () => Promise.reject(new Error('ENOTFOUND'));
    const engine = await startSipEngine({
      listen: [{ protocol: 'udp', address: '127.0.0.1', port: 0 }],
      control: { port: 0, secret: 'open sesame' },
      // Nothing is lost by being too much, and no connection is opened to what a message names.
      limits: { messagesPerAddress: 1e9, messagesFromStrangers: 1e9, connections: 0 },
      dns: { naptr: nowhere, srv: nowhere, lookup: nowhere },
      clock,
    });
    const control = await ControlClient.open({ host: '127.0.0.1', port: engine.controlPort });
    control.send('1|authenticate|open sesame|');
    for (const method of METHODS) control.send(`2|route|${method}`);
    const peer = createSocket('udp4');
    peer.bind(0, HOST);
    await once(peer, 'listening');
    const wire = new Wire(engine, control, clock, peer);
    await wire.#caughtUp();
    return wire;
  }

  /** Sends it, and lets the application answer all that comes of it. @returns what was told and heard */
  async take(bytes: Buffer, random: Random): Promise<string> {
    const thrown: Error[] = [];
    const note = (error: Error) => void thrown.push(error);
    process.on('uncaughtException', note);
    const outcome = [];
    try {
      const last = `last-${this.#sent++}`;
      this.#send(bytes);
      this.#send(this.#options(last));
      for (let seen = false; !seen;) {
        const told = await this.#told();
        if (told.message === undefined) continue;
        seen = header(told.message, 'call-id') === last;
        this.#answer(told.id, told.message, seen ? 200 : random.of(STATUSES));
        if (!seen) outcome.push(told.message.start.split(' ')[0]);
      }
      while (!this.#heard.some((each) => each.includes(last))) await once(this.#peer, 'message');
      outcome.push(...this.#heard.splice(0).map((each) => each.slice('SIP/2.0 '.length, each.indexOf('\r\n'))));
      // Everything is repeated and given up; what asked for a name begins a turn later.
      for (let count = 0; count < 2; count++) {
        this.#clock.turn(LONG_MS);
        await turn();
      }
      await this.#caughtUp();
      this.#heard.length = 0;
    } finally {
      process.off('uncaughtException', note);
    }
    if (thrown[0]) throw thrown[0];
    const { dialogs, serverTransactions, clientTransactions, bindings } = this.#engine.load();
    if (dialogs + serverTransactions + clientTransactions + bindings > 0) {
      throw new Error(`It keeps ${JSON.stringify(this.#engine.load())}.`);
    }
    return outcome.join(' ');
  }

  async close(): Promise<void> {
    this.#control.close();
    this.#peer.close();
    await this.#engine.close();
  }

  /** The engine has done what the application ordered. */
  async #caughtUp(): Promise<void> {
    this.#control.send('9|ping');
    while (!(await this.#told()).isPong);
  }

  async #told(): Promise<{ id: string; message?: SipText; isPong: boolean }> {
    const frame = await this.#control.next();
    if (frame === null) throw new Error('The engine closed the control connection.');
    const end = frame.indexOf('\r\n');
    const fields = (end < 0 ? frame : frame.slice(0, end)).split('|');
    const asked = fields[1] === 'sip' && fields[2] === 'network' && fields[8] !== 'unsolicited';
    const message = asked ? readMessage(Buffer.from(frame.slice(end + 2)))?.message : undefined;
    return { id: fields[8] ?? '', isPong: fields[4] === 'pong', ...(message ? { message } : {}) };
  }

  /** Answers, and speaks in the dialog that may have begun: by its Contact and its routes. */
  #answer(id: string, message: SipText, status: number): void {
    this.#control.send(`3|sip|${id}|\r\nSIP/2.0 ${status} Whatever\r\n\r\n`);
    const tag = /;\s*tag\s*=\s*([^\s;]+)/i.exec(header(message, 'from') ?? '')?.[1] ?? '';
    for (const method of ['INFO', 'BYE']) {
      this.#control.send(`4|sip||${header(message, 'call-id')};from-tag=${tag}\r\n${method} sip:x SIP/2.0\r\n\r\n`);
    }
  }

  #send(bytes: Buffer): void {
    this.#peer.send(bytes, this.#engine.endpoints[0]?.port, '127.0.0.1');
  }

  #options(callId: string): Buffer {
    return Buffer.from(
      [
        'OPTIONS sip:bob@example.com SIP/2.0',
        `Via: SIP/2.0/UDP ${HOST};branch=z9hG4bK${callId};rport`,
        'From: <sip:alice@example.com>;tag=a',
        'To: <sip:bob@example.com>',
        `Call-ID: ${callId}`,
        'CSeq: 1 OPTIONS',
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
    );
  }
}

/** Datagrams to a real socket: whatever they say, the engine goes on, and in the end keeps nothing of them. */
export function wireTarget(): FuzzTarget {
  let wire: Promise<Wire> | undefined;
  return {
    ...datagrams,
    name: 'sip wire',
    async run(bytes, random) {
      wire ??= Wire.open();
      return (await wire).take(bytes.subarray(0, LARGEST), random);
    },
    async end() {
      await (await wire)?.close();
      wire = undefined;
    },
  };
}
