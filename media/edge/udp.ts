/** UDP sockets as the edge wants them. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';

/** A second of a leg's packets and more, so that a short stall loses nothing. */
const BUFFER_BYTES = 256 * 1024;
/** Datagrams that may wait for the kernel; beyond, what is sent is late anyway. */
const MOST_WAITING = 64;

/** Binds a socket. @param port 0 for any @throws the system's error where the port is taken */
export async function bindUdp(address: string, port: number): Promise<Socket> {
  const six = isIPv6(address);
  const socket = createSocket({
    type: six ? 'udp6' : 'udp4',
    // What is sent to is an address already: asking the resolver would cost a turn of the event loop a packet.
    lookup: (name, _options, callback) => {
      callback(null, name, six ? 6 : 4);
    },
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  // An unreachable peer shows as silence, as it does when packets are lost.
  socket.on('error', () => undefined);
  socket.setRecvBufferSize(BUFFER_BYTES);
  return socket;
}

/** Ties a socket to one peer: the kernel lets nobody else in, and sending costs less. */
export async function connectUdp(socket: Socket, address: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.connect(port, address, (error?: Error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Whether so much waits for the kernel that a packet had better be dropped. */
export function isCongested(socket: Socket): boolean {
  return socket.getSendQueueCount() > MOST_WAITING;
}

/** Port pairs of a range (RFC 3550 11), taken in turn so that a port rests before it is taken again. */
export class PortPairs {
  readonly #address: string;
  readonly #from: number;
  readonly #count: number;
  #next = 0;

  constructor(address: string, range: { from: number; to: number }) {
    this.#address = address;
    this.#from = range.from + (range.from % 2);
    this.#count = Math.floor((range.to + 1 - this.#from) / 2);
  }

  /** Binds RTP's socket and RTCP's. @throws Error when every pair of the range is taken */
  async bind(): Promise<{ rtp: Socket; rtcp: Socket }> {
    for (let tries = 0; tries < this.#count; tries += 1) {
      const port = this.#from + 2 * this.#next;
      this.#next = (this.#next + 1) % this.#count;
      const rtp = await bindUdp(this.#address, port).catch(onlyInUse);
      if (rtp === null) continue;
      const rtcp = await bindUdp(this.#address, port + 1).catch(onlyInUse);
      if (rtcp !== null) return { rtp, rtcp };
      rtp.close();
    }
    throw new Error(`All ${this.#count} pairs of media ports from ${this.#from} on are taken. Widen the range.`);
  }
}

function onlyInUse(error: NodeJS.ErrnoException): null {
  if (error.code === 'EADDRINUSE') return null;
  throw error;
}

export type { RemoteInfo, Socket };
