/** What a telephone's leg has in mediasoup: a PlainTransport to its edge, what it gives the room, what it hears of it. */
import { EventEmitter } from 'node:events';
import { randomInt } from 'node:crypto';
import type { types } from 'mediasoup';
import { createEdgeTransport } from './edgeTransport.ts';
import type { EdgeLeg } from './edge/edge.ts';
import type { LegFigures, RoomStream } from './edge/messages.ts';
import type { LegQuality, Placement, Source } from './leg.ts';
import { estimateMos, type StreamQuality } from './quality.ts';
import { audioCodecOf, isMedia, ROUTER_CODECS } from './sdp/codecs.ts';
import type { TelephoneCodec } from './sdp/telephone.ts';

/** Telephones that leave out silence send something every second or so. */
const SILENT_MS = 2_000;

interface RtpStreamsEvents {
  source: [source: Source | null];
  /** Its worker died, or its room ended: it is to be moved. */
  adrift: [];
}

export class RtpStreams extends EventEmitter<RtpStreamsEvents> {
  readonly #legId: string;
  readonly #edgeLeg: EdgeLeg;
  /** Where its transport is. */
  placement: Placement;
  #transport: types.PlainTransport;
  /** What the telephone speaks, and what the room is given of it. */
  #codecs: { telephone: TelephoneCodec; room: TelephoneCodec } | null = null;
  #produced: { producer: types.Producer; stream: RoomStream } | null = null;
  #wanted: readonly Source[] = [];
  readonly #consumers = new Map<string, { consumer: types.Consumer; played: boolean }>();
  #muted = false;

  /** Makes a transport on a placement and ties the edge's leg to it. */
  static async open(legId: string, placement: Placement, edgeLeg: EdgeLeg): Promise<RtpStreams> {
    return new RtpStreams(legId, edgeLeg, placement, await createEdgeTransport(placement, edgeLeg));
  }

  private constructor(legId: string, edgeLeg: EdgeLeg, placement: Placement, transport: types.PlainTransport) {
    super();
    this.placement = placement;
    this.#legId = legId;
    this.#edgeLeg = edgeLeg;
    this.#transport = this.#watched(transport);
  }

  /** Its worker died, and it was not moved yet. */
  get adrift(): boolean {
    return this.#transport.closed;
  }

  get sources(): readonly Source[] {
    return this.#produced === null ? [] : [{ legId: this.#legId, kind: 'audio', producer: this.#produced.producer }];
  }

