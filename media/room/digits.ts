import type { types } from 'mediasoup';
import { blankRtpHeader, readRtp } from '../edge/rtp.ts';
import { EVENT_LOST_MS, TelephoneEventReceiver, type PressedDigit } from '../edge/telephoneEvent.ts';
import { isDigits } from '../sdp/codecs.ts';

/** A key that is held makes 50 packets a second. Who sends more than this is not heard for the rest of the second. */
const MOST_A_SECOND = 200;

interface Heard {
  legId: string;
  /** Null while it is being made. */
  consumer: types.Consumer | null;
}

/**
 * The digits (RFC 4733) that browsers press in a room, which they do while it speaks a telephone's codec. Of all that
 * goes through the router only those packets come here. It ends with its router.
 */
export class Digits {
  readonly #router: types.Router;
  /** Made for the first who may press something: most rooms never need it. */
  #transport: Promise<types.DirectTransport> | null = null;
  /** By producer. */
  readonly #heard = new Map<string, Heard>();
  onDigit: (legId: string, pressed: PressedDigit) => void = () => undefined;

  constructor(router: types.Router) {
    this.#router = router;
  }

  /** Listens to what a leg sends, if it may have digits in it, until its producer closes. */
  add(producer: types.Producer, legId: string): void {
    if (this.#heard.has(producer.id) || producer.closed || !producer.rtpParameters.codecs.some(isDigits)) return;
    const heard: Heard = { legId, consumer: null };
    this.#heard.set(producer.id, heard);
    producer.observer.once('close', () => this.#drop(producer.id, heard));
    // It may close on its way, as may the router, and then there is nothing to listen to.
    this.#consume(producer, heard).catch(() => undefined);
  }

  /** The leg is none of the room's any more. */
  forget(legId: string): void {
    for (const [producerId, heard] of this.#heard) if (heard.legId === legId) this.#drop(producerId, heard);
  }

  async #consume(producer: types.Producer, heard: Heard): Promise<void> {
    this.#transport ??= this.#router.createDirectTransport();
    const transport = await this.#transport;
    const codecs = this.#router.rtpCapabilities.codecs?.filter(isDigits);
    const consumer = await transport.consume({ producerId: producer.id, rtpCapabilities: { codecs } });
    if (this.#heard.get(producer.id) !== heard) return consumer.close();
    heard.consumer = consumer;
    const listener = new Listener(consumer, (pressed) => this.onDigit(heard.legId, pressed));
    consumer.observer.once('close', () => listener.close());
    consumer.on('rtp', (packet) => listener.take(packet));
  }

  #drop(producerId: string, heard: Heard): void {
    if (this.#heard.get(producerId) === heard) this.#heard.delete(producerId);
    heard.consumer?.close();
  }
}

/** Reads the digits of one stream. */
class Listener {
  readonly #consumer: types.Consumer;
  readonly #told: (pressed: PressedDigit) => void;
  readonly #receiver = new TelephoneEventReceiver();
  readonly #header = blankRtpHeader();
  /** While a key is down whose end may be lost. */
  #lost: NodeJS.Timeout | null = null;
  #second: NodeJS.Timeout | null = null;
  #packets = 0;

  constructor(consumer: types.Consumer, told: (pressed: PressedDigit) => void) {
    this.#consumer = consumer;
    this.#told = told;
  }

  take(packet: Buffer): void {
    if (this.#isTooMany() || !readRtp(packet, this.#header)) return;
    const { start, end, timestamp } = this.#header;
    this.#tell(this.#receiver.take(packet, start, end, timestamp, performance.now()));
    if (this.#lost !== null) clearTimeout(this.#lost);
    this.#lost = null;
    if (!this.#receiver.open) return;
    const expire = () => this.#tell(this.#receiver.expire(performance.now()));
    this.#lost = setTimeout(expire, EVENT_LOST_MS + 1).unref();
  }

  close(): void {
    if (this.#lost !== null) clearTimeout(this.#lost);
    if (this.#second !== null) clearTimeout(this.#second);
  }

  #tell(pressed: PressedDigit | null): void {
    if (pressed !== null) this.#told(pressed);
  }

  /** Beyond the bound the worker keeps them: none costs Node anything until the second is over. */
  #isTooMany(): boolean {
    this.#packets += 1;
    this.#second ??= setTimeout(() => {
      this.#second = null;
      this.#packets = 0;
      if (this.#consumer.paused && !this.#consumer.closed) this.#consumer.resume().catch(() => undefined);
    }, 1_000).unref();
    if (this.#packets === MOST_A_SECOND) this.#consumer.pause().catch(() => undefined);
    return this.#packets > MOST_A_SECOND;
  }
}
