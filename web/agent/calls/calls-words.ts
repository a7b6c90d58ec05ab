/** What the calls page tells: how media stand, which way they take, and what to do when none gets through. */
import type { CallsState, CallTryState } from '../../../src/protocol/calls.ts';
import type { Path } from '../../call/quality.ts';
import type { CallConnection } from '../../call/types.ts';
import { count } from '../parts/time.ts';

/** Nothing for so long is told with what to do; media are there within a second. */
const STUCK_AFTER_MS = 8_000;

export interface Verdict {
  tone: 'info' | 'ok' | 'warn' | 'bad';
  what: string;
  /** What to do, one sentence each; the first helps most. */
  todo: string[];
}

/** "UDP and TCP port 9500", "UDP and TCP ports 9500 and 9501". */
export function portsInWords({ workers }: Pick<CallsState, 'workers'>): string {
  const ports = [...new Set(workers.flatMap((worker) => worker.ports))].sort((one, other) => one - other);
  if (ports.length === 0) return 'No port is open.';
  return `UDP and TCP ${ports.length === 1 ? 'port' : 'ports'} ${listed(ports.map(String))}`;
}

/** "a", "a and b", "a, b and c". */
export function listed(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}

/** "2 of 2 run". */
export function workersInWords({ workers, workersWanted }: Pick<CallsState, 'workers' | 'workersWanted'>): string {
  return `${workers.length} of ${workersWanted} run`;
}

/** "port 9500 · 3 % of a core · 14 MB · 2 rooms"; what was not measured yet is left out. */
export function workerInWords({ ports, cpu, memory, rooms }: CallsState['workers'][number]): string {
  return [
    `${ports.length === 1 ? 'port' : 'ports'} ${listed(ports.map(String))}`,
    ...(cpu === null ? [] : [`${percent(cpu)} of a core`]),
    ...(memory === null ? [] : [`${Math.round(memory / 1e6)} MB`]),
    count(rooms, 'room'),
  ].join(' · ');
}

/** 0.034 is "3 %"; what is more than none is never shown as none. */
export function percent(share: number): string {
  const whole = Math.round(share * 100);
  return share > 0 && whole === 0 ? 'under 1 %' : `${whole} %`;
}

/** "UDP, straight to 192.0.2.10, port 9500". */
export function pathInWords({ protocol, relay, address, port }: Path): string {
  const to = address === null ? 'the service' : `${address}, port ${port ?? 'unknown'}`;
  if (relay === null) return `${protocol.toUpperCase()}, straight to ${to}`;
  return `By the TURN server (reached by ${relay.toUpperCase()}), then ${protocol.toUpperCase()} to ${to}`;
}

/** "203.0.113.7, port 50000, by UDP". */
export function fromInWords({ address, port, protocol }: NonNullable<CallTryState['from']>): string {
  return `${address}, port ${port}, by ${protocol.toUpperCase()}`;
}

export interface Trying {
  calls: CallsState;
  connection: CallConnection['kind'];
  /** Since the try began, milliseconds. */
  ms: number;
  path: Path | null;
  service: CallTryState | null;
  /** Whether sound or a picture is sent at all, and whether it has come back. */
  sends: boolean;
  comesBack: boolean;
  /** The host of this page's address. */
  pageHost: string;
}

/** What the try has shown so far; null while there is nothing to say yet. */
export function verdictOf(trying: Trying): Verdict | null {
  const { connection, ms, path, sends, comesBack } = trying;
  if (connection === 'impossible') {
    const todo = ['Open this page in a browser of today: Chromium, Firefox or Safari.'];
    return { tone: 'bad', what: 'This browser cannot make video calls.', todo };
  }
  if (connection === 'connected') {
    if (path === null) return null;
    if (sends && !comesBack) {
      if (ms < STUCK_AFTER_MS) return null;
      return {
        tone: 'warn',
        what: 'The connection stands, and nothing comes back yet.',
        todo: ['Wait a few seconds, then try again.'],
      };
    }
    return connected(path, trying);
  }
  if (connection === 'reconnecting') {
    const todo = ['It is being made again. If this happens often, look at the Wi-Fi or the cable on the way.'];
    return { tone: 'warn', what: 'The connection was there and broke.', todo };
  }
  return ms < STUCK_AFTER_MS ? null : stuck(trying);
}

function connected({ protocol, relay }: Path, { calls, sends }: Trying): Verdict {
  const goes = sends ? 'Sound and picture go to the service and come back' : 'The way to the service is open';
  if (relay !== null) {
    const todo = [`Straight is faster: open ${portsInWords(calls)} to ${listed(calls.addresses)} where you can.`];
    return { tone: 'info', what: `${goes}, by the TURN server.`, todo };
  }
  if (protocol === 'tcp') {
    const todo = [`Pictures stop more often by TCP: open ${udpOnly(calls)} to ${listed(calls.addresses)}.`];
    return { tone: 'warn', what: `${goes}, by TCP alone.`, todo };
  }
  return { tone: 'ok', what: `${goes}, by UDP.`, todo: [] };
}

function udpOnly(calls: CallsState): string {
  return portsInWords(calls).replace('UDP and TCP', 'UDP');
}

function stuck({ calls, service, pageHost }: Trying): Verdict {
  if (calls.missing !== null) return { tone: 'bad', what: calls.missing, todo: [] };
  const relays = calls.turnUrls.length > 0;
  const turn = relays
    ? `The TURN server did not help either: look whether ${listed(calls.turnUrls)} is reached from here.`
    : 'Where no port can be opened, a TURN server helps: TURN_URL and TURN_SECRET.';
  if (service?.connection === 'reached') {
    const todo = [
      `Something on the way lets small packets through and no others. Open ${portsInWords(calls)} both ways.`,
      turn,
    ];
    return { tone: 'bad', what: 'This browser reached the service, and encryption was not agreed on.', todo };
  }
  const open = `Open ${portsInWords(calls)} to ${listed(calls.addresses)} in the firewall.`;
  const inside = calls.addresses.length > 0 && calls.addresses.every(isInside);
  const elsewhere = inside && !isInside(pageHost);
  const announce =
    `The service tells browsers to send to ${listed(calls.addresses)}, which only its own network knows. ` +
    'Set MEDIA_ANNOUNCED_ADDRESS to the address that browsers reach it by.';
  const todo = elsewhere ? [announce, open, turn] : [open, turn];
  return { tone: 'bad', what: 'Nothing of this browser’s sound and picture reached the service.', todo };
}

/** Addresses of a machine or a private network (RFC 1918, 4193, 6598), and names that stand for them. */
export function isInside(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  return (
    /^(10|127)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^169\.254\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(
      name,
    ) ||
    /^(::1|f[cd][0-9a-f]{2}:.*|fe80:.*)$/.test(name) ||
    name === 'localhost' ||
    /\.(local|lan|internal|localhost)$/.test(name) ||
    // A name without a dot is one of the own network.
    /^[a-z][a-z0-9-]*$/.test(name)
  );
}
