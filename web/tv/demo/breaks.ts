/**
 * What the demo can break, and how. The first three break something real and leave it to the
 * connector to notice; the others are faults that only the host app can know of, so the host
 * raises them, as a TV maker's own code would.
 */
import type { TvConnector } from '../../connector/types.ts';
import type { Load } from '../player/load.ts';
import { NOWHERE } from './network.ts';
import type { Network } from './network.ts';

export type BreakName = 'unreachable' | 'corrupt' | 'offline' | 'key' | 'box' | 'account';

export interface Break {
  name: BreakName;
  label: string;
  /** What really happens. */
  how: string;
}

export const BREAKS: readonly Break[] = [
  {
    name: 'unreachable',
    label: 'Unreachable stream',
    how: 'The next segments come from an address that never answers.',
  },
  { name: 'corrupt', label: 'Corrupt segment', how: 'Bytes of the next segments are damaged on their way.' },
  { name: 'offline', label: 'No network', how: 'Every connection of this page is closed and stays closed.' },
  { name: 'key', label: 'Missing key', how: 'The player reports that it has no key for this title.' },
  { name: 'box', label: 'Set-top box fault', how: 'The box reports TR-069 fault 9002.' },
  { name: 'account', label: 'Expired account', how: 'The account service says that the plan has ended.' },
];

const RAISED: Partial<Record<BreakName, { code: string; title: string; detail: Record<string, string | number> }>> = {
  key: { code: 'drm:key-missing', title: 'This title does not open', detail: { system: 'org.w3.clearkey' } },
  box: { code: 'tr069:9002', title: 'The box has a fault', detail: { faultCode: 9002, faultString: 'Internal error' } },
  account: { code: 'account:expired', title: 'Your plan has ended', detail: { plan: 'Harbour Plus' } },
};

/** What a break does besides the network: it raises faults, and a title without its key is shut. */
export interface BreakHost extends Pick<TvConnector, 'raise' | 'clear'> {
  locked(): void;
}

/** "mdat" */
const MDAT = 0x6d646174;

export class Breaks {
  readonly #network: Network;
  readonly #load: Load;
  readonly #host: BreakHost;
  #broken: BreakName | null = null;

  constructor(network: Network, load: Load, host: BreakHost) {
    this.#network = network;
    this.#load = load;
    this.#host = host;
  }

  get broken(): BreakName | null {
    return this.#broken;
  }

  /** One thing is broken at a time. */
  break(name: BreakName): void {
    this.mend();
    this.#broken = name;
    if (name === 'offline') this.#network.setCut(true);
    const fault = RAISED[name];
    if (name === 'key') this.#host.locked();
    if (fault) this.#host.raise(fault);
  }

  /** A title without its key does not start again; asking for it is refused once more. */
  refuses(): boolean {
    if (this.#broken !== 'key') return false;
    if (RAISED.key) this.#host.raise(RAISED.key);
    return true;
  }

  mend(): void {
    const fault = this.#broken === null ? undefined : RAISED[this.#broken];
    this.#broken = null;
    this.#network.setCut(false);
    if (fault) this.#host.clear(fault.code);
  }

  /** How the player loads: as ever, or from nowhere, or damaged. */
  readonly load: Load = async (address) => {
    if (this.#broken === 'unreachable') return this.#load(`http://${NOWHERE}${address}`);
    const bytes = await this.#load(address);
    return this.#broken === 'corrupt' && /\.m4s$/.test(address) ? damaged(bytes) : bytes;
  };
}

/** The samples (what is in `mdat`) become nonsense; the boxes around them still parse, as after a bad download. */
function damaged(bytes: ArrayBuffer): ArrayBuffer {
  const copy = new Uint8Array(bytes.slice(0));
  const view = new DataView(copy.buffer);
  let start = 0;
  while (start + 8 <= copy.length && view.getUint32(start + 4) !== MDAT) start += view.getUint32(start);
  for (let at = start + 8; at < copy.length; at++) copy[at] = (copy[at] as number) ^ (at * 31 + 7);
  return copy.buffer;
}
