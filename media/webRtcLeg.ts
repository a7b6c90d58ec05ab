import { randomInt } from 'node:crypto';
import type { types } from 'mediasoup';
import { BaseLeg } from './baseLeg.ts';
import {
  AUDIO_CODECS,
  LegError,
  type AudioCodec,
  type Holding,
  type Leg,
  type LegQuality,
  type MediaKind,
  type Placement,
  type Source,
} from './leg.ts';
import { levelsOf, type Levels } from './levels.ts';
import { Negotiation } from './negotiation.ts';
import { planOffer, seat, type AheadOfNeed, type PeerSends, type Seat, type SeatedSection } from './sectionPlan.ts';
import { audioCodecOf } from './sdp/codecs.ts';
import { parseDescription } from './sdp/parse.ts';
import { SdpRefusal } from './sdp/refusal.ts';
import { readAnswer, type AgreedSection, type Agreement } from './sdp/webRtcAgreement.ts';
import { firstCodecs, makeAnswer, offeredCodec, readOffer } from './sdp/webRtcAnswer.ts';
import { makeOffer, type OfferTerms } from './sdp/webRtcOffer.ts';
import { Versions } from './sdp/versions.ts';
import { WebRtcConnection } from './webRtcConnection.ts';
import { WebRtcStreams } from './webRtcStreams.ts';
import { createTransport, endOf } from './webRtcTransport.ts';
import { Wishes, type Wish } from './wishes.ts';

export interface WebRtcLegOptions {
  id: string;
  placement: Placement;
  /** What the peer may send; a TV without a camera sends sound only. */
  peerSends?: PeerSends;
  /** How many voices and pictures find a section without a new offer. */
  ahead?: AheadOfNeed;
  /** What the peer is known to speak: a telephone with DTLS-SRTP has no opus. All, where nothing is known. */
  audioCodecs?: readonly AudioCodec[];
  /** Names of the sizes in which the peer may send its picture at once, smallest first; one size by default. */
  simulcast?: readonly string[];
  /** How often quality is told. */
  qualityEveryMs?: number;
  /** How long a connection that broke, or is being made, may take before the leg has failed; and its move. */
  patienceMs?: number;
}

/** Makes a browser's leg on a placement of its room's. The caller closes it. */
export async function createWebRtcLeg(options: WebRtcLegOptions): Promise<Leg> {
  const levels = await levelsOf(options.placement.router);
  return new WebRtcLeg(options, await createTransport(options.placement), levels);
}

/** An offer that waits for its answer. */
interface Offered {
  terms: OfferTerms;
  sections: SeatedSection[];
  wish: Wish;
  /** How many names of sections were used before it. */
  mids: number;
}

class WebRtcLeg extends BaseLeg implements Leg {
  readonly kind = 'webrtc';
  readonly #options: WebRtcLegOptions;
  readonly #ahead: AheadOfNeed;
  readonly #peerSends: PeerSends;
  readonly #sessionId = String(randomInt(2 ** 47));
  readonly #versions = new Versions();
  #placement: Placement;
  #transport: types.WebRtcTransport;
  #streams: WebRtcStreams;
  readonly #connection: WebRtcConnection;

