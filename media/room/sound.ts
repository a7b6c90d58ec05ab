import { randomInt } from 'node:crypto';
import type { types } from 'mediasoup';
import type { EdgeSource } from '../edge/edge.ts';
import { createEdgeTransport } from '../edgeTransport.ts';
import type { AudioCodec, Placement, Source } from '../leg.ts';
import { audioCodecOf, ROUTER_CODECS } from '../sdp/codecs.ts';

/** Opens a source of sound at an edge that has the sounds. @throws Error why there is none */
export type OpenSource = () => Promise<EdgeSource>;

/**
 * Sounds that a room plays: one source at the edge, given to the room as anybody's voice is, in the room's codec. It
 * outlives the worker, and the edge's thread: there it begins anew.
 */
export class RoomSound {
  /** Told apart from legs by its beginning, where pages are told whom a section shows. */
  readonly id: string;
  readonly #names: readonly string[];
  readonly #loop: boolean;
  readonly #open: OpenSource;
  readonly #lost: () => void;
  readonly #ended = Promise.withResolvers<boolean>();
  #source: EdgeSource | null = null;
  #transport: types.PlainTransport | null = null;
  #produced: { producer: types.Producer; codec: AudioCodec } | null = null;
  #begun = false;
  #closed = false;

  /** @param lost the edge's thread died: it is to be given anew */
  constructor(id: string, names: readonly string[], loop: boolean, open: OpenSource, lost: () => void) {
    this.id = id;
    this.#names = names;
    this.#loop = loop;
    this.#open = open;
    this.#lost = lost;
    // It may fail before anybody waits for its end.
    this.#ended.promise.catch(() => undefined);
  }

  /** True at their end, false when it was closed before. @throws Error why they cannot be played */
  get ended(): Promise<boolean> {
    return this.#ended.promise;
  }

  /** Null before it was given, and while the worker is dead. */
  get source(): Source | null {
    if (this.#produced === null || this.#produced.producer.closed) return null;
    return { legId: this.id, kind: 'audio', producer: this.#produced.producer, played: true };
  }

  /**
   * Sees to it that it is given on a placement, in a codec; what is being played goes on where it is. One at a time.
   * @throws Error why it cannot be played
   */
  async give(placement: Placement, codec: AudioCodec): Promise<void> {
    if (this.#closed) return;
    const source = this.#source ?? (await this.#openSource());
    try {
      await this.#giveOf(source, placement, codec);
    } catch (error) {
      // Where the worker died, or the edge's thread, it is given again.
      if (!this.#closed && !placement.router.closed && !source.closed) throw error;
    } finally {
      if (this.#closed || source.closed) this.#transport?.close();
    }
  }

  /** Begins to play, once whoever is to hear it was told of it. */
  begin(): void {
    this.#begun = true;
    if (this.#source !== null) this.#play(this.#source);
  }

  /** It cannot be played: nobody waits for its end. */
  fail(error: Error): void {
    this.#ended.reject(error);
    this.close();
  }

  /** Ends it; twice is harmless. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ended.resolve(false);
    this.#transport?.close();
    void this.#source?.close();
  }

  async #openSource(): Promise<EdgeSource> {
    const source = await this.#open();
    this.#source = source;
    if (this.#closed) await source.close();
    source.once('closed', () => {
      if (this.#closed) return;
      this.#source = null;
      this.#transport?.close();
      this.#lost();
    });
    if (this.#begun) this.#play(source);
    return source;
  }

  #play(source: EdgeSource): void {
    source.play(this.#names, { loop: this.#loop }).then(
      (finished) => {
        if (finished) this.#ended.resolve(true);
      },
      (error: Error) => {
        if (!source.closed) this.fail(error);
      },
    );
  }

  async #giveOf(source: EdgeSource, placement: Placement, codec: AudioCodec): Promise<void> {
    if (this.#transport === null || this.#transport.closed) {
      this.#transport = await createEdgeTransport(placement, source);
      this.#produced = null;
    }
    if (this.#produced?.codec !== codec) await this.#produce(this.#transport, source, codec);
  }

  async #produce(transport: types.PlainTransport, source: EdgeSource, codec: AudioCodec): Promise<void> {
    this.#produced?.producer.close();
    this.#produced = null;
    const found = ROUTER_CODECS.find((one) => audioCodecOf(one) === codec);
    if (found?.preferredPayloadType === undefined) throw new Error(`Routers speak no ${codec}.`);
    const { mimeType, clockRate, channels, preferredPayloadType: payloadType } = found;
    const ssrc = randomInt(1, 2 ** 32 - 1);
    const producer = await transport.produce({
      kind: 'audio',
      rtpParameters: {
        codecs: [{ mimeType, payloadType, clockRate, ...(channels !== undefined && { channels }) }],
        encodings: [{ ssrc }],
      },
    });
    this.#produced = { producer, codec };
    await source.speak({ ssrc, payloadType, codec });
  }
}
