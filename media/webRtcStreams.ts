import type { types } from 'mediasoup';
import type { Holding, LegQuality, MediaKind, Source } from './leg.ts';
import type { Levels } from './levels.ts';
import { receivedQuality, sentQuality, worse, type StreamQuality } from './quality.ts';
import { quote, SdpRefusal } from './sdp/refusal.ts';

/** A source that is to be sent in a section that both sides agreed on. */
export interface Flow {
  mid: string;
  source: Source;
  capabilities: types.RtpCapabilities;
}

/**
 * A receiver of Chromium's takes a stream that nobody announced, as ours are, at most every half second: what comes
 * sooner in the same section is thrown away, and its picture never shown.
 */
const SWAP_APART_MS = 500;
const MEDIA_KINDS = ['audio', 'video'] as const;
/** mediasoup takes a layer that is not there for the highest that is. */
const LARGEST = 3;

/** What goes to the peer in one section. */
interface Sent {
  consumer: types.Consumer;
  source: Source;
  capabilities: string;
}

/** The producers and consumers of one WebRTC transport: what the peer gives, and what it gets. */
export class WebRtcStreams {
  readonly #legId: string;
  readonly #transport: types.WebRtcTransport;
  readonly #levels: Levels;
  readonly #tell: (kind: MediaKind, source: Source | null) => void;
  readonly #later: (work: () => Promise<void>) => void;
  readonly #producers = new Map<MediaKind, { producer: types.Producer; parameters: string }>();
  readonly #consumers = new Map<string, Sent>();
  /** When the stream of a section was last changed, for as long as that matters. */
  readonly #swaps = new Map<string, number>();
  #muted = new Set<MediaKind>();
  /** The largest picture of somebody's that the peer shows. */
  #sizes = new Map<string, number>();
  #holding: Holding = { byService: false, byPeer: false };
  #flows: readonly Flow[] = [];
  #timer: NodeJS.Timeout | null = null;
  #before = new Map<string, types.RtpStreamRecvStats | types.RtpStreamSendStats>();

  /** @param later does what could not be done at once, in turn with everything else of the leg's */
  constructor(
    legId: string,
    transport: types.WebRtcTransport,
    levels: Levels,
    tell: (kind: MediaKind, source: Source | null) => void,
    later: (work: () => Promise<void>) => void,
  ) {
    this.#legId = legId;
    this.#transport = transport;
    this.#levels = levels;
    this.#tell = tell;
    this.#later = later;
  }

  get sources(): Source[] {
    return [...this.#producers].map(([kind, { producer }]) => ({ legId: this.#legId, kind, producer }));
  }

  get #held(): boolean {
    return this.#holding.byService || this.#holding.byPeer;
  }

  /** Whether something of the kind is to reach the others just now. */
  isHeard(kind: MediaKind): boolean {
    return this.#producers.has(kind) && !this.#held && !this.#muted.has(kind);
  }

  /** Takes over what was said to the streams of a transport that is gone. */
  heed(old: WebRtcStreams): void {
    this.#muted = old.#muted;
    this.#holding = old.#holding;
    this.#sizes = old.#sizes;
  }

  /**
   * The peer sends by these parameters from now on; null is nothing of that kind. What changed is told when all is
   * done, so that sound and picture of somebody new are one piece of news.
   * @throws SdpRefusal where mediasoup does not take them; then nothing of that kind is received
   */
  async take(given: Readonly<Record<MediaKind, types.RtpParameters | 'asBefore' | null>>): Promise<void> {
    const changed = MEDIA_KINDS.filter((kind) => this.#isNews(kind, given[kind]));
    // All of them first: a page keeps its SSRC when it changes its codec, and may change two about; mediasoup takes an
    // SSRC once.
    for (const kind of changed) {
      this.#producers.get(kind)?.producer.close();
      this.#producers.delete(kind);
    }
    try {
      for (const kind of changed) await this.#produce(kind, given[kind]);
    } finally {
      for (const kind of changed) this.#tell(kind, this.sources.find((source) => source.kind === kind) ?? null);
    }
  }

  #isNews(kind: MediaKind, parameters: types.RtpParameters | 'asBefore' | null): boolean {
    if (parameters === 'asBefore') return false;
    const stands = this.#producers.get(kind);
    if (stands === undefined) return parameters !== null;
    return stands.producer.closed || stands.parameters !== JSON.stringify(parameters);
  }

  async #produce(kind: MediaKind, parameters: types.RtpParameters | 'asBefore' | null): Promise<void> {
    if (parameters === null || parameters === 'asBefore') return;
    const paused = this.#held || this.#muted.has(kind);
    try {
      const producer = await this.#transport.produce({ kind, rtpParameters: parameters, paused });
      this.#producers.set(kind, { producer, parameters: JSON.stringify(parameters) });
      if (kind === 'audio') this.#levels.add(producer);
    } catch (error) {
      if (this.#transport.closed) throw error;
      throw new SdpRefusal('unsupported', `Its ${kind} cannot be received: ${quote((error as Error).message)}.`);
    }
  }

