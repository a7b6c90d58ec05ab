/** Reads RTCStatsReports of engines old and new into the few counters that quality is judged by. */
import type { Flow, Path, Reading } from './quality.ts';
import type { MediaKind } from './sections.ts';

/** One entry of a report; which fields it has depends on its type and on the engine. */
type Entry = Record<string, string | number | boolean | undefined> & { id: string; type: string };

/** @param at when it was read, milliseconds; of one clock for all readings */
export function readStats(report: RTCStatsReport, at: number): Reading {
  const entries: Entry[] = [];
  report.forEach((entry: Entry) => entries.push(entry));
  const of = (type: string) => entries.filter((entry) => entry.type === type);
  const byId = (id: unknown) => entries.filter((entry) => entry.id === id)[0];

  const received: Record<string, Flow> = {};
  of('inbound-rtp').forEach((entry) => {
    // Before Chromium 112 the frames stand with the track, and its id does too.
    const track = byId(entry['trackId']);
    const counter = (name: string) => numberOf(entry[name]) ?? numberOf(track && track[name]);
    const id = entry['trackIdentifier'] || (track && track['trackIdentifier']) || entry.id;
    const key = String(id);
    const flow: Flow = {
      kind: kindOf(entry),
      packets: counter('packetsReceived') || 0,
      // Negative where more came than was sent: duplicates (RFC 3550 section 6.4.1).
      lost: Math.max(counter('packetsLost') || 0, 0),
      bytes: counter('bytesReceived') || 0,
      jitter: counter('jitter'),
      framesDecoded: kindOf(entry) === 'video' ? counter('framesDecoded') : null,
      freezes: kindOf(entry) === 'video' ? counter('freezeCount') : null,
    };
    // After a swap behind the section there are two entries; the one that is alive has received last.
    const other = received[key];
    received[key] = other === undefined ? flow : added(other, flow);
  });

  const lossRatios = of('remote-inbound-rtp').map((entry) => numberOf(entry['fractionLost']));
  const outbound = of('outbound-rtp');
  const pair = pairInUse(entries, byId);
  return {
    at,
    received,
    sent: {
      packets: sum(outbound, 'packetsSent'),
      bytes: sum(outbound, 'bytesSent'),
      lossRatio: lossRatios.reduce<number | null>(
        (worst, ratio) => (ratio === null ? worst : Math.max(ratio, worst || 0)),
        null,
      ),
    },
    roundTrip: numberOf(pair && pair['currentRoundTripTime']),
    path: pathOf(byId(pair && pair['localCandidateId']), byId(pair && pair['remoteCandidateId'])),
  };
}

function added(one: Flow, other: Flow): Flow {
  const both = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : a + b);
  return {
    kind: one.kind,
    packets: one.packets + other.packets,
    lost: one.lost + other.lost,
    bytes: one.bytes + other.bytes,
    jitter: other.packets > one.packets ? other.jitter : one.jitter,
    framesDecoded: both(one.framesDecoded, other.framesDecoded),
    freezes: both(one.freezes, other.freezes),
  };
}

/** The pair of addresses in use; Firefox marks it `selected`, others name it in their transport. */
function pairInUse(entries: Entry[], byId: (id: unknown) => Entry | undefined): Entry | undefined {
  const named = entries.filter(({ type }) => type === 'transport').map((one) => byId(one['selectedCandidatePairId']));
  const marked = entries.filter((entry) => entry.type === 'candidate-pair' && entry['selected'] === true);
  return named.concat(marked).filter((pair) => pair !== undefined)[0];
}

function pathOf(own: Entry | undefined, theirs: Entry | undefined): Path | null {
  if (own === undefined || theirs === undefined) return null;
  const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
  return {
    protocol: own['protocol'] === 'tcp' ? 'tcp' : 'udp',
    relay: own['candidateType'] === 'relay' ? text(own['relayProtocol']) || 'udp' : null,
    // Chromium before 79 calls it `ip`.
    address: text(theirs['address']) || text(theirs['ip']),
    port: numberOf(theirs['port']),
  };
}

function kindOf(entry: Entry): MediaKind {
  return (entry['kind'] || entry['mediaType']) === 'video' ? 'video' : 'audio';
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && isFinite(value) ? value : null;
}

function sum(entries: Entry[], field: string): number {
  return entries.reduce((total, entry) => total + (numberOf(entry[field]) || 0), 0);
}
