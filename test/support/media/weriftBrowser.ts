/** A browser of other makers (werift) that answers a leg's offers: ICE, DTLS and SRTP without a page. */
import { MediaStreamTrack, RTCPeerConnection, RTCRtpCodecParameters, RtpHeader, RtpPacket } from 'werift';
import type { MediaKind } from '../../../media/leg.ts';

const CODECS = {
  audio: { mimeType: 'audio/opus', clockRate: 48_000, channels: 2, payloadType: 111 },
  video: { mimeType: 'video/VP8', clockRate: 90_000, payloadType: 96 },
} as const;

/** A payload descriptor of VP8 (RFC 7741 4.2) and the first octets of a key frame: a consumer begins with one. */
const KEY_FRAME = Buffer.from([0x10, 0x00, 0x00, 0x00, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00]);

export class WeriftBrowser {
  /** Packets that came, by kind. */
  readonly heard: Record<MediaKind, number> = { audio: 0, video: 0 };
  /** Whoever waits for a packet is told of each. */
  onHeard: () => void = () => undefined;
  readonly #peer: RTCPeerConnection;
  readonly #tracks = {
    audio: new MediaStreamTrack({ kind: 'audio' }),
    video: new MediaStreamTrack({ kind: 'video' }),
  };
  /** What it sent last over the connection, as it left: sealed, where it was sound or a picture. */
  lastDatagram: Buffer = Buffer.alloc(0);
  #listens = false;
  readonly #sent = { audio: 0, video: 0 };

  /** @param options `ipv6` looks for ways over IPv6 as well */
  constructor({ ipv6 = false } = {}) {
    this.#peer = new RTCPeerConnection({
      codecs: {
        audio: [new RTCRtpCodecParameters(CODECS.audio)],
        video: [new RTCRtpCodecParameters(CODECS.video)],
      },
      iceAdditionalHostAddresses: ['127.0.0.1'],
      iceUseIpv6: ipv6,
    });
  }

  /** Takes an offer and sends sound and picture where it may. @returns the answer */
  async take(offer: string): Promise<string> {
    await this.#peer.setRemoteDescription({ type: 'offer', sdp: offer });
    for (const kind of ['audio', 'video'] as const) {
      const first = this.#peer.getTransceivers().find((one) => one.kind === kind);
      if (first === undefined || first.sender.track !== null) continue;
      await first.sender.replaceTrack(this.#tracks[kind]);
      first.setDirection('sendrecv');
    }
    await this.#peer.setLocalDescription(await this.#peer.createAnswer());
    this.#listen();
    return this.#peer.localDescription?.sdp ?? '';
  }

  /** Sends a packet of sound, or of a picture, with so many octets of payload. */
  say(kind: MediaKind, octets = 80): void {
    const sequenceNumber = (this.#sent[kind] += 1);
    const { payloadType } = CODECS[kind];
    const timestamp = sequenceNumber * (kind === 'audio' ? 960 : 900);
    const payload = Buffer.alloc(octets, sequenceNumber);
    if (kind === 'video') KEY_FRAME.copy(payload);
    const header = new RtpHeader({ sequenceNumber: sequenceNumber & 0xffff, timestamp, payloadType });
    this.#tracks[kind].writeRtp(new RtpPacket(header, payload));
  }

  /** Sends a datagram as it is, over the connection that its sound takes. */
  async sendRaw(datagram: Buffer): Promise<void> {
    await this.#connection.send(datagram);
  }

  /** Resolves when so many packets of a kind were heard in all. */
  async hears(kind: MediaKind, count: number): Promise<void> {
    while (this.heard[kind] < count) {
      await new Promise<void>((heard) => {
        this.onHeard = heard;
      });
    }
  }

  async close(): Promise<void> {
    await this.#peer.close();
  }

  get #connection() {
    const [transport] = this.#peer.dtlsTransports;
    if (transport === undefined) throw new Error('It has taken no offer yet.');
    return transport.iceTransport.connection;
  }

  /** Below its tracks: they want every stream announced by its SSRC, and legs do not announce any. */
  #listen(): void {
    if (this.#listens) return;
    this.#listens = true;
    for (const transport of this.#peer.dtlsTransports)
      transport.onRtp.subscribe(({ header }) => {
        this.heard[header.payloadType === CODECS.audio.payloadType ? 'audio' : 'video'] += 1;
        this.onHeard();
      });
    const connection = this.#connection;
    const { send } = connection;
    connection.send = (datagram) => {
      this.lastDatagram = datagram;
      return send.call(connection, datagram);
    };
  }
}
