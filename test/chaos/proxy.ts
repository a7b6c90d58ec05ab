/** A network between clients and the service that can be cut, stalled, slowed and left half open. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

interface Link {
  client: Socket;
  service: Socket;
  /** One side is gone and the other does not know. */
  halfOpen: boolean;
}

export class Proxy {
  readonly #links = new Set<Link>();
  readonly #server = createServer((client) => this.#link(client));
  readonly #target: () => number;
  #latency = 0;

  /** @param target the service's port, asked for each connection */
  constructor(target: () => number) {
    this.#target = target;
  }

  /** @returns the port that clients connect to */
  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts those links for which `hit` says so; no word to either side. @returns how many */
  cut(hit: () => boolean): number {
    const links = this.#hit(hit);
    for (const link of links) drop(link);
    return links.length;
  }

  /** Nothing passes for `ms`, then everything. */
  async stall(hit: () => boolean, ms: number): Promise<number> {
    const links = this.#hit(hit);
    for (const { client, service } of links) for (const socket of [client, service]) socket.pause();
    await delay(ms);
    for (const { client, service } of links) for (const socket of [client, service]) socket.resume();
    return links.length;
  }

  /** Everything takes `latency` longer, for `ms`. */
  async slow(latency: number, ms: number): Promise<void> {
    this.#latency = latency;
    await delay(ms);
    this.#latency = 0;
  }

  /** One side is gone at once, the other learns it after `ms`. */
  async halfOpen(hit: () => boolean, side: 'client' | 'service', ms: number): Promise<number> {
    const links = this.#hit(hit);
    for (const link of links) {
      link.halfOpen = true;
      link[side].destroy();
    }
    await delay(ms);
    for (const link of links) drop(link);
    return links.length;
  }

  close(): void {
    this.#server.close();
    for (const link of this.#links) drop(link);
  }

  #hit(hit: () => boolean): Link[] {
    return [...this.#links].filter(({ halfOpen }) => !halfOpen && hit());
  }

  #link(client: Socket): void {
    const service = connect(this.#target(), '127.0.0.1');
    const link: Link = { client, service, halfOpen: false };
    this.#links.add(link);
    const ends = [
      [client, service],
      [service, client],
    ] as const;
    for (const [from, to] of ends) {
      from.setNoDelay(true);
      from.on('error', () => {});
      // What was slowed is not overtaken by what comes after it.
      let last = Promise.resolve();
      let waiting = 0;
      from.on('data', (data) => {
        const pass = () => void (!to.destroyed && to.write(data));
        if (this.#latency === 0 && waiting === 0) return pass();
        waiting += 1;
        const due = delay(this.#latency);
        last = Promise.all([last, due]).then(() => {
          waiting -= 1;
          pass();
        });
      });
      from.on('close', () => {
        if (link.halfOpen && !to.destroyed) return;
        drop(link);
        this.#links.delete(link);
      });
    }
  }
}

function drop({ client, service }: Link): void {
  client.destroy();
  service.destroy();
}
