/** Sound for the room instead of for one telephone: what is played goes to a PlainTransport as one stream. */
import type { LegNews, SourceStream } from './messages.ts';
import type { Pacer } from './pacer.ts';
import { nextPacket } from './packetPool.ts';
import type { Playlist } from './playlist.ts';
import { Restamper } from './restamp.ts';
import { blankRtpHeader, RTP_HEADER, writeRtp } from './rtp.ts';
import { connectUdp, type Socket } from './udp.ts';

/** RFC 7587 4.1: opus counts 48,000 ticks a second, whatever it was made of. */
const OPUS_TICKS_PER_MS = 48;

interface SourceParts {
  inner: Socket;
  innerAddress: string;
  pacer: Pacer;
  tell: (news: LegNews) => void;
}

export class SoundSource {
  readonly #parts: SourceParts;
  readonly #header = blankRtpHeader();
  #stream: { says: SourceStream; stamps: Restamper } | null = null;
  #playlist: Playlist | null = null;
  #connected = false;
  #closed = false;

  constructor(parts: SourceParts) {
    this.#parts = parts;
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

  /** Takes what the room wants its sound as from now on. */
  speak(says: SourceStream): void {
    const stamps = says.codec === 'opus' ? new Restamper(says.ssrc, OPUS_TICKS_PER_MS) : new Restamper(says.ssrc);
    this.#stream = { says, stamps };
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

  /** What is played waits while there is nobody to take it. */
  readonly #beat = (): void => {
    if (!this.#connected || this.#stream === null) return;
    const { says, stamps } = this.#stream;
    const frame = this.#playlist?.next(says.codec) ?? null;
    if (frame === null) {
      this.#end(true);
      return;
    }
    const packet = nextPacket(frame.length);
    packet.set(frame, RTP_HEADER);
    stamps.make(this.#header, performance.now());
    this.#header.payloadType = says.payloadType;
    writeRtp(packet, 0, this.#header);
    this.#parts.inner.send(packet);
  };

  #end(finished: boolean): void {
    const playlist = this.#playlist;
    this.#playlist = null;
    this.#parts.pacer.remove(this.#beat);
    if (playlist !== null) this.#parts.tell({ news: 'played', id: playlist.id, finished });
  }
}
