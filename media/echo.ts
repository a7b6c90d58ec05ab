/**
 * A room of one: what a browser sends comes back to it, through a worker and over the network as in any call. For
 * finding out whether calls work here.
 */
import { randomUUID } from 'node:crypto';
import type { types } from 'mediasoup';
import { LegError, type Leg, type Placement } from './leg.ts';
import { SdpRefusal } from './sdp/refusal.ts';
import type { MediaService } from './service.ts';
import type { TurnCredentials } from './turn.ts';

/** Who tries changes firewalls meanwhile, and looks whether something comes. */
const PATIENCE_MS = 120_000;

/** Which section of the offer shows what comes back. */
type EchoLayout = { mid: string; participant: string | null }[];

export interface EchoState {
  /** `reached`: packets came, and encryption is not agreed on yet. `lost`: media flowed, and stopped. */
  connection: 'nothing' | 'reached' | 'connected' | 'lost';
  /** Where the browser's packets come from. */
  from: { protocol: 'udp' | 'tcp'; address: string; port: number } | null;
}

/**
 * Opens one.
 * @param until milliseconds since the epoch, when the caller closes it at the latest
 * @returns why there is none, when there is none
 */
export async function openEcho(
  media: MediaService,
  until: number,
): Promise<{ echo: Echo; iceServers: TurnCredentials[] } | { missing: string }> {
  const { missing } = media;
  if (missing !== null) return { missing };
  const id = randomUUID();
  const placement = await media.place();
  let transport: types.Transport | null = null;
  placement.router.observer.once('newtransport', (made) => (transport = made));
  try {
    const leg = await media.openBrowserLeg({ id, placement, ahead: { audio: 1, video: 1 }, patienceMs: PATIENCE_MS });
    // A browser's leg has one transport, and makes it first of all.
    return {
      echo: new Echo(placement, leg, transport as unknown as types.WebRtcTransport),
      iceServers: media.turnFor(id, until),
    };
  } catch (error) {
    placement.router.close();
    throw error;
  }
}

class Echo {
  readonly #placement: Placement;
  readonly #leg: Leg;
  readonly #transport: types.WebRtcTransport;
  #layout: EchoLayout = [];
  #offered = false;

  constructor(placement: Placement, leg: Leg, transport: types.WebRtcTransport) {
    this.#placement = placement;
    this.#leg = leg;
    this.#transport = transport;
    leg.on('layout', (sections) => {
      this.#layout = sections.map(({ mid, legId }) => ({ mid, participant: legId }));
    });
    leg.on('failed', () => this.close());
    placement.router.once('workerclose', () => this.close());
  }

  get over(): boolean {
    return this.#leg.closed;
  }

  /** @param anew by new paths (ICE restart) */
  async offer(anew: boolean): Promise<string> {
    if (this.#offered) this.#leg.withdraw();
    if (anew) await this.#leg.restart();
    this.#offered = true;
    return await this.#leg.offer();
  }

  /** Takes the browser's answer, and gives it back what it sends. */
  async answer(sdp: string): Promise<{ layout: EchoLayout } | { refused: string }> {
    try {
      await this.#leg.answer(sdp);
      this.#offered = false;
      await this.#leg.receive(this.#leg.sources);
      return { layout: this.#layout };
    } catch (error) {
      if (error instanceof SdpRefusal) return { refused: error.message };
      if (error instanceof LegError) return { refused: 'There was no offer to be answered. Ask for another.' };
      throw error;
    }
  }

  state(): EchoState {
    const { iceState, dtlsState, iceSelectedTuple } = this.#transport;
    const from =
      iceSelectedTuple?.remoteIp === undefined || iceSelectedTuple.remotePort === undefined
        ? null
        : {
            protocol: iceSelectedTuple.protocol,
            address: iceSelectedTuple.remoteIp,
            port: iceSelectedTuple.remotePort,
          };
    if (iceState === 'disconnected') return { connection: 'lost', from };
    if (from === null) return { connection: 'nothing', from };
    return { connection: dtlsState === 'connected' ? 'connected' : 'reached', from };
  }

  /** Ends it; twice is harmless. */
  close(): void {
    this.#leg.close();
    this.#placement.router.close();
  }
}
