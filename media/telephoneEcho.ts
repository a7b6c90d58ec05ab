/** A room of one telephone: what it sends comes back to it, through its edge and a worker as in any call. */
import { randomUUID } from 'node:crypto';
import type { Placement } from './leg.ts';
import type { TelephoneLeg } from './rtpLeg.ts';
import { SdpRefusal } from './sdp/refusal.ts';
import type { MediaService } from './service.ts';
import { machineAddresses } from './workers/listen.ts';

/**
 * Opens one.
 * @param from the address that the call's signalling comes from: a telephone behind address translation sends from there
 * @param ended told when it cannot go on
 * @returns why there is none, when there is none
 */
export async function openTelephoneEcho(
  media: MediaService,
  from: string,
  ended: () => void,
): Promise<TelephoneEcho | { missing: string }> {
  const { missing } = media;
  if (missing !== null) return { missing };
  const placement = await media.place();
  try {
    const leg = await media.openTelephoneLeg({ id: randomUUID(), placement, latchTo: sendersFor(from) });
    return new TelephoneEcho(placement, leg, ended);
  } catch (error) {
    placement.router.close();
    throw error;
  }
}

/** Who is on this machine signals by loopback, and its sound comes from any of the machine's addresses. */
function sendersFor(from: string): string[] {
  return isLoopback(from) ? [from, ...machineAddresses()] : [from];
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

class TelephoneEcho {
  readonly #placement: Placement;
  readonly #leg: TelephoneLeg;

  constructor(placement: Placement, leg: TelephoneLeg, ended: () => void) {
    this.#placement = placement;
    this.#leg = leg;
    leg.once('failed', ended);
    placement.router.once('workerclose', ended);
  }

  /** Takes the telephone's offer, and gives it back what it sends. */
  async accept(offer: string): Promise<{ answer: string } | { refused: string }> {
    try {
      const answer = await this.#leg.accept(offer);
      await this.#leg.receive(this.#leg.sources);
      return { answer };
    } catch (error) {
      if (error instanceof SdpRefusal) return { refused: error.message };
      throw error;
    }
  }

  /** Ends it; twice is harmless. */
  close(): void {
    this.#leg.close();
    this.#placement.router.close();
  }
}
