import type { Endpoint } from './gate.ts';
import { isCongested, type Socket } from './udp.ts';

/** Sockets that are bound to every address of the machine: tied, they would hear what comes to one of them only. */
const EVERY_ADDRESS = new Set(['0.0.0.0', '::']);

/**
 * The way from a socket to one peer. Once the peer was heard from there, the socket is tied to it: the kernel lets
 * nobody else in, so that a flood of strangers costs this thread nothing, and each packet costs a tenth less. Loosened,
 * the socket takes from everybody again, and who sends from elsewhere can be told.
 */
export class PeerPath {
  readonly #socket: Socket;
  readonly #canTie: boolean;
  #to: Endpoint | null = null;
  #tied = false;

  /** @param socket that is bound */
  constructor(socket: Socket) {
    this.#socket = socket;
    this.#canTie = !EVERY_ADDRESS.has(socket.address().address);
  }

  /** Where packets go from now on. Another way than before is a loose one. */
  leadsTo(to: Endpoint | null): void {
    if (this.#to?.port === to?.port && this.#to?.address === to?.address) return;
    this.loosen();
    this.#to = to;
  }

  get isOpen(): boolean {
    return this.#to !== null;
  }

  get tied(): boolean {
    return this.#tied;
  }

  /** So much waits for the kernel that a packet had better be dropped. */
  get congested(): boolean {
    return isCongested(this.#socket);
  }

  tie(): void {
    if (this.#tied || this.#to === null || !this.#canTie) return;
    try {
      this.#socket.connectSync(this.#to.port, this.#to.address);
      this.#tied = true;
    } catch {
      // The kernel has no route just now; packets say so one by one, and the next that is heard ties it.
    }
  }

  loosen(): void {
    if (!this.#tied) return;
    this.#tied = false;
    this.#socket.disconnect();
  }

  /** Sends a packet, or its parts; nowhere while the way leads nowhere. */
  send(packet: Buffer | Buffer[]): void {
    if (this.#tied) this.#socket.send(packet);
    else if (this.#to !== null) this.#socket.send(packet, this.#to.port, this.#to.address);
  }
}
