/** A party of RTP made of a bare socket: a telephone, a PlainTransport, or a stranger. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

/** A packet without extension, taken apart with no help of the edge's own reader. */
export interface HeardPacket {
  payloadType: number;
  marker: boolean;
  sequence: number;
  timestamp: number;
  ssrc: number;
  payload: Buffer;
  /** Whether the header is a bare one. */
  bare: boolean;
  at: number;
}

export interface RtpFields {
  payloadType?: number;
  marker?: boolean;
  sequence: number;
  timestamp: number;
  ssrc?: number;
  payload: Uint8Array;
  /** Octets of a header extension (RFC 8285), in whole words. */
  extension?: Uint8Array;
}

export function rtpPacket({ payloadType = 0, marker = false, sequence, timestamp, ...rest }: RtpFields): Buffer {
  const { ssrc = 0x1111, payload, extension } = rest;
  const head = Buffer.alloc(12);
  head[0] = extension === undefined ? 0x80 : 0x90;
  head[1] = (marker ? 0x80 : 0) | payloadType;
  head.writeUInt16BE(sequence & 0xffff, 2);
  head.writeUInt32BE(timestamp >>> 0, 4);
  head.writeUInt32BE(ssrc, 8);
  if (extension === undefined) return Buffer.concat([head, payload]);
  const prefix = Buffer.from([0xbe, 0xde, 0, extension.length / 4]);
  return Buffer.concat([head, prefix, extension, payload]);
}

export class RtpPeer {
  readonly host: string;
  readonly socket: Socket;
  readonly heard: HeardPacket[] = [];
  /** Datagrams as they came, RTCP as well. */
  readonly raw: Buffer[] = [];
  #to: { port: number; host: string } = { port: 0, host: '127.0.0.1' };

  private constructor(socket: Socket, host: string) {
    this.socket = socket;
    this.host = host;
    socket.on('error', () => undefined);
    socket.on('message', (datagram) => {
      this.raw.push(datagram);
      const type = datagram[1] as number;
      if (type >= 192 && type <= 223) return;
      this.heard.push({
        payloadType: type & 0x7f,
        marker: type > 0x7f,
        sequence: datagram.readUInt16BE(2),
        timestamp: datagram.readUInt32BE(4),
        ssrc: datagram.readUInt32BE(8),
        payload: datagram.subarray(12),
        bare: datagram[0] === 0x80,
        at: performance.now(),
      });
    });
  }

  /** @param host another address of 127.0.0.0/8 makes another host of it */
  static async open(host = '127.0.0.1', port = 0): Promise<RtpPeer> {
    const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', recvBufferSize: 1024 * 1024 });
    socket.bind(port, host);
    await once(socket, 'listening');
    return new RtpPeer(socket, host);
  }

  get port(): number {
    return this.socket.address().port;
  }

  /** The port it sends to. */
  get target(): number {
    return this.#to.port;
  }

  /** Where it sends from now on. */
  sendsTo(port: number, host = '127.0.0.1'): this {
    this.#to = { port, host };
    return this;
  }

  send(datagram: Uint8Array): void {
    this.socket.send(datagram, this.#to.port, this.#to.host);
  }

  /** Sends frames of 20 ms, numbered from one on, all at once. */
  sendFrames(count: number, fields: Partial<RtpFields> = {}, first = 1): void {
    for (let at = first; at < first + count; at += 1)
      this.send(rtpPacket({ sequence: at, timestamp: at * 160, payload: Buffer.alloc(160, at), ...fields }));
  }

  /** Resolves when so many packets of RTP were heard in all. */
  async hears(count: number): Promise<HeardPacket[]> {
    while (this.heard.length < count) await once(this.socket, 'message');
    return this.heard;
  }

  /** Resolves with the first datagram that fits, of those that came and those that come. */
  async hearsRaw(fits: (datagram: Buffer) => boolean): Promise<Buffer> {
    for (;;) {
      const found = this.raw.find(fits);
      if (found !== undefined) return found;
      await once(this.socket, 'message');
    }
  }

  async close(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }
}
