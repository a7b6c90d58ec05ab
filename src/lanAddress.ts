/** Where a phone of the same network reaches the service, while nobody has set PUBLIC_URL. */
import type { NetworkInterfaceInfo } from 'node:os';

type Interfaces = NodeJS.Dict<Pick<NetworkInterfaceInfo, 'address' | 'family' | 'internal'>[]>;

/** Bridges of containers and virtual machines: no phone is on them. */
const OF_THIS_MACHINE = /^(docker|br-|veth|virbr|vmnet|vboxnet)/;
/** RFC 3927: given to itself by a machine that found nobody to ask. */
const LINK_LOCAL = /^169\.254\./;

/**
 * @param host the address that the service listens on
 * @param interfaces `os.networkInterfaces()`
 * @returns an IPv4 address; `localhost` where nobody else gets through
 */
export function lanAddress(host: string, interfaces: Interfaces): string {
  if (host !== '0.0.0.0' && host !== '::') return /^127\.|^::1$|^localhost$/.test(host) ? 'localhost' : host;
  const addresses = Object.entries(interfaces)
    .filter(([name]) => !OF_THIS_MACHINE.test(name))
    .flatMap(([, given]) => given ?? [])
    .filter(({ family, internal, address }) => family === 'IPv4' && !internal && !LINK_LOCAL.test(address));
  return addresses[0]?.address ?? 'localhost';
}
