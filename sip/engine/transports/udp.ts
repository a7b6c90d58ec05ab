import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv4, isIPv6 } from 'node:net';
import type { Flow, HostPort } from './flow.ts';
import { plain } from './localAddress.ts';

/** What a whole message that arrived is handed to. */
export type MessageSink = (data: Buffer, flow: Flow) => void;

/** Kernel buffer, so that a burst of calls waits instead of being lost. */
const BUFFER_BYTES = 4 * 1024 * 1024;
/** Peers are remembered so that a call costs no new object a message; beyond this the oldest are forgotten. */
const MAX_REMEMBERED_FLOWS = 10_000;

/** A flow over our UDP socket to one peer. */
class UdpFlow implements Flow {
  readonly protocol = 'udp';
  readonly reliable = false;
  readonly local: HostPort;
  readonly remote: HostPort;
  readonly #listener: UdpListener;

  constructor(listener: UdpListener, remote: HostPort) {
    this.#listener = listener;
    this.local = listener.local;
    this.remote = remote;
  }

  get closed(): boolean {
    return this.#listener.closed;
  }

  send(message: Buffer): boolean {
    return this.#listener.send(message, this.remote);
  }

  close(): void {
    // Nothing was opened for this peer.
  }
}

/** One bound UDP socket. */
export class UdpListener {
  readonly local: HostPort;
  /** It takes IPv4 as well as IPv6. */
  readonly both: boolean;
  readonly #socket: Socket;
  readonly #flows = new Map<string, UdpFlow>();
  #closed = false;

  private constructor(socket: Socket, local: HostPort, sink: MessageSink) {
    this.#socket = socket;
    this.local = local;
    this.both = local.address === '::';
    socket.on('message', (data: Buffer, { address, port }: RemoteInfo) => {
      // A port of 0 can be forged and can never be answered.
      if (port > 0) sink(data, this.flowTo({ address: plain(address), port }));
    });
    // What a send runs into (an unreachable host) shows as silence, as it does when packets are lost: timers tell.
    socket.on('error', () => undefined);
  }

  /** @throws where the address or port cannot be bound. */
  static async bind(listen: HostPort, sink: MessageSink): Promise<UdpListener> {
    const family = isIPv6(listen.address) ? 6 : 4;
    const socket = createSocket({
      type: `udp${family}`,
      recvBufferSize: BUFFER_BYTES,
      // What is sent to is an address already: asking the resolver would cost a turn of the event loop a message.
      lookup: (address, _options, callback) => {
        callback(null, address, family);
      },
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(listen.port, listen.address, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    const { address, port } = socket.address();
    return new UdpListener(socket, { address, port }, sink);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The flow to a peer. The same peer gets the same flow while it is remembered. */
  flowTo(remote: HostPort): Flow {
    const key = `${remote.address}|${String(remote.port)}`;
    let flow = this.#flows.get(key);
    if (!flow) {
      flow = new UdpFlow(this, { address: remote.address, port: remote.port });
      if (this.#flows.size >= MAX_REMEMBERED_FLOWS) {
        const oldest = this.#flows.keys().next().value;
        if (oldest !== undefined) this.#flows.delete(oldest);
      }
      this.#flows.set(key, flow);
    }
    return flow;
  }

  send(message: Buffer, to: HostPort): boolean {
    // Node throws for a port of 0, which peers may name wherever they name a port.
    if (this.#closed || to.port === 0) return false;
    this.#socket.send(message, to.port, this.both && isIPv4(to.address) ? `::ffff:${to.address}` : to.address);
    return true;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await new Promise<void>((resolve) => {
      this.#socket.close(() => {
        resolve();
      });
    });
  }
}
