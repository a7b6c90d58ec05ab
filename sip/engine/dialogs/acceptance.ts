import type { Flow } from '../transports/flow.ts';

/**
 * A 2xx to an INVITE of ours, and the ACK that it gets: the same again each time it comes again (RFC 3261 13.2.2.4). It
 * lasts as long as the INVITE's transaction, which no 2xx outlives.
 */
export class Acceptance {
  /** CSeq number of the INVITE. */
  readonly sequence: number;
  #ack: { wire: Buffer; flow: Flow } | undefined;

  constructor(sequence: number) {
    this.sequence = sequence;
  }

  /** Sends the ACK. */
  acknowledge(wire: Buffer, flow: Flow): void {
    this.#ack = { wire, flow };
    flow.send(wire);
  }

  /** The 2xx came again; one that nobody has acknowledged yet waits on. */
  repeat(): void {
    this.#ack?.flow.send(this.#ack.wire);
  }
}
