import type { Duplex } from 'node:stream';

/** Counts connections of every kind, and says whether there may be one more. */
export class ConnectionLimits {
  readonly #most: number;
  readonly #mostPerAddress: number;
  readonly #perAddress = new Map<string, number>();
  #count = 0;

  /** @param mostPerAddress of those that peers open */
  constructor(most: number, mostPerAddress: number) {
    this.#most = most;
    this.#mostPerAddress = mostPerAddress;
  }

  get count(): number {
    return this.#count;
  }

  /** Whether there may be no more, whoever opens them. */
  get full(): boolean {
    return this.#count >= this.#most;
  }

  /** Whether this address may open one more. */
  admits(address: string): boolean {
    return !this.full && (this.#perAddress.get(address) ?? 0) < this.#mostPerAddress;
  }

  /** Counts a socket, from before anything is known of its peer until its descriptor is free again. */
  hold(socket: Duplex, address: string): void {
    this.#add(address, 1);
    socket.once('close', () => {
      this.#add(address, -1);
    });
  }

  #add(address: string, by: 1 | -1): void {
    this.#count += by;
    const left = (this.#perAddress.get(address) ?? 0) + by;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
  }
}