  /** Sends these from now on, and nothing else. Sources that are gone, or speak another codec, are left out. */
  async flow(flows: readonly Flow[]): Promise<void> {
    this.#flows = flows;
    for (const [mid, { consumer, capabilities }] of this.#consumers) {
      const wanted = flows.find((flow) => flow.mid === mid);
      const stays =
        wanted?.source.producer.id === consumer.producerId && JSON.stringify(wanted.capabilities) === capabilities;
      if (stays && !consumer.closed) continue;
      consumer.close();
      this.#consumers.delete(mid);
    }
    await Promise.all(flows.filter(({ mid }) => !this.#consumers.has(mid)).map((flow) => this.#consume(flow)));
  }

  async hold(holding: Holding): Promise<void> {
    this.#holding = holding;
    await this.#applyPauses();
    for (const sent of [...this.#consumers.values()]) {
      const { consumer, source } = sent;
      const paused = this.#withholds(source);
      if (consumer.paused !== paused) await unlessGone(sent, paused ? consumer.pause() : consumer.resume());
    }
  }

  async mute(kind: MediaKind, muted: boolean): Promise<void> {
    if (muted) this.#muted.add(kind);
    else this.#muted.delete(kind);
    await this.#applyPauses();
  }

  async preferSize(legId: string, size: number | null): Promise<void> {
    if (size === null) this.#sizes.delete(legId);
    else this.#sizes.set(legId, size);
    for (const sent of [...this.#consumers.values()]) {
      if (sent.source.legId !== legId || sent.consumer.type !== 'simulcast') continue;
      await unlessGone(sent, sent.consumer.setPreferredLayers({ spatialLayer: size ?? LARGEST }));
    }
  }

  /** @param expected whether sound is to come from the peer */
  async measure(expected: boolean): Promise<LegQuality> {
    const roundTrips: number[] = [];
    const before = this.#before;
    const now = new Map<string, types.RtpStreamRecvStats | types.RtpStreamSendStats>();
    const quality: LegQuality = {
      received: { audio: null, video: null },
      sent: { audio: null, video: null },
      roundTripMs: null,
      levelDbov: this.#readLevel(),
      silent: false,
    };
    for (const sent of [...this.#consumers.values()]) {
      const { consumer } = sent;
      for (const stat of (await unlessGone(sent, consumer.getStats())) ?? []) {
        if (stat.type !== 'outbound-rtp') continue;
        if (stat.roundTripTime !== undefined && stat.roundTripTime > 0) roundTrips.push(stat.roundTripTime);
        now.set(consumer.id, stat);
        const measured = sentQuality(before.get(consumer.id) ?? null, stat, stat.roundTripTime ?? null);
        quality.sent[consumer.kind] = worse(quality.sent[consumer.kind], measured);
      }
    }
    quality.roundTripMs = roundTrips.length === 0 ? null : Math.max(...roundTrips);
    for (const { producer } of this.#producers.values()) {
      const measured: StreamQuality[] = [];
      for (const stat of await producer.getStats()) {
        const key = `${producer.id} ${stat.ssrc}`;
        now.set(key, stat);
        const one = receivedQuality(before.get(key) ?? null, stat, quality.roundTripMs);
        if (one !== null) measured.push(one);
      }
      quality.received[producer.kind] = measured.reduce<StreamQuality | null>(worse, null);
    }
    this.#before = now;
    quality.silent = expected && this.isHeard('audio') && (quality.received.audio?.packets ?? 0) === 0;
    return quality;
  }

  /** Somebody is not to be seen any more, and how large it was shown is no news of whoever comes. */
  forget(legId: string): void {
    this.#sizes.delete(legId);
  }

  /** Lets go of what is its own; the transport's closing takes the rest. */
  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#flows = [];
  }

  async #consume({ mid, source, capabilities }: Flow): Promise<void> {
    const { producer } = source;
    if (this.#transport.closed || producer.closed) return;
    const now = performance.now();
    for (const [of, at] of this.#swaps) if (now - at > SWAP_APART_MS) this.#swaps.delete(of);
    const wait = (this.#swaps.get(mid) ?? -Infinity) + SWAP_APART_MS - now;
    if (wait > 0 && source.kind === 'video') return this.#retry(wait);
    let consumer: types.Consumer;
    try {
      consumer = await this.#transport.consume({
        producerId: producer.id,
        rtpCapabilities: structuredClone(capabilities),
        mid,
        paused: this.#withholds(source),
        preferredLayers: { spatialLayer: this.#sizes.get(source.legId) ?? LARGEST },
      });
    } catch (error) {
      // The speaker left meanwhile, or has not changed to the room's codec yet: the room will say what holds then.
      if (this.#transport.closed) throw error;
      return;
    }
    this.#swaps.set(mid, performance.now());
    this.#consumers.set(mid, { consumer, source, capabilities: JSON.stringify(capabilities) });
    // Whoever takes the place of a producer that was closed is told by the room.
    consumer.once('producerclose', () => {
      if (this.#consumers.get(mid)?.consumer === consumer) this.#consumers.delete(mid);
    });
  }

  #readLevel(): number | null {
    const sound = this.#producers.get('audio');
    return sound === undefined ? null : this.#levels.read(sound.producer);
  }

  #retry(afterMs: number): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#later(() => this.flow(this.#flows));
    }, afterMs + 1).unref();
  }

  /** Of the room nothing reaches who is held but what is played; who holds is sent nothing at all. */
  #withholds({ played = false }: Source): boolean {
    return this.#holding.byPeer || (this.#holding.byService && !played);
  }

  async #applyPauses(): Promise<void> {
    for (const [kind, { producer }] of this.#producers) {
      const paused = this.#held || this.#muted.has(kind);
      if (paused !== producer.paused) await (paused ? producer.pause() : producer.resume());
    }
  }
}

/**
 * What was asked of something that goes to the peer, or null when its source left meanwhile. The producer says so at
 * once; the consumer only some time after the worker refused what was asked of it.
 */
async function unlessGone<T>({ consumer, source }: Sent, asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (consumer.closed || source.producer.closed) return null;
    throw error;
  }
}
