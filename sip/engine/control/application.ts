import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { encodeFrame, FrameDecoder } from './frame.ts';

/** An application that leaves this much unread is let go: its calls would wait in our memory. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;
/** From here on nothing more is read of it until it has read: who asks without listening asks in vain. */
const HIGH_WATER_BYTES = 1024 * 1024;
/** Before the secret was right nobody needs a long frame. */
const MAX_STRANGER_FRAME_BYTES = 2048;
const MAX_FRAME_BYTES = 99_999;

/** What comes of a connection; implemented by the control server. */
export interface ApplicationOwner {
  payloadArrived(application: Application, payload: string): void;
  applicationGone(application: Application): void;
}

/** One connected application: its socket, what it authenticated as and the methods it wants. */
export class Application {
  readonly #socket: Socket;
  readonly #owner: ApplicationOwner;
  readonly #decoder = new FrameDecoder(MAX_STRANGER_FRAME_BYTES);
  #authenticated = false;
  #closed = false;
  #corked = false;
  readonly #uncork = () => {
    this.#corked = false;
    this.#socket.uncork();
  };

  constructor(socket: Socket, owner: ApplicationOwner) {
    this.#socket = socket;
    this.#owner = owner;
    socket.setNoDelay(true);
    socket.setKeepAlive(true);
    socket.on('data', (chunk: Buffer) => {
      this.#read(chunk);
    });
    socket.on('drain', () => {
      socket.resume();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#gone();
    });
  }

  /** What it calls itself; empty for most. Applications with the same tags stand in for each other. */
  tags = '';

  get authenticated(): boolean {
    return this.#authenticated;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** From now on it is believed. */
  admit(tags: string): void {
    this.#authenticated = true;
    this.tags = tags;
    this.#decoder.limit = MAX_FRAME_BYTES;
  }

  /** Sends a message of ours under a fresh id: `<uuid>|<rest>`. */
  send(rest: string): void {
    this.#write(Buffer.from(encodeFrame(`${randomUUID()}|${rest}`)));
  }

  /** Sends a SIP message behind its fields: `<uuid>|<rest>` CRLF message. */
  sendMessage(rest: string, message: Buffer): void {
    const fields = `${randomUUID()}|${rest}\r\n`;
    const length = Buffer.byteLength(fields) + message.length;
    this.#write(Buffer.concat([Buffer.from(`${String(length)}#${fields}`), message]));
  }

  /** Tells that a message was sent: `response|<its id>|OK|<fields>|Msg sent:|` CRLF message. */
  respondSent(requestId: string, fields: string, message: Buffer): void {
    this.sendMessage(`response|${requestId}|OK|${fields}|Msg sent:|`, message);
  }

  /** Answers a request: `response|<its id>|OK|…`, `NOK|reason` for SIP or `NO|reason` for the protocol. */
  respond(requestId: string, outcome: 'OK' | 'NOK' | 'NO', rest?: string): void {
    this.send(rest === undefined ? `response|${requestId}|${outcome}` : `response|${requestId}|${outcome}|${rest}`);
  }

  /** Ends the connection after what was written. */
  end(): void {
    this.#socket.end();
    this.#socket.destroySoon();
  }

  /** Cuts the connection. Harmless when closed. */
  close(): void {
    this.#socket.destroy();
    this.#gone();
  }

  /** What one turn of the event loop brings leaves in one write. */
  #write(bytes: Buffer): void {
    if (this.#closed) return;
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      setImmediate(this.#uncork);
    }
    this.#socket.write(bytes);
    if (this.#socket.writableLength > MAX_UNREAD_BYTES) this.close();
    else if (this.#socket.writableLength > HIGH_WATER_BYTES) this.#socket.pause();
  }

  #read(chunk: Buffer): void {
    let payloads: string[];
    try {
      payloads = this.#decoder.push(chunk);
    } catch {
      this.close();
      return;
    }
    for (const payload of payloads) {
      if (this.#closed) return;
      this.#owner.payloadArrived(this, payload);
    }
  }

  #gone(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#owner.applicationGone(this);
  }
}
