import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { Application, type ApplicationOwner } from './application.ts';
import type { Routes } from './routes.ts';

/** The server version whose protocol is spoken. The client pings servers from v0.8.2 on. */
const PROTOCOL_VERSION = 'v0.8.27';
/** A connection that has not said the secret by then is closed. */
const AUTHENTICATION_MS = 5000;
const MAX_APPLICATIONS = 64;
const CRLF = '\r\n';

export interface ControlServerOptions {
  /** Where applications connect: loopback unless somebody decided otherwise, for what is said there is not encrypted. */
  address?: string;
  port: number;
  secret: string;
}

/** A SIP message an application wants sent. */
export interface SipOrder {
  requestId: string;
  /** Empty, or the transaction that is answered or cancelled. */
  transactionId: string;
  /** Empty, or the dialog that the request belongs to. */
  dialogId: string;
  /** Empty, or the URI to send it to instead of the Request-URI. */
  proxy: string;
  message: string;
}

/** A request an application wants forwarded. */
export interface ProxyOrder {
  requestId: string;
  transactionId: string;
  remainInDialog: boolean;
  fullResponse: boolean;
  followRedirects: boolean;
  simultaneous: boolean;
  /** As `2s` or `1500ms`; empty for the default. */
  provisionalTimeout: string;
  finalTimeout: string;
  destinations: string[];
  message: string;
}

/** What applications ask of the engine. */
export interface ControlUser {
  /** The endpoints as the application is told them: what peers see, and what is bound. */
  hostports(): { external: string; local: string };
  send(application: Application, order: SipOrder): void;
  proxy(application: Application, order: ProxyOrder): void;
  applicationGone(application: Application): void;
}

/** Listens for applications, lets in who knows the secret and takes their orders apart. */
export class ControlServer implements ApplicationOwner {
  readonly #options: ControlServerOptions;
  readonly #user: ControlUser;
  readonly #routes: Routes;
  readonly #clock: Clock;
  readonly #secret: Buffer;
  readonly #server: Server;
  readonly #applications = new Set<Application>();

  constructor(options: ControlServerOptions, user: ControlUser, routes: Routes, clock: Clock) {
    this.#options = options;
    this.#user = user;
    this.#routes = routes;
    this.#clock = clock;
    this.#secret = digest(options.secret);
    this.#server = createServer((socket) => {
      this.#connected(socket);
    });
  }

  /** @returns the port that was bound. */
  async listen(): Promise<number> {
    const { address = '127.0.0.1', port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, address, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    for (const application of [...this.#applications]) application.close();
    await closed;
  }

  payloadArrived(application: Application, payload: string): void {
    const end = payload.indexOf(CRLF);
    const fields = (end < 0 ? payload : payload.slice(0, end)).split('|');
    const requestId = fields[0] ?? '';
    const kind = fields[1] ?? '';
    if (!application.authenticated && kind !== 'authenticate') {
      application.close();
      return;
    }
    const message = end < 0 ? '' : payload.slice(end + CRLF.length);
    switch (kind) {
      case 'authenticate':
        this.#authenticate(application, requestId, fields[2] ?? '', fields[3] ?? '');
        return;
      case 'ping':
        application.respond(requestId, 'OK', 'pong');
        return;
      case 'route':
        if (this.#routes.add(fields[2] ?? '', application)) application.respond(requestId, 'OK');
        else application.respond(requestId, 'NO', 'Route request includes unsupported verb');
        return;
      case 'remove_route':
        if (this.#routes.remove(fields[2] ?? '', application)) application.respond(requestId, 'OK');
        else application.respond(requestId, 'NO', 'Remove route request includes unsupported verb');
        return;
      case 'sip':
        if (fields.length < 4) break;
        this.#user.send(application, {
          requestId,
          transactionId: fields[2] ?? '',
          dialogId: fields[3] ?? '',
          proxy: fields[4] ?? '',
          message,
        });
        return;
      case 'proxy':
        if (fields.length < 10) break;
        this.#user.proxy(application, {
          requestId,
          transactionId: fields[2] ?? '',
          remainInDialog: fields[3] === 'remainInDialog',
          fullResponse: fields[4] === 'fullResponse',
          followRedirects: fields[5] === 'followRedirects',
          simultaneous: fields[6] === 'simultaneous',
          provisionalTimeout: fields[7] ?? '',
          finalTimeout: fields[8] ?? '',
          destinations: fields.slice(9),
          message,
        });
        return;
      default:
        application.respond(requestId, 'NO', 'Unknown message type');
        return;
    }
    application.respond(requestId, 'NO', 'Invalid message format');
  }

  applicationGone(application: Application): void {
    this.#applications.delete(application);
    this.#routes.removeAll(application);
    if (application.authenticated) this.#user.applicationGone(application);
  }

  #connected(socket: Socket): void {
    if (this.#applications.size >= MAX_APPLICATIONS) {
      socket.destroy();
      return;
    }
    const application = new Application(socket, this);
    this.#applications.add(application);
    this.#clock.start(AUTHENTICATION_MS, closeStranger, application);
  }

  #authenticate(application: Application, requestId: string, secret: string, tags: string): void {
    if (!timingSafeEqual(digest(secret), this.#secret)) {
      application.respond(requestId, 'NO', 'incorrect secret');
      application.end();
      return;
    }
    application.admit(tags);
    const { external, local } = this.#user.hostports();
    application.respond(requestId, 'OK', `${external}|${PROTOCOL_VERSION}|${local}`);
  }
}

function closeStranger(application: Application): void {
  if (!application.authenticated) application.close();
}

/** Digests are equally long whatever was sent, so comparing them tells nothing by its time. */
function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
