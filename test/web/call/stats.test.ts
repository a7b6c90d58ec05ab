import { describe, expect, it } from 'vitest';
import { readStats } from '../../../web/call/stats.ts';

const report = (...entries: { id: string; type: string; [field: string]: unknown }[]) =>
  new Map(entries.map((entry) => [entry.id, entry])) as unknown as RTCStatsReport;

describe('statistics', () => {
  it('of an engine of today: frames and jitter stand with the stream', () => {
    const read = readStats(
      report(
        {
          id: 'i',
          type: 'inbound-rtp',
          kind: 'video',
          trackIdentifier: 'pic',
          packetsReceived: 9,
          packetsLost: 1,
          bytesReceived: 900,
          jitter: 0.01,
          framesDecoded: 8,
          freezeCount: 2,
        },
        { id: 'o', type: 'outbound-rtp', packetsSent: 5, bytesSent: 500 },
        { id: 'r', type: 'remote-inbound-rtp', fractionLost: 0.25 },
        { id: 't', type: 'transport', selectedCandidatePairId: 'p' },
        { id: 'p', type: 'candidate-pair', currentRoundTripTime: 0.03, localCandidateId: 'l', remoteCandidateId: 'm' },
        { id: 'l', type: 'local-candidate', candidateType: 'prflx', protocol: 'udp' },
        { id: 'm', type: 'remote-candidate', address: '192.0.2.10', port: 9500 },
      ),
      7,
    );
    expect(read).toEqual({
      at: 7,
      received: { pic: { kind: 'video', packets: 9, lost: 1, bytes: 900, jitter: 0.01, framesDecoded: 8, freezes: 2 } },
      sent: { packets: 5, bytes: 500, lossRatio: 0.25 },
      roundTrip: 0.03,
      path: { protocol: 'udp', relay: null, address: '192.0.2.10', port: 9500 },
    });
  });

  it('of Chromium 74: frames stand with the track', () => {
    const { received } = readStats(
      report(
        {
          id: 'i',
          type: 'inbound-rtp',
          mediaType: 'video',
          trackId: 'k',
          packetsReceived: 9,
          packetsLost: 0,
          bytesReceived: 900,
        },
        { id: 'k', type: 'track', trackIdentifier: 'pic', framesDecoded: 8, freezeCount: 1 },
      ),
      0,
    );
    expect(received).toEqual({
      pic: { kind: 'video', packets: 9, lost: 0, bytes: 900, jitter: null, framesDecoded: 8, freezes: 1 },
    });
  });

  it('the way: by TCP, and through a TURN server, whichever transport leads there', () => {
    const path = (own: object, theirs: object) =>
      readStats(
        report(
          { id: 't', type: 'transport', selectedCandidatePairId: 'p' },
          { id: 'p', type: 'candidate-pair', localCandidateId: 'l', remoteCandidateId: 'm' },
          { id: 'l', type: 'local-candidate', ...own },
          { id: 'm', type: 'remote-candidate', ...theirs },
        ),
        0,
      ).path;
    const tcp = { candidateType: 'host', protocol: 'tcp' };
    expect(path(tcp, { ip: '192.0.2.10', port: 9501 })).toEqual({
      protocol: 'tcp',
      relay: null,
      address: '192.0.2.10',
      port: 9501,
    });
    const relayed = { candidateType: 'relay', protocol: 'udp', relayProtocol: 'tls' };
    // A browser that is told a name shows the name's address to nobody.
    expect(path(relayed, { address: '', port: 9500 })).toEqual({
      protocol: 'udp',
      relay: 'tls',
      address: null,
      port: 9500,
    });
  });

  it('of Firefox: the pair of addresses in use is marked', () => {
    const { roundTrip } = readStats(
      report(
        { id: 'a', type: 'candidate-pair', selected: false, currentRoundTripTime: 9 },
        { id: 'b', type: 'candidate-pair', selected: true, currentRoundTripTime: 0.05 },
      ),
      0,
    );
    expect(roundTrip).toBe(0.05);
  });

  it('two sources behind one section, after a swap, are one flow; duplicates are no negative loss (RFC 3550 6.4.1)', () => {
    const { received } = readStats(
      report(
        {
          id: '1',
          type: 'inbound-rtp',
          kind: 'audio',
          trackIdentifier: 'voice',
          packetsReceived: 10,
          packetsLost: -3,
          bytesReceived: 100,
        },
        {
          id: '2',
          type: 'inbound-rtp',
          kind: 'audio',
          trackIdentifier: 'voice',
          packetsReceived: 5,
          packetsLost: 2,
          bytesReceived: 50,
        },
      ),
      0,
    );
    expect(received['voice']).toMatchObject({ packets: 15, lost: 2, bytes: 150 });
  });

  it('of nothing: nothing, and nothing is made up', () => {
    expect(readStats(report(), 3)).toEqual({
      at: 3,
      received: {},
      sent: { packets: 0, bytes: 0, lossRatio: null },
      roundTrip: null,
      path: null,
    });
  });
});