  /** Says what the telephone speaks and what the room shall have of it; either law of G.711 becomes the other. */
  async speak(telephone: TelephoneCodec, room: TelephoneCodec): Promise<void> {
    const before = this.#codecs;
    this.#codecs = { telephone, room };
    try {
      if (this.#produced === null || before?.room !== room) await this.#produce(room);
      if ((before?.telephone === 'G722') !== (telephone === 'G722')) this.#dropConsumers();
      await this.hear(this.#wanted);
    } catch (error) {
      // Where it is moved to it goes by what was said here: the telephone was told, or has said it.
      if (!this.adrift) throw error;
    }
  }

  /** Says whom the telephone hears; of two or more the edge makes a mix. Those of a codec it cannot take are left out. */
  async hear(sources: readonly Source[]): Promise<void> {
    this.#wanted = sources;
    for (const [id, { consumer }] of this.#consumers) {
      if (!consumer.closed && sources.some(({ producer }) => producer.id === id)) continue;
      consumer.close();
      this.#consumers.delete(id);
    }
    if (this.#codecs !== null) for (const source of sources) await this.#consume(source);
    await this.#tellEdge();
  }

  async mute(muted: boolean): Promise<void> {
    this.#muted = muted;
    const producer = this.#produced?.producer;
    if (producer !== undefined) await (muted ? producer.pause() : producer.resume());
  }

  /** Goes over to another placement; whom it hears there is to be said anew. */
  async move(placement: Placement): Promise<void> {
    const transport = await createEdgeTransport(placement, this.#edgeLeg);
    this.#transport.close();
    this.placement = placement;
    this.#transport = this.#watched(transport);
    this.#consumers.clear();
    this.#wanted = [];
    if (this.#codecs !== null) await this.#produce(this.#codecs.room);
    await this.#tellEdge();
  }

  /** @param expected whether sound is to come from the telephone */
  async measure(expected: boolean): Promise<LegQuality> {
    const figures = await this.#edgeLeg.measure();
    return {
      received: { audio: receivedOf(figures), video: null },
      sent: { audio: sentOf(figures), video: null },
      roundTripMs: figures.roundTripMs,
      levelDbov: figures.received.levelDb,
      silent: expected && (figures.quietMs === null || figures.quietMs > SILENT_MS),
    };
  }

  close(): void {
    this.#transport.close();
  }

  #watched(transport: types.PlainTransport): types.PlainTransport {
    transport.on('routerclose', () => void this.emit('adrift'));
    return transport;
  }

  async #produce(room: TelephoneCodec): Promise<void> {
    this.#produced?.producer.close();
    if (this.#produced !== null) this.emit('source', null);
    this.#produced = null;
    const codec = routerCodec(room);
    const ssrc = randomInt(1, 2 ** 32 - 1);
    const producer = await this.#transport.produce({
      kind: 'audio',
      rtpParameters: {
        codecs: [{ mimeType: codec.mimeType, payloadType: codec.preferredPayloadType, clockRate: codec.clockRate }],
        encodings: [{ ssrc }],
      },
      paused: this.#muted,
    });
    const stream = { ssrc, payloadType: codec.preferredPayloadType, codec: room, telephoneEvent: null };
    this.#produced = { producer, stream };
    await this.#tellEdge();
    this.emit('source', { legId: this.#legId, kind: 'audio', producer });
  }

  async #consume({ producer, played = false }: Source): Promise<void> {
    if (producer.closed || this.#consumers.has(producer.id)) return;
    const codecs = ROUTER_CODECS.filter(({ mimeType, clockRate }) => this.#takes({ mimeType, clockRate }));
    try {
      const consumer = await this.#transport.consume({
        producerId: producer.id,
        rtpCapabilities: { codecs: structuredClone(codecs) as types.RtpCodecCapability[], headerExtensions: [] },
      });
      this.#consumers.set(producer.id, { consumer, played });
    } catch (error) {
      // The speaker left meanwhile, or has not changed to the room's codec yet: the room will say what holds then.
      if (this.#transport.closed) throw error;
    }
  }

  /** What the telephone can hear: digits, and what the edge can give it as its own codec. */
  #takes(codec: { mimeType: string; clockRate: number }): boolean {
    const audio = audioCodecOf(codec);
    if (audio === null) return /^audio\//.test(codec.mimeType) && !isMedia(codec);
    return audio !== 'opus' && (audio === 'G722') === (this.#codecs?.telephone === 'G722');
  }

  #dropConsumers(): void {
    for (const { consumer } of this.#consumers.values()) consumer.close();
    this.#consumers.clear();
  }

  async #tellEdge(): Promise<void> {
    const sources = [...this.#consumers.values()].flatMap(({ consumer: { rtpParameters }, played }): RoomStream[] => {
      const [codec] = rtpParameters.codecs;
      const name = codec === undefined ? null : audioCodecOf(codec);
      const ssrc = rtpParameters.encodings?.[0]?.ssrc;
      if (codec === undefined || name === null || name === 'opus' || ssrc === undefined) return [];
      const digits = rtpParameters.codecs.find((one) => !isMedia(one));
      return [
        { ssrc, payloadType: codec.payloadType, codec: name, telephoneEvent: digits?.payloadType ?? null, played },
      ];
    });
    await this.#edgeLeg.joinRoom({ produces: this.#produced?.stream ?? null, sources });
  }
}

function routerCodec(name: TelephoneCodec): types.RtpCodecCapability {
  const codec = ROUTER_CODECS.find((one) => audioCodecOf(one) === name);
  if (codec?.preferredPayloadType === undefined) throw new Error(`Routers speak no ${name}.`);
  return { ...codec, preferredPayloadType: codec.preferredPayloadType };
}

function receivedOf({ received, roundTripMs, intervalMs }: LegFigures): StreamQuality | null {
  const { packets, octets, expected, lost, jitterMs } = received;
  if (packets === 0) return null;
  const loss = expected <= 0 ? 0 : lost / expected;
  const bitrate = intervalMs > 0 ? (octets * 8_000) / intervalMs : 0;
  return { packets, loss, jitterMs, bitrate, mos: estimateMos(loss, jitterMs, roundTripMs ?? 0) };
}

/** As the telephone reports it; null where it reports nothing. */
function sentOf({ sent, roundTripMs, intervalMs }: LegFigures): StreamQuality | null {
  const { packets, octets, reportedLoss, reportedJitterMs } = sent;
  if (packets === 0 || reportedLoss === null || reportedJitterMs === null) return null;
  const bitrate = intervalMs > 0 ? (octets * 8_000) / intervalMs : 0;
  const mos = estimateMos(reportedLoss, reportedJitterMs, roundTripMs ?? 0);
  return { packets, loss: reportedLoss, jitterMs: reportedJitterMs, bitrate, mos };
}