  readonly #wishes = new Wishes();
  readonly #negotiation = new Negotiation<Offered>(
    () => !this.#transport.closed && this.#wishes.fallShort(this.#wish(), this.#seatless),
    () => this.tell('offerNeeded'),
  );
  #mids = 0;
  #spoken: AudioCodec = 'opus';
  #audioCodecs: readonly AudioCodec[];
  #sections: SeatedSection[] = [];
  #agreed: readonly AgreedSection[] = [];
  /** Who is wanted and has no section. */
  #seatless: readonly Seat[] = [];
  /** What the peer gave before the leg was moved, until it answers there: nobody is taken from their places for that. */
  #carried: readonly Source[] = [];
  /** What was told of it last. */
  #layout = '[]';
  #wanted: readonly Source[] = [];
  /** What is known of the peer's end of the transport, once it is connected. */
  #peer: { fingerprint: string; role: types.DtlsRole; iceSession: string } | null = null;

  constructor(options: WebRtcLegOptions, transport: types.WebRtcTransport, levels: Levels) {
    super(options.id, options.qualityEveryMs);
    this.#options = options;
    this.#audioCodecs = options.audioCodecs ?? AUDIO_CODECS;
    this.#ahead = options.ahead ?? { audio: 2, video: 2 };
    this.#peerSends = options.peerSends ?? { audio: true, video: true };
    this.#placement = options.placement;
    this.#transport = transport;
    this.#connection = new WebRtcConnection(options.patienceMs, {
      connected: () => this.tell('connected'),
      interrupted: () => this.tell('interrupted'),
      failed: (why) => this.tell('failed', why),
    });
    this.#streams = this.#attach(transport, levels);
  }

  get sources(): readonly Source[] {
    const { sources } = this.#streams;
    return [...sources, ...this.#carried.filter(({ kind }) => !sources.some((source) => source.kind === kind))];
  }

  get audioCodecs(): readonly AudioCodec[] {
    return this.#audioCodecs;
  }

  get placement(): Placement {
    return this.#placement;
  }

  offer(): Promise<string> {
    return this.#negotiation.making(() =>
      this.#afloat(() => {
        if (this.#negotiation.offered !== null) {
          throw new LegError('offering', 'An offer waits for its answer; withdraw it first.');
        }
        const terms = this.#terms(this.#spoken);
        const mids = this.#mids;
        const wish = this.#wish();
        const sections = planOffer(this.#sections, wish.seats, this.#ahead, this.#peerSends, () => this.#nextMid());
        this.#negotiation.begin({ terms, sections, wish, mids });
        return this.#versions.print(makeOffer(terms, endOf(this.#transport), sections));
      }),
    );
  }

  answer(sdp: string): Promise<void> {
    return this.#afloat(async () => {
      const { offered } = this.#negotiation;
      if (offered === null) throw new LegError('not-offering', 'No offer waits for an answer.');
      const agreement = readAnswer(parseDescription(sdp), offered.terms, offered.sections);
      this.#checkPeer(agreement);
      this.#negotiation.end();
      try {
        await this.#take(agreement, offered.sections, offered.wish);
      } catch (error) {
        // It may be answered anew.
        if (error instanceof SdpRefusal) this.#negotiation.begin(offered);
        throw error;
      }
    });
  }

  withdraw(): void {
    const { offered } = this.#negotiation;
    if (offered === null) return;
    this.#mids = offered.mids;
    this.#wishes.withdraw(offered.wish);
    this.#negotiation.withdraw();
  }

  accept(offer: string): Promise<string> {
    return this.#afloat(async () => {
      if (this.#negotiation.offered !== null) throw new LegError('offering', 'Our own offer waits for its answer.');
      const description = parseDescription(offer);
      const { rtpCapabilities } = this.#placement.router;
      const first = this.#sections.length === 0 ? firstCodecs(description, rtpCapabilities) : [];
      const agreed = this.#wishes.agreed?.codec ?? 'opus';
      const codec = offeredCodec(description, rtpCapabilities, [this.#spoken, agreed, ...first]);
      const terms = this.#terms(codec ?? this.#spoken);
      const change = readOffer(description, terms, this.#sections);
      this.#checkPeer(change.agreement);
      const restarts = this.#peer !== null && this.#peer.iceSession !== change.agreement.iceSession;
      if (restarts) await this.#transport.restartIce();
      const answer = this.#versions.print(makeAnswer(description, change, terms, endOf(this.#transport)));
      const seats = new Map(this.#sections.map((section) => [section.mid, section.seat]));
      if (first.length > 0) [this.#audioCodecs, this.#spoken] = [first, codec ?? agreed];
      const sections = change.sections.map((section) => ({ ...section, seat: seats.get(section.mid) ?? null }));
      await this.#take(change.agreement, sections, { ...this.#wish(), codec: codec ?? agreed, seats: [] });
      return answer;
    });
  }

  receive(sources: readonly Source[]): Promise<void> {
    return this.do(async () => {
      const before = this.#wanted;
      this.#wanted = sources.filter(({ kind }) => this.#ahead[kind] > 0);
      for (const { legId } of before) if (!this.#wanted.some((one) => one.legId === legId)) this.#streams.forget(legId);
      await this.#seat();
      this.#negotiation.check();
    });
  }

  speak(codec: AudioCodec): void {
    if (codec === this.#spoken) return;
    this.#spoken = codec;
    this.#negotiation.check();
  }

  mute(kind: MediaKind, muted: boolean): Promise<void> {
    return this.do(() => this.#streams.mute(kind, muted));
  }

  preferSize(legId: string, size: number | null): Promise<void> {
    return this.do(() => this.#streams.preferSize(legId, size));
  }

  restart(): Promise<void> {
    return this.do(async () => {
      await this.#transport.restartIce();
      this.#negotiation.check();
    });
  }

  move(placement: Placement): Promise<void> {
    return this.do(async () => {
      const levels = await levelsOf(placement.router);
      const transport = await createTransport(placement);
      if (this.closed) return transport.close();
      this.#carried = this.sources;
      const old = this.#streams;
      this.#transport.close();
      this.#placement = placement;
      this.#transport = transport;
      this.#streams = this.#attach(transport, levels);
      this.#streams.heed(old);
      if (this.#negotiation.offered !== null) this.#wishes.lose(this.#wish());
      this.#negotiation.reset();
      this.#peer = null;
      this.#agreed = [];
      if (this.#wishes.agreed === null) this.#connection.calm();
      else this.#connection.wait();
      this.#negotiation.check();
    });
  }

  protected override measure(): Promise<LegQuality> {
    return this.#streams.measure(this.#streams.isHeard('audio') && this.#wishes.agreed?.held !== true);
  }

  protected override holdMedia(holding: Holding): Promise<void> {
    return this.#streams.hold(holding);
  }

  protected override signalHold(): void {
    this.#negotiation.check();
  }

  protected override lost(): LegError | null {
    if (!this.#transport.closed) return null;
    return new LegError('adrift', `The media worker of leg ${this.id} died; wait for offerNeeded.`);
  }

  protected override free(): void {
    this.#connection.calm();
    this.#streams.close();
    this.#transport.close();
  }

  /** Does what makes no sense without a transport, one thing at a time. */
  #afloat<T>(work: () => T | Promise<T>): Promise<T> {
    return this.do(() => {
      const lost = this.lost();
      if (lost !== null) throw lost;
      return work();
    });
  }

  /**
   * Carries out what was agreed on.
   * @param wish what it was made for
   * @throws SdpRefusal where the peer's streams are none that can be taken in
   */
  async #take(agreement: Agreement, sections: readonly SeatedSection[], wish: Wish): Promise<void> {
    this.#agreed = agreement.sections;
    this.#wishes.agree(wish);
    this.#sections = sections.map((section, index) =>
      agreement.sections[index]?.rejected ? { ...section, removed: true, seat: null, msid: null } : section,
    );
    if (this.#peer === null) {
      this.#connection.wait();
      await this.#transport.connect({ dtlsParameters: agreement.dtls });
    }
    const fingerprint = agreement.dtls.fingerprints[0]?.value ?? '';
    this.#peer = { fingerprint, role: agreement.dtls.role ?? 'auto', iceSession: agreement.iceSession };
    await this.heldByPeer(agreement.peerHolds);
    const received = (kind: MediaKind) => {
      const own = agreement.sections.filter(({ rejected }, index) => sections[index]!.receiving && !rejected);
      const of = own.filter((section) => section.kind === kind);
      // Who is held sends nothing, and goes on with the same when it goes on: nobody is taken from their places.
      return wish.held && of.length > 0 ? 'asBefore' : (of.find((one) => one.received !== null)?.received ?? null);
    };
    this.#audioCodecs = this.#learnCodecs(agreement) ?? this.#audioCodecs;
    // What the peer is to get goes out before what it sends is taken in: it waits for a first picture.
    await this.#seat();
    this.#wishes.settle(this.#seatless);
    await this.#streams.take({ audio: received('audio'), video: received('video') });
    const carried = this.#carried;
    this.#carried = [];
    for (const { kind } of carried) {
      if (!this.sources.some((source) => source.kind === kind)) this.tell('source', kind, null);
    }
    this.#negotiation.check();
  }

  #wish(): Wish {
    return {
      codec: this.#spoken,
      held: this.holding.byService,
      ufrag: this.#transport.iceParameters.usernameFragment,
      seats: this.#wanted.map(({ legId, kind }) => ({ legId, kind })),
    };
  }

  /** DTLS goes on with who was there: another certificate, or changed roles, are another connection (RFC 8842 5.5). */
  #checkPeer({ dtls }: Agreement): void {
    if (this.#peer === null) return;
    const [fingerprint] = dtls.fingerprints;
    if (fingerprint?.value !== this.#peer.fingerprint || dtls.role !== this.#peer.role) {
      throw new SdpRefusal('mismatch', 'Its fingerprint or its DTLS role changed in mid-session; begin a new session.');
    }
  }

  /** What a page does not take is known; whether it would take another codec is known when it is offered. */
  #learnCodecs(agreement: Agreement): AudioCodec[] | null {
    const codecs = agreement.sections.find(({ kind, sent }) => kind === 'audio' && sent !== null)?.sent?.codecs;
    const spoken = codecs?.map(audioCodecOf).filter((codec) => codec !== null);
    return spoken === undefined ? null : [...new Set([...spoken, ...this.#audioCodecs])];
  }

  /** Puts everybody who is wanted into a section that stands, and lets it flow. */
  async #seat(): Promise<void> {
    const { sections, standing } = seat(this.#sections, this.#wish().seats);
    this.#sections = sections;
    this.#seatless = standing;
    const flows = this.#sections.flatMap(({ mid, seat: by }, index) => {
      const source = this.#wanted.find((one) => one.legId === by?.legId && one.kind === by.kind);
      const capabilities = this.#agreed[index]?.sent ?? null;
      return source === undefined || capabilities === null ? [] : [{ mid, source, capabilities }];
    });
    await this.#streams.flow(flows);
    this.#tellLayout();
  }

  #tellLayout(): void {
    const layout = this.#sections
      .filter(({ sending, removed }) => sending && !removed)
      .map(({ mid, kind, seat: by }) => ({ mid, kind, legId: by?.legId ?? null }));
    const text = JSON.stringify(layout);
    if (text === this.#layout) return;
    this.#layout = text;
    this.tell('layout', layout);
  }

  #terms(codec: AudioCodec): OfferTerms {
    return {
      sessionId: this.#sessionId,
      capabilities: this.#placement.router.rtpCapabilities,
      spoken: [codec],
      simulcast: this.#options.simulcast ?? [],
      held: this.holding.byService,
    };
  }

  #nextMid(): string {
    const taken = new Set(this.#sections.map(({ mid }) => mid));
    while (taken.has(String(this.#mids))) this.#mids++;
    return String(this.#mids++);
  }

  #attach(transport: types.WebRtcTransport, levels: Levels): WebRtcStreams {
    this.#connection.follow(transport);
    return new WebRtcStreams(
      this.id,
      transport,
      levels,
      (kind, source) => this.tell('source', kind, source),
      (work) => void this.do(work).catch(() => undefined),
    );
  }
}
