import { BlockList, isIP, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { HostPort } from './flow.ts';

export interface LocalAddressOptions {
  /**
   * The address that peers outside of the local networks see, where there is address translation: an IP address for
   * peers of its kind, or a name for all.
   */
  externalAddress?: string | undefined;
  /** Networks (`10.0.0.0/8`) whose peers see our own address. Loopback always counts among them. */
  localNetworks?: readonly string[] | undefined;
}

/** Says which address a peer is to send to: ours, or what a firewall shows instead. */
export class LocalAddresses {
  readonly #external: string | undefined;
  readonly #local = new BlockList();
  readonly #interfaces = readInterfaces();

  /** @throws where a network is not `address/prefix` */
  constructor(options: LocalAddressOptions) {
    this.#external = options.externalAddress;
    this.#local.addSubnet('127.0.0.0', 8, 'ipv4');
    this.#local.addAddress('::1', 'ipv6');
    for (const network of options.localNetworks ?? []) {
      const { address, prefix } = readNetwork(network);
      this.#local.addSubnet(address, prefix, family(address));
    }
  }

  /** What stands in Via and Contact towards `remote` for something bound to `local`. IPv6 has its brackets. */
  advertise(local: HostPort, remote: string): string {
    const outside = this.#outside(remote);
    if (outside !== undefined && !this.#local.check(remote, family(remote))) return bracket(outside);
    if (local.address !== '0.0.0.0' && local.address !== '::') return bracket(local.address);
    return bracket(this.#towards(remote));
  }

  /** What stands for one of our addresses outside: the external one, except for loopback. */
  external(address: string): string {
    if (address.startsWith('127.') || address === '::1') return bracket(address);
    // Who listens there is reached by IPv4, too.
    const outside = address === '::' ? this.#external : this.#outside(address);
    return bracket(outside ?? address);
  }

  /** Whether a host, as it stands in a URI, is one of our own addresses. */
  isOurs(host: string): boolean {
    const address = host.startsWith('[') ? host.slice(1, -1) : host;
    if (host === 'localhost' || address === this.#external) return true;
    return this.#interfaces.some((each) => each.address === address);
  }

  /** The external address, where it is of the same kind as this one. */
  #outside(address: string): string | undefined {
    const external = this.#external;
    return external !== undefined && (isIP(external) === 0 || isIPv6(external) === isIPv6(address))
      ? external
      : undefined;
  }

  /** Bound to every address: the interface in the peer's network, else the first that leads outside. */
  #towards(remote: string): string {
    const sought = family(remote);
    let first: string | undefined;
    for (const { address, subnet } of this.#interfaces) {
      if (family(address) !== sought) continue;
      if (subnet.check(remote, sought)) return address;
      if (address !== '127.0.0.1' && address !== '::1') first ??= address;
    }
    return first ?? (sought === 'ipv6' ? '::1' : '127.0.0.1');
  }
}

/** An address as a URI's host. */
export function bracket(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** An IPv4 address that came through an IPv6 socket, as itself. */
export function plain(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}

function readNetwork(network: string): { address: string; prefix: number } {
  const [, address = '', prefix = ''] = /^([^/]+)\/(\d{1,3})$/.exec(network) ?? [];
  if (isIP(address) === 0 || Number(prefix) > (isIPv6(address) ? 128 : 32)) {
    throw new Error(`The local network "${network}" is no address with a prefix. Write it as 10.0.0.0/8 or fd00::/8.`);
  }
  return { address, prefix: Number(prefix) };
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

function readInterfaces(): { address: string; subnet: BlockList }[] {
  const found: { address: string; subnet: BlockList }[] = [];
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { address, cidr, scopeid } of addresses ?? []) {
      if (cidr === null || (scopeid ?? 0) !== 0) continue;
      const subnet = new BlockList();
      subnet.addSubnet(address, Number(cidr.split('/')[1]), family(address));
      found.push({ address, subnet });
    }
  }
  return found;
}
