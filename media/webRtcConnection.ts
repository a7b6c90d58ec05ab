import type { types } from 'mediasoup';
import type { LegFailure } from './leg.ts';
import { Patience } from './patience.ts';

/** What becomes of a browser's connection, told as it happens. */
export interface ConnectionTold {
  connected(): void;
  interrupted(): void;
  failed(why: LegFailure): void;
}

/** Follows a leg's transports, one after another, and gives up what does not come back. */
export class WebRtcConnection {
  readonly #told: ConnectionTold;
  readonly #patience: Patience;

  constructor(patienceMs: number | undefined, told: ConnectionTold) {
    this.#told = told;
    this.#patience = new Patience(patienceMs, told.failed);
  }

  follow(transport: types.WebRtcTransport): void {
    transport.on('dtlsstatechange', (state) => {
      if (state === 'connected') this.#connected();
      if (state === 'failed') this.#told.failed('handshake');
    });
    // Its room moves it, or whoever lets it join another; if nobody does, nobody else would notice.
    transport.on('routerclose', () => this.#patience.wait('worker'));
    transport.on('icestatechange', (state) => {
      if (state === 'disconnected') {
        this.wait();
        this.#told.interrupted();
      } else if (transport.dtlsState === 'connected' && state !== 'closed') this.#connected();
    });
  }

  /** It is to come about, or come back. */
  wait(): void {
    this.#patience.wait('disconnected');
  }

  /** Nothing is waited for. */
  calm(): void {
    this.#patience.calm();
  }

  #connected(): void {
    this.calm();
    this.#told.connected();
  }
}
