import type { types } from 'mediasoup';
import type { LegFailure } from './leg.ts';

/** What becomes of a browser's connection, told as it happens. */
export interface ConnectionTold {
  connected(): void;
  interrupted(): void;
  failed(why: LegFailure): void;
}

/** Follows a leg's transports, one after another, and waits no longer than people do for what is to come back. */
export class WebRtcConnection {
  readonly #patienceMs: number;
  readonly #told: ConnectionTold;
  #patience: NodeJS.Timeout | null = null;

  constructor(patienceMs: number, told: ConnectionTold) {
    this.#patienceMs = patienceMs;
    this.#told = told;
  }

  follow(transport: types.WebRtcTransport): void {
    transport.on('dtlsstatechange', (state) => {
      if (state === 'connected') this.#connected();
      if (state === 'failed') this.#told.failed('handshake');
    });
    // Its room moves it, or whoever lets it join another; if nobody does, nobody else would notice.
    transport.on('routerclose', () => this.wait('worker'));
    transport.on('icestatechange', (state) => {
      if (state === 'disconnected') {
        this.wait();
        this.#told.interrupted();
      } else if (transport.dtlsState === 'connected' && state !== 'closed') this.#connected();
    });
  }

  /** Something is to come back, or has failed. */
  wait(why: LegFailure = 'disconnected'): void {
    this.calm();
    this.#patience = setTimeout(() => this.#told.failed(why), this.#patienceMs).unref();
  }

  /** Nothing is waited for. */
  calm(): void {
    if (this.#patience !== null) clearTimeout(this.#patience);
    this.#patience = null;
  }

  #connected(): void {
    this.calm();
    this.#told.connected();
  }
}
