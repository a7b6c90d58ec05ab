/** What a router makes its worker carry, counted as it comes and goes. */
import type { types } from 'mediasoup';

/** Packets a second, roughly, in units of one audio stream's. */
const WEIGHTS: Record<types.MediaKind, number> = { audio: 1, video: 4 };

/** A room that is new will have two legs that hear each other in a moment; placing counts them before they are there. */
const LEAST_WEIGHT = 4;

export interface RouterCounts {
  transports: number;
  producers: number;
  consumers: number;
  /** Audio streams, or as many as it amounts to; a router is never taken for lighter than a talk of two. */
  weight: number;
}

/** The load of one router: reserved before it is there, so that rooms opened at once are spread. */
export class RouterLoad {
  #transports = 0;
  #producers = 0;
  #consumers = 0;
  #streams = 0;

  get counts(): RouterCounts {
    return {
      transports: this.#transports,
      producers: this.#producers,
      consumers: this.#consumers,
      weight: Math.max(LEAST_WEIGHT, this.#streams),
    };
  }

  /** @param onClose called once, when the router is closed or its worker is gone */
  follow(router: types.Router, onClose: () => void): void {
    router.observer.once('close', onClose);
    router.observer.on('newtransport', (transport) => {
      this.#transports++;
      transport.observer.once('close', () => this.#transports--);
      transport.observer.on('newproducer', (producer) => {
        this.#producers++;
        this.#streams += WEIGHTS[producer.kind];
        producer.observer.once('close', () => {
          this.#producers--;
          this.#streams -= WEIGHTS[producer.kind];
        });
      });
      transport.observer.on('newconsumer', (consumer) => {
        this.#consumers++;
        this.#streams += WEIGHTS[consumer.kind];
        consumer.observer.once('close', () => {
          this.#consumers--;
          this.#streams -= WEIGHTS[consumer.kind];
        });
      });
    });
  }
}
