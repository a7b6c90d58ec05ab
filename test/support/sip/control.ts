/** The control protocol, frame by frame, for what drachtio-srf would never send. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Address } from './peer.ts';

export class ControlClient {
  readonly #socket: Socket;
  #bytes = Buffer.alloc(0);
  readonly #frames: string[] = [];
  #wake: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (more: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, more]);
      this.#take();
      this.#wake?.();
    });
    socket.on('close', () => this.#wake?.());
    socket.on('error', () => socket.destroy());
  }

  static async open({ host, port }: Address): Promise<ControlClient> {
    const socket = connect(port, host);
    await once(socket, 'connect');
    return new ControlClient(socket);
  }

  /** Sends one frame: its length in bytes, "#", and what it says. */
  send(payload: string): void {
    this.raw(`${Buffer.byteLength(payload)}#${payload}`);
  }

  /** Sends bytes that may be no frame at all. */
  raw(bytes: string | Buffer): void {
    this.#socket.write(bytes);
  }

  /** The next frame; null when the server closed the connection instead. */
  async next(): Promise<string | null> {
    while (this.#frames.length === 0 && !this.#socket.closed) {
      await new Promise<void>((done) => (this.#wake = done));
    }
    return this.#frames.shift() ?? null;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(): void {
    for (let at = this.#bytes.indexOf('#'); at > 0; at = this.#bytes.indexOf('#')) {
      const end = at + 1 + Number(this.#bytes.toString('utf8', 0, at));
      if (this.#bytes.length < end) return;
      this.#frames.push(this.#bytes.toString('utf8', at + 1, end));
      this.#bytes = this.#bytes.subarray(end);
    }
  }
}
