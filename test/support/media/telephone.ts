/** A telephone that hums: G.711 at 20 ms, and what it heard as samples. */
import { isIP } from 'node:net';
import { linearTable, octetTable } from '../../../media/edge/g711.ts';
import { tone, toneShare } from './goertzel.ts';
import { RtpPeer, rtpPacket } from './rtpPeer.ts';

const FRAME = 160;
type Law = 'PCMU' | 'PCMA';
const PAYLOAD_TYPE = { PCMU: 0, PCMA: 8, G722: 9 } as const;

export class Telephone {
  readonly peer: RtpPeer;
  readonly #law: Law;
  #humming: NodeJS.Timeout | null = null;
  #sequence = Math.floor(Math.random() * 60_000) + 1;

  private constructor(peer: RtpPeer, law: Law) {
    this.peer = peer;
    this.#law = law;
  }

  static async open(law: Law = 'PCMU', host?: string): Promise<Telephone> {
    return new Telephone(await RtpPeer.open(host), law);
  }

  /** What it would offer or answer, as telephones write it. G722 it says only: what it hums and hears is G.711. */
  sdp(changes: { direction?: string; codecs?: readonly (keyof typeof PAYLOAD_TYPE)[]; host?: string } = {}): string {
    const { direction = 'sendrecv', codecs = [this.#law], host = this.peer.host } = changes;
    const numbers = codecs.map((codec) => PAYLOAD_TYPE[codec]);
    return [
      'v=0',
      `o=- 1 1 IN IP${isIP(host)} ${host}`,
      's=-',
      `c=IN IP${isIP(host)} ${host}`,
      't=0 0',
      `m=audio ${this.peer.port} RTP/AVP ${[...numbers, 101].join(' ')}`,
      ...codecs.map((codec) => `a=rtpmap:${PAYLOAD_TYPE[codec]} ${codec}/8000`),
      'a=rtpmap:101 telephone-event/8000',
      'a=rtcp-mux',
      `a=${direction}`,
      '',
    ].join('\r\n');
  }

  /** Sends to where an offer or answer of the service's says. */
  calls(sdp: string): this {
    const [, port] = /^m=audio (\d+) /m.exec(sdp) ?? [];
    const [, host] = /^c=IN IP[46] (\S+)/m.exec(sdp) ?? [];
    this.peer.sendsTo(Number(port), host);
    return this;
  }

  /** Hums a tone from now on, until it is told another or closes. */
  hums(hz: number): this {
    this.quiet();
    const table = octetTable(this.#law);
    // A second of whole periods, so that it goes on without a click.
    const octets = Uint8Array.from(tone(hz, 1), (sample) => table[sample & 0xffff] as number);
    let at = 0;
    let due = performance.now();
    this.#humming = setInterval(() => {
      for (; due <= performance.now(); due += 20) {
        const from = (at * FRAME) % octets.length;
        this.#send(octets.subarray(from, from + FRAME));
        at += 1;
      }
    }, 10);
    return this;
  }

  quiet(): void {
    if (this.#humming !== null) clearInterval(this.#humming);
    this.#humming = null;
  }

  /** Presses a key for 100 ms (RFC 4733), as telephones write it: the end three times. */
  presses(code: number): void {
    const timestamp = this.#sequence * FRAME;
    for (const [at, ticks] of [160, 320, 480, 640, 800, 800, 800].entries()) {
      this.#sequence += 1;
      const end = at >= 4 ? 0x80 : 0;
      const payload = Buffer.from([code, end | 10, ticks >> 8, ticks & 0xff]);
      const sequence = this.#sequence;
      this.peer.send(rtpPacket({ payloadType: 101, marker: at === 0, sequence, timestamp, payload }));
    }
  }

  /** The next so many packets that it hears, as samples. */
  async listens(packets = 25): Promise<Int16Array> {
    const from = this.peer.heard.length;
    const heard = (await this.peer.hears(from + packets)).slice(from, from + packets);
    const table = linearTable(this.#law);
    return Int16Array.from(heard.flatMap(({ payload }) => Array.from(payload, (octet) => table[octet] as number)));
  }

  /** Resolves when it hears these tones well, and the others not at all. */
  async hears(tones: readonly number[], others: readonly number[] = []): Promise<void> {
    for (let samples = await this.listens(); ; samples = await this.listens()) {
      const share = (hz: number) => toneShare(samples, hz);
      if (tones.every((hz) => share(hz) > 0.6 / tones.length) && others.every((hz) => share(hz) < 0.01)) return;
    }
  }

  async close(): Promise<void> {
    this.quiet();
    await this.peer.close();
  }

  #send(payload: Uint8Array): void {
    this.#sequence += 1;
    const sequence = this.#sequence;
    this.peer.send(rtpPacket({ payloadType: PAYLOAD_TYPE[this.#law], sequence, timestamp: sequence * FRAME, payload }));
  }
}
