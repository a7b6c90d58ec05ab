import { promises as dns } from 'node:dns';
import { isIP } from 'node:net';
import type { SipUri } from '../messages/uri.ts';
import { defaultPort, type HostPort, type TransportProtocol } from './flow.ts';

/** Where a request may be sent, the best first. */
export interface Target extends HostPort {
  protocol: TransportProtocol;
  /** The URI asked for this transport, so that it is not ours to choose another (RFC 3261 18.1.1). */
  explicit: boolean;
  /** The domain that the URI named, for which a certificate must speak (RFC 5922 4); undefined for a numeric host. */
  domain?: string;
}

/** What is asked of the DNS. Each rejects where the name has no such record. */
export interface Dns {
  naptr(name: string): Promise<{ service: string; replacement: string; order: number; preference: number }[]>;
  srv(name: string): Promise<{ name: string; port: number; priority: number; weight: number }[]>;
  /** IP addresses of a host, as the machine's own resolver gives them. */
  lookup(name: string): Promise<string[]>;
}

export const systemDns: Dns = {
  naptr: (name) => dns.resolveNaptr(name),
  srv: (name) => dns.resolveSrv(name),
  lookup: async (name) => (await dns.lookup(name, { all: true })).map((each) => each.address),
};

/** NAPTR services of RFC 3263 4.1, with the SRV prefix that goes with each. */
const SERVICES: readonly { service: string; protocol: TransportProtocol; prefix: string }[] = [
  { service: 'SIPS+D2T', protocol: 'tls', prefix: '_sips._tcp.' },
  { service: 'SIP+D2T', protocol: 'tcp', prefix: '_sip._tcp.' },
  { service: 'SIP+D2U', protocol: 'udp', prefix: '_sip._udp.' },
];

/** A name that leads nowhere is not asked again and again, nor are too many addresses tried. */
const MAX_TARGETS = 8;

/**
 * Where to send a request to this URI (RFC 3263 4). A numeric host is answered at once, without a promise.
 * @returns an empty list where the name or the port leads nowhere or the transport is not one of ours.
 */
export function resolveTarget(uri: SipUri, resolver: Dns = systemDns): Target[] | Promise<Target[]> {
  const protocol = protocolOf(uri);
  if (protocol === undefined || uri.port === 0) return [];
  const explicit = typeof uri.params.get('transport') === 'string' || uri.scheme === 'sips';
  // RFC 3261 16.6: maddr tells where to send it, whatever the host says.
  const host = uri.params.get('maddr') ?? uri.host;
  const address = host.startsWith('[') ? host.slice(1, -1) : host;
  if (isIP(address)) return [{ protocol, address, port: uri.port ?? defaultPort(protocol), explicit }];
  if (host === 'localhost')
    return [{ protocol, address: '127.0.0.1', port: uri.port ?? defaultPort(protocol), explicit }];
  return resolveName(host, uri.port, protocol, explicit, resolver);
}

/** What carries requests for this URI, as far as it tells; undefined where it is none of ours. */
export function protocolOf({ scheme, params }: SipUri): TransportProtocol | undefined {
  const secure = scheme === 'sips';
  switch (params.get('transport')?.toLowerCase()) {
    case undefined:
      return secure ? 'tls' : 'udp';
    case 'udp':
      return secure ? undefined : 'udp';
    case 'tcp':
      return secure ? 'tls' : 'tcp';
    case 'tls':
      return 'tls';
    case 'ws':
      return secure ? 'wss' : 'ws';
    case 'wss':
      return 'wss';
    default:
      return undefined;
  }
}

async function resolveName(
  host: string,
  port: number | null,
  protocol: TransportProtocol,
  explicit: boolean,
  resolver: Dns,
): Promise<Target[]> {
  // RFC 3263 4.2: with a port there is nothing to look up but the address.
  if (port !== null) return addresses(host, host, port, protocol, explicit, resolver);
  const services = explicit
    ? SERVICES.filter((each) => each.protocol === protocol).map((each) => ({ ...each, name: each.prefix + host }))
    : await naptrServices(host, resolver);
  const found: Target[] = [];
  for (const service of services) {
    for (const record of await srvRecords(service.name, resolver)) {
      found.push(...(await addresses(host, record.name, record.port, service.protocol, true, resolver)));
      if (found.length >= MAX_TARGETS) return found.slice(0, MAX_TARGETS);
    }
  }
  if (found.length > 0) return found;
  return addresses(host, host, defaultPort(protocol), protocol, explicit, resolver);
}

/** RFC 3263 4.1: NAPTR tells transports in order; without it, each transport's SRV is asked for. */
async function naptrServices(host: string, resolver: Dns): Promise<{ protocol: TransportProtocol; name: string }[]> {
  const records = await resolver.naptr(host).catch(() => []);
  records.sort((one, other) => one.order - other.order || one.preference - other.preference);
  const found: { protocol: TransportProtocol; name: string }[] = [];
  for (const record of records) {
    const known = SERVICES.find((each) => each.service === record.service.toUpperCase());
    if (known) found.push({ protocol: known.protocol, name: record.replacement });
  }
  if (found.length > 0) return found;
  return [...SERVICES].reverse().map((each) => ({ protocol: each.protocol, name: each.prefix + host }));
}

/** RFC 2782: by priority; within one, by chance in proportion to the weights. */
async function srvRecords(name: string, resolver: Dns): Promise<HostRecord[]> {
  const records = await resolver.srv(name).catch(() => []);
  return records
    .filter(({ port }) => port > 0)
    .map((record) => ({ ...record, chance: Math.random() ** (1 / Math.max(record.weight, 0.01)) }))
    .sort((one, other) => one.priority - other.priority || other.chance - one.chance);
}

interface HostRecord {
  name: string;
  port: number;
}

async function addresses(
  domain: string,
  host: string,
  port: number,
  protocol: TransportProtocol,
  explicit: boolean,
  resolver: Dns,
): Promise<Target[]> {
  const found = await resolver.lookup(host).catch(() => []);
  return found.slice(0, MAX_TARGETS).map((address) => ({ protocol, address, port, explicit, domain }));
}
