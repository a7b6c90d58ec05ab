import { write, type MediaDescription } from 'sdp-transform';
import { addressFamily, type SdpDescription, type SdpSection } from './description.ts';

/** Writes a session description; `parseDescription` reads the same out of it. */
export function printDescription(description: SdpDescription): string {
  const { origin, iceLite, bundle, sections } = description;
  return write({
    version: 0,
    origin: {
      username: origin.username,
      sessionId: origin.sessionId,
      sessionVersion: origin.version,
      netType: 'IN',
      ipVer: addressFamily(origin.address),
      address: origin.address,
    },
    name: '-',
    timing: { start: 0, stop: 0 },
    ...(bundle.length > 0 && { groups: [{ type: 'BUNDLE', mids: bundle.join(' ') }] }),
    ...(iceLite && { icelite: 'ice-lite' as const }),
    media: sections.map(printSection),
  });
}

function printSection(section: SdpSection): MediaDescription {
  const { codecs, extensions, rids, simulcast, candidates, crypto, ice, rtcp } = section;
  const fmtp = codecs.filter((codec) => codec.fmtp !== '');
  const rtcpFb = codecs.flatMap(({ payloadType, feedback }) =>
    feedback.map(({ type, parameter }) => ({
      payload: payloadType,
      type,
      ...(parameter !== '' && { subtype: parameter }),
    })),
  );
  const fingerprint = section.fingerprints[0];
  return {
    type: section.kind,
    port: section.port,
    protocol: section.protocol,
    // RFC 8866 wants a format even where a section is rejected without any.
    payloads: section.formats || codecs.map(({ payloadType }) => payloadType).join(' ') || '0',
    ...(section.address !== null && {
      connection: { version: addressFamily(section.address), ip: section.address },
    }),
    ...(section.mid !== null && { mid: section.mid }),
    direction: section.direction,
    ...(section.bundleOnly && { bundleOnly: 'bundle-only' as const }),
    rtp: codecs.map(({ payloadType, name, clockRate, channels }) => ({
      payload: payloadType,
      codec: name,
      rate: clockRate,
      ...(channels !== 1 && { encoding: channels }),
    })),
    fmtp: fmtp.map(({ payloadType, fmtp: config }) => ({ payload: payloadType, config })),
    ...(rtcpFb.length > 0 && { rtcpFb }),
    ...(extensions.length > 0 && { ext: extensions.map(({ id, uri }) => ({ value: id, uri })) }),
    ...(section.extmapAllowMixed && { extmapAllowMixed: 'extmap-allow-mixed' as const }),
    ...(section.msid !== null && {
      msid: [{ id: section.msid.stream, appdata: section.msid.track }],
    }),
    ...printStreams(section),
    ...(rids.length > 0 && { rids }),
    ...(simulcast !== null && { simulcast: printSimulcast(simulcast) }),
    ...(section.rtcpMux && { rtcpMux: 'rtcp-mux' as const }),
    ...(section.rtcpReducedSize && { rtcpRsize: 'rtcp-rsize' as const }),
    ...(rtcp !== null && {
      rtcp: {
        port: rtcp.port,
        ...(rtcp.address !== null && { netType: 'IN', ipVer: addressFamily(rtcp.address), address: rtcp.address }),
      },
    }),
    ...(section.ptime !== null && { ptime: section.ptime }),
    ...(section.maxptime !== null && { maxptime: section.maxptime }),
    ...(crypto.length > 0 && {
      crypto: crypto.map(({ tag, suite, keyParams, sessionParams }) => ({
        id: tag,
        suite,
        config: keyParams,
        ...(sessionParams !== '' && { sessionConfig: sessionParams }),
      })),
    }),
    ...(ice !== null && { iceUfrag: ice.ufrag, icePwd: ice.pwd }),
    ...(section.iceOptions.length > 0 && { iceOptions: section.iceOptions.join(' ') }),
    ...(candidates.length > 0 && {
      candidates: candidates.map(({ address, tcpType, ...candidate }) => ({
        ...candidate,
        ip: address,
        ...(tcpType !== null && { tcptype: tcpType }),
      })),
    }),
    ...(section.endOfCandidates && { endOfCandidates: 'end-of-candidates' as const }),
    ...(fingerprint !== undefined && { fingerprint: { type: fingerprint.algorithm, hash: fingerprint.value } }),
    ...(section.setup !== null && { setup: section.setup }),
  };
}

function printStreams({ streams, cname }: SdpSection): Pick<MediaDescription, 'ssrcs' | 'ssrcGroups'> {
  if (streams.length === 0) return {};
  const all = streams.flatMap(({ ssrc, rtx }) => (rtx === null ? [ssrc] : [ssrc, rtx]));
  const groups = streams.flatMap(({ ssrc, rtx }) =>
    rtx === null ? [] : [{ semantics: 'FID', ssrcs: `${ssrc} ${rtx}` }],
  );
  return {
    ssrcs: all.map((id) => ({ id, attribute: 'cname', value: cname ?? '-' })),
    ...(groups.length > 0 && { ssrcGroups: groups }),
  };
}

function printSimulcast({ send, receive }: { send: string[]; receive: string[] }): MediaDescription['simulcast'] {
  const [first, second] = [
    { dir: 'send' as const, ids: send },
    { dir: 'recv' as const, ids: receive },
  ].filter(({ ids }) => ids.length > 0);
  if (first === undefined) return undefined;
  return {
    dir1: first.dir,
    list1: first.ids.join(';'),
    ...(second !== undefined && { dir2: second.dir, list2: second.ids.join(';') }),
  };
}
