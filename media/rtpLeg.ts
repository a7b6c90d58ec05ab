import { randomBytes, randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { BaseLeg } from './baseLeg.ts';
import type { EdgeLeg, MediaEdge } from './edge/edge.ts';
import {
  LegError,
  type AudioCodec,
  type Holding,
  type Leg,
  type LegQuality,
  type MediaKind,
  type Placement,
  type Source,
} from './leg.ts';
import { Negotiation } from './negotiation.ts';
import { Patience } from './patience.ts';
import { RtpStreams } from './rtpStreams.ts';
import { parseDescription } from './sdp/parse.ts';
import type { SdesKey, SdesSuite } from './sdp/sdes.ts';
import {
  answerTelephoneOffer,
  makeTelephoneOffer,
  readTelephoneAnswer,
  type TelephoneAgreement,
  type TelephoneCodec,
  type TelephoneTerms,
} from './sdp/telephone.ts';
import { Versions } from './sdp/versions.ts';

export interface RtpLegOptions {
  id: string;
  placement: Placement;
  edge: MediaEdge;
  /** The address that telephones are told to send to, where it is another than the edge's own. */
  announcedAddress?: string;
  /** What the telephone is offered, best first. */
  codecs?: readonly TelephoneCodec[];
  /** SRTP with keys in the SDP, for trunks whose signalling is encrypted; without it all is in the clear. */
  srtp?: SdesSuite;
  /**
   * Where the first packet comes from another port than the SDP's, follow it there if it is of the SDP's address or of
   * one of these (where the signalling comes from). For peers behind address translation; off unless it is given.
   */
  latchTo?: readonly string[];
  /** How often quality is told. */
  qualityEveryMs?: number;
  /** How long it may be without a worker before it has failed. */
  patienceMs?: number;
}

/** A telephone's leg: what every leg can do, and sounds that are made at its edge. */
export interface TelephoneLeg extends Leg {
  readonly kind: 'rtp';
  /**
   * Plays sounds that the edge has loaded to the telephone, in place of the room: music, ring-back, announcements.
   * Also while it is held by the service.
   * @returns true when they came to their end, false when something else took their place or the leg closed
   */
  play(sounds: readonly string[], options?: { loop?: boolean }): Promise<boolean>;
  /** Ends what is played. */
  stopPlaying(): Promise<void>;
  /**
   * Sends digits (RFC 4733).
   * @throws EdgeError where the telephone takes none, or they are none
   */
  press(digits: string, durationMs?: number): Promise<void>;
}

const ALL_CODECS: readonly TelephoneCodec[] = ['PCMU', 'PCMA', 'G722'];

/** Makes a telephone's leg on a placement of its room's. The caller closes it. */
export async function createRtpLeg(options: RtpLegOptions): Promise<TelephoneLeg> {
  const edgeLeg = await options.edge.openLeg();
  try {
    const streams = await RtpStreams.open(options.id, options.placement, edgeLeg);
    return new RtpLeg(options, edgeLeg, streams);
  } catch (error) {
    await edgeLeg.close();
    throw error;
  }
}

class RtpLeg extends BaseLeg implements TelephoneLeg {
  readonly kind = 'rtp';
  readonly #options: RtpLegOptions;
  readonly #edgeLeg: EdgeLeg;
  readonly #streams: RtpStreams;
  readonly #sessionId = String(randomInt(2 ** 47));
  readonly #key: SdesKey | null;
  readonly #codecs: readonly TelephoneCodec[];
  readonly #versions = new Versions();
  readonly #patience: Patience;
  readonly #negotiation = new Negotiation<TelephoneTerms>(
    () => this.#needsOffer(),
    () => this.tell('offerNeeded'),
  );
  #spoken: TelephoneCodec | null = null;
  #audioCodecs: readonly TelephoneCodec[];
  #agreement: TelephoneAgreement | null = null;
  /** What was offered in vain since. */
  #refused: TelephoneTerms | null = null;
  #flows = false;

  constructor(options: RtpLegOptions, edgeLeg: EdgeLeg, streams: RtpStreams) {
    super(options.id, options.qualityEveryMs);
    this.#options = options;
    this.#edgeLeg = edgeLeg;
    this.#streams = streams;
    this.#codecs = options.codecs ?? ALL_CODECS;
    this.#audioCodecs = this.#codecs;
    this.#key =
      options.srtp === undefined
        ? null
        : { tag: 1, suite: options.srtp, keyBase64: randomBytes(30).toString('base64') };
    this.#patience = new Patience(options.patienceMs, (why) => this.tell('failed', why));
    streams.on('adrift', () => this.#patience.wait('worker'));
    streams.on('source', (source) => this.tell('source', 'audio', source));
    edgeLeg.on('digit', (digit, durationMs) => this.tell('dtmf', digit, durationMs));
    // The thread died: there is no way to the telephone any more.
    edgeLeg.on('closed', () => this.tell('failed', 'worker'));
  }

  get placement(): Placement {
    return this.#streams.placement;
  }

  get sources(): readonly Source[] {
    return this.#streams.sources;
  }

  get audioCodecs(): readonly AudioCodec[] {
    return this.#audioCodecs;
  }

  offer(): Promise<string> {
    return this.#negotiation.making(() =>
      this.do(() => {
        if (this.#negotiation.offered !== null)
          throw new LegError('offering', 'An offer waits for its answer; withdraw it first.');
        const terms = this.#terms();
        this.#negotiation.begin(terms);
        return this.#versions.print(makeTelephoneOffer(terms));
      }),
    );
  }

  answer(sdp: string): Promise<void> {
    return this.do(async () => {
      const terms = this.#negotiation.offered;
      if (terms === null) throw new LegError('not-offering', 'No offer waits for an answer.');
      const description = parseDescription(sdp);
      const agreement = readTelephoneAnswer(description, terms);
      this.#negotiation.end();
      await this.#take(agreement, terms.codecs);
    });
  }

  withdraw(): void {
    this.#refused = this.#negotiation.offered ?? this.#refused;
    this.#negotiation.withdraw();
  }

  accept(offer: string): Promise<string> {
    return this.do(async () => {
      if (this.#negotiation.offered !== null) throw new LegError('offering', 'Our own offer waits for its answer.');
      const { agreement, answer } = answerTelephoneOffer(parseDescription(offer), this.#terms('any'));
      await this.#take(agreement, this.#codecs);
      return this.#versions.print(answer);
    });
  }

  receive(sources: readonly Source[]): Promise<void> {
    return this.do(async () => {
      await this.#streams.hear(sources.filter(({ kind }) => kind === 'audio'));
    });
  }

  speak(codec: AudioCodec): void {
    const spoken = codec === 'opus' ? null : codec;
    if (spoken === this.#spoken || this.closed) return;
    this.#spoken = spoken;
    this.#refused = null;
    void this.do(async () => {
      const agreed = this.#agreement?.codec;
      if (agreed !== undefined && this.#spoken !== null && this.#fits(agreed)) {
        await this.#streams.speak(agreed, this.#spoken);
      }
      this.#negotiation.check();
    }).catch(() => undefined);
  }

  mute(kind: MediaKind, muted: boolean): Promise<void> {
    return this.do(async () => {
      if (kind === 'audio') await this.#streams.mute(muted);
    });
  }

  preferSize(): Promise<void> {
    return this.do(() => Promise.resolve());
  }

  restart(): Promise<void> {
    return this.do(() => Promise.resolve());
  }

  move(placement: Placement): Promise<void> {
    return this.do(async () => {
      await this.#streams.move(placement);
      if (!this.#streams.adrift) this.#patience.calm();
    });
  }

  protected override async measure(): Promise<LegQuality> {
    const { byService, byPeer } = this.holding;
    const expected = this.#agreement?.receiving === true && !byService && !byPeer;
    return await this.#streams.measure(expected);
  }

  play(sounds: readonly string[], options: { loop?: boolean } = {}): Promise<boolean> {
    return this.#edgeLeg.play(sounds, options);
  }

  stopPlaying(): Promise<void> {
    return this.#edgeLeg.stop();
  }

  press(digits: string, durationMs?: number): Promise<void> {
    return this.#edgeLeg.press(digits, durationMs);
  }

  protected override holdMedia({ byService, byPeer }: Holding): Promise<void> {
    return this.#edgeLeg.hold(byService || byPeer);
  }

  protected override signalHold(): void {
    this.#refused = null;
    this.#negotiation.check();
  }

  protected override lost(): LegError | null {
    if (this.#edgeLeg.closed)
      return new LegError('closed', `The media edge that leg ${this.id} stood at is gone; close the leg.`);
    if (!this.#streams.adrift) return null;
    return new LegError('adrift', `The media worker of leg ${this.id} died; it is about to be moved.`);
  }

  protected override free(): void {
    this.#patience.calm();
    this.#streams.close();
    this.#edgeLeg.removeAllListeners();
    void this.#edgeLeg.close();
  }

  /**
   * Carries out what was agreed on.
   * @param asked the codecs that the telephone could have named: what it did not, it does not speak
   */
  async #take(agreement: TelephoneAgreement, asked: readonly TelephoneCodec[]): Promise<void> {
    this.#agreement = agreement;
    this.#refused = null;
    const { remote, remoteRtcp, codec, named, payloadType, alsoTakes } = agreement;
    const { ptime, digits, keys, sending, receiving } = agreement;
    const { latchTo } = this.#options;
    const unasked = this.#audioCodecs.filter((one) => !asked.includes(one));
    this.#audioCodecs = [...new Set([codec, ...named, ...unasked])];
    await this.heldByPeer(agreement.peerHolds);
    await this.#edgeLeg.negotiate({
      remote: { ...remote, rtcp: remoteRtcp },
      latching: latchTo === undefined ? null : { addresses: [remote.address, ...latchTo] },
      codec,
      payloadType,
      alsoTakes,
      ptime,
      telephoneEvent: digits,
      srtp: keys === null ? null : { receive: srtpKey(keys.theirs), send: srtpKey(keys.ours) },
      sends: sending,
      receives: receiving,
    });
    await this.#streams.speak(codec, this.#fits(codec) ? (this.#spoken ?? codec) : codec);
    this.#negotiation.check();
  }

  /** One law of G.711 becomes the other at the edge; G.722 is a codec of its own. */
  #fits(codec: TelephoneCodec): boolean {
    return this.#spoken === null || (codec === 'G722') === (this.#spoken === 'G722');
  }

  /**
   * Whether what was agreed on falls short of what is wanted. The first offer has all; what the telephone refused it
   * would refuse again; and where it may be offered nothing that fits, another offer changes nothing.
   */
  #needsOffer(): boolean {
    const agreement = this.#agreement;
    if (agreement === null || isDeepStrictEqual(this.#refused, this.#terms())) return false;
    const anotherCodec = !this.#fits(agreement.codec) && this.#codecs.some((codec) => this.#fits(codec));
    return anotherCodec || agreement.held !== this.holding.byService;
  }

  protected override measured(quality: LegQuality): void {
    const flows = (quality.received.audio?.packets ?? 0) > 0;
    if (flows && !this.#flows) this.tell('connected');
    if (quality.silent && this.#flows) this.tell('interrupted');
    if (flows || quality.silent) this.#flows = flows;
    super.measured(quality);
  }

  /**
   * What the room speaks comes first. What would be another codec than it does not come at all in offers of ours, once
   * it is known what the telephone speaks; what the telephone offers, the room takes, and goes by that.
   */
  #terms(which: 'fitting' | 'any' = this.#agreement === null ? 'any' : 'fitting'): TelephoneTerms {
    const rank = (codec: TelephoneCodec) => (codec === this.#spoken ? 0 : this.#fits(codec) ? 1 : 2);
    const ranked = [...this.#codecs].sort((one, other) => rank(one) - rank(other));
    const codecs = which === 'any' ? ranked : ranked.filter((codec) => this.#fits(codec));
    return {
      sessionId: this.#sessionId,
      address: this.#options.announcedAddress ?? this.#options.edge.settings.address,
      port: this.#edgeLeg.ports.port,
      rtcpMux: true,
      codecs: codecs.length > 0 ? codecs : this.#codecs,
      receiving: !this.holding.byService,
      sending: !this.holding.byPeer,
      key: this.#key,
      standing: this.#agreement?.standing ?? null,
    };
  }
}

function srtpKey({ suite, keyBase64 }: SdesKey): { suite: SdesSuite; material: Uint8Array } {
  return { suite, material: Buffer.from(keyBase64, 'base64') };
}
