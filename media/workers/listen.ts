/** Where a worker listens for browsers, and what it tells them to send to. */
import { networkInterfaces } from 'node:os';
import type { types } from 'mediasoup';

/**
 * All browsers of a worker share one socket: the kernel's usual 208 kB hold a hundred of their packets, and what comes
 * while the worker waits for its core would be lost. Linux gives as much of it as net.core.rmem_max and wmem_max allow.
 */
const UDP_BUFFERS = { recvBufferSize: 2 ** 21, sendBufferSize: 2 ** 21 };

/**
 * One UDP and one TCP port. With an announced address (behind NAT, or a name) the worker listens on
 * all of the machine's and tells that one alone; without, it listens on each of the machine's
 * addresses and tells them as they are.
 *
 * @param port null takes a free one for each
 * @param announcedAddress an IP address, or a name that browsers resolve
 * @param addresses the machine's own
 */
export function listenInfos(
  port: number | null,
  announcedAddress: string | null,
  addresses: readonly string[] = machineAddresses(),
): types.TransportListenInfo[] {
  const places = announcedAddress === null ? addresses.map((ip) => ({ ip })) : [{ ip: '0.0.0.0', announcedAddress }];
  return places.flatMap((place) =>
    (['udp', 'tcp'] as const).map((protocol) => ({
      protocol,
      ...place,
      ...(port === null ? {} : { port }),
      ...(protocol === 'udp' ? UDP_BUFFERS : {}),
    })),
  );
}

/** The addresses that others may reach this machine at; loopback where it has no other. */
export function machineAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  // A link-local IPv6 address means nothing without the interface's name, which a candidate cannot carry.
  const outward = all.filter(({ internal, address }) => !internal && !/^fe80:/i.test(address));
  return outward.length === 0 ? ['127.0.0.1'] : outward.map(({ address }) => address);
}
