/** Sound for the room instead of for one telephone: what is played goes to a PlainTransport as one stream. */
import type { LegNews, RoomStream } from './messages.ts';
import type { Pacer } from './pacer.ts';
import { nextPacket } from './packetPool.ts';
import type { Playlist } from './playlist.ts';
import { Restamper } from './restamp.ts';
import { blankRtpHeader, RTP_HEADER, writeRtp } from './rtp.ts';
import { FRAME_OCTETS } from './codec.ts';
import { connectUdp, type Socket } from './udp.ts';

interface SourceParts {
  stream: RoomStream;
  inner: Socket;
  innerAddress: string;
  pacer: Pacer;
  tell: (news: LegNews) => void;
}

export class SoundSource {
  readonly #parts: SourceParts;
  readonly #stamps: Restamper;
  readonly #header = blankRtpHeader();
  #playlist: Playlist | null = null;
  #connected = false;
  #closed = false;

  constructor(parts: SourceParts) {
    this.#parts = parts;
    this.#stamps = new Restamper(parts.stream.ssrc);
  }

  /**
   * Ties the source to its PlainTransport; again after the transport was made anew.
   * @returns the port that the transport is to hear, which is another each time
   */
  async connect(port: number): Promise<number> {
    const { inner, innerAddress } = this.#parts;
    if (this.#connected) inner.disconnect();
    this.#connected = false;
    await connectUdp(inner, innerAddress, port);
    this.#connected = !this.#closed;
    return inner.address().port;
  }

  /** Plays to the room; null stops it. */
  play(playlist: Playlist | null): void {
    this.#end(false);
    this.#playlist = playlist;
    if (playlist !== null && !this.#closed) this.#parts.pacer.add(this.#beat);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#parts.pacer.remove(this.#beat);
    this.#parts.inner.close();
  }

  readonly #beat = (): void => {
    const { stream, inner } = this.#parts;
    if (!this.#connected) return;
    const frame = this.#playlist?.next(stream.codec) ?? null;
    if (frame === null) {
      this.#end(true);
      return;
    }
    const packet = nextPacket(FRAME_OCTETS);
    frame.octets.copy(packet, RTP_HEADER, frame.at, frame.at + FRAME_OCTETS);
    this.#stamps.make(this.#header, performance.now());
    this.#header.payloadType = stream.payloadType;
    writeRtp(packet, 0, this.#header);
    inner.send(packet);
  };

  #end(finished: boolean): void {
    const playlist = this.#playlist;
    this.#playlist = null;
    this.#parts.pacer.remove(this.#beat);
    if (playlist !== null) this.#parts.tell({ news: 'played', id: playlist.id, finished });
  }
}
