import { isIP } from 'node:net';
import { parse, type MediaDescription, type SessionDescription } from 'sdp-transform';
import { emptySection, type SdpCodec, type SdpDescription, type SdpSection, type Setup } from './description.ts';
import { quote, SdpRefusal } from './refusal.ts';

/** Bounds of what is read. A page of thirty sections from Chromium stays below all of them. */
export const SDP_LIMITS = { bytes: 64 * 1024, lines: 4_000, lineLength: 2_048, sections: 64, perSection: 128 } as const;

/** The payload types that need no rtpmap (RFC 3551 6), as far as they are met. */
const STATIC_CODECS: ReadonlyMap<number, { name: string; clockRate: number }> = new Map([
  [0, { name: 'PCMU', clockRate: 8000 }],
  [3, { name: 'GSM', clockRate: 8000 }],
  [4, { name: 'G723', clockRate: 8000 }],
  [8, { name: 'PCMA', clockRate: 8000 }],
  [9, { name: 'G722', clockRate: 8000 }],
  [13, { name: 'CN', clockRate: 8000 }],
  [18, { name: 'G729', clockRate: 8000 }],
]);

const KINDS = /^[A-Za-z][A-Za-z0-9-]{0,31}$/;
const TOKEN = /^[\x21\x23-\x27\x2a\x2b\x2d\x2e0-9A-Z^_`a-z{|}~]{1,64}$/;
const ICE_CHARS = /^[A-Za-z0-9+/]+$/;
const FINGERPRINT = /^[0-9A-F]{2}(:[0-9A-F]{2}){15,63}$/i;

/**
 * Reads a session description (RFC 8866 with the attributes of RFC 8829, 9143, 8839, 8842 and 4568) that came
 * from a stranger. What is not understood is passed over, as the RFC wants; what is understood is checked.
 * @throws SdpRefusal `too-large` or `malformed`
 */
export function parseDescription(text: string): SdpDescription {
  checkBounds(text);
  const raw = parse(text);
  if (raw.version !== 0) throw new SdpRefusal('malformed', 'It does not begin with “v=0”: this is no SDP.');
  const { origin } = raw;
  if (origin === undefined) throw new SdpRefusal('malformed', 'Its line “o=” is missing or cannot be read.');
  if (raw.media.length === 0) throw new SdpRefusal('incomplete', 'It has no “m=” line: there is nothing to agree on.');

  const sections = raw.media.map((media, index) => readSection(raw, media, index));
  const mids = sections.flatMap(({ mid }) => mid ?? []);
  const twice = mids.find((mid, index) => mids.indexOf(mid) !== index);
  if (twice !== undefined)
    throw new SdpRefusal('malformed', `Two sections are called ${quote(twice)}; a mid is one’s own.`);
  const group = raw.groups?.find(({ type }) => type === 'BUNDLE');
  return {
    origin: {
      username: words(origin.username),
      sessionId: words(origin.sessionId),
      version: integer(origin.sessionVersion) ?? 0,
      address: words(origin.address),
    },
    iceLite: raw.icelite !== undefined,
    bundle: group === undefined ? [] : list(words(group.mids)),
    sections,
  };
}

function checkBounds(text: string): void {
  const { bytes, lines, lineLength, sections } = SDP_LIMITS;
  if (text.length > bytes || Buffer.byteLength(text) > bytes) {
    throw new SdpRefusal('too-large', `It is larger than ${bytes} bytes.`);
  }
  if (text.includes('\0')) throw new SdpRefusal('malformed', 'It has a null character, which RFC 8866 excludes.');
  const all = text.split(/\r\n|\r|\n/);
  if (all.length > lines) throw new SdpRefusal('too-large', `It has more than ${lines} lines.`);
  if (all.some((line) => line.length > lineLength)) {
    throw new SdpRefusal('too-large', `It has a line of more than ${lineLength} characters.`);
  }
  if (all.filter((line) => line.startsWith('m=')).length > sections) {
    throw new SdpRefusal('too-large', `It has more than ${sections} media sections.`);
  }
}

function readSection(session: SessionDescription, media: MediaDescription, index: number): SdpSection {
  const bad = (message: string) => new SdpRefusal('malformed', message, index);
  const kind = words(media.type);
  const protocol = words(media.protocol);
  const port = integer(media.port);
  if (!KINDS.test(kind) || protocol === '' || port === null || port > 65_535) {
    throw bad('Its line “m=” cannot be read; expected is “m=audio 5004 RTP/AVP 0”.');
  }
  const section = emptySection(kind.toLowerCase(), protocol);
  section.port = port;
  section.bundleOnly = media.bundleOnly !== undefined;
  section.direction = media.direction ?? session.direction ?? 'sendrecv';
  section.address = address(media.connection ?? session.connection, bad);
  section.mid = token(media.mid, 'mid', bad);
  if (/RTP\//i.test(protocol)) section.codecs = readCodecs(media, bad);
  else section.formats = words(media.payloads).trim();

  section.extensions = [...(session.ext ?? []), ...(media.ext ?? [])].flatMap(({ value, uri }) => {
    const id = integer(value);
    return id === null || id < 1 || id > 255 ? [] : [{ id, uri: words(uri) }];
  });
  section.extmapAllowMixed = (media.extmapAllowMixed ?? session.extmapAllowMixed) !== undefined;
  const msid = media.msid?.[0];
  section.msid = msid === undefined ? null : { stream: words(msid.id), track: words(msid.appdata) };
  readStreams(media, section, bad);
  readSimulcast(media, section);

  section.rtcpMux = media.rtcpMux !== undefined;
  section.rtcpReducedSize = media.rtcpRsize !== undefined;
  const rtcpPort = integer(media.rtcp?.port);
  if (media.rtcp !== undefined && rtcpPort !== null && rtcpPort <= 65_535) {
    const where = words(media.rtcp.address);
    section.rtcp = { port: rtcpPort, address: isIP(where) === 0 ? null : where };
  }
  section.ptime = duration(media.ptime);
  section.maxptime = duration(media.maxptime);
  section.crypto = (media.crypto ?? []).map(({ id, suite, config, sessionConfig }) => ({
    tag: integer(id) ?? 0,
    suite: words(suite),
    keyParams: words(config),
    sessionParams: words(sessionConfig),
  }));

  readIce(session, media, section, bad);
  section.fingerprints = [media.fingerprint ?? session.fingerprint].flatMap((fingerprint) => {
    if (fingerprint === undefined) return [];
    const value = words(fingerprint.hash).toUpperCase();
    if (!FINGERPRINT.test(value)) throw bad('Its fingerprint is no row of hexadecimal pairs.');
    return [{ algorithm: words(fingerprint.type).toLowerCase(), value }];
  });
  const setup = words(media.setup ?? session.setup);
  if (setup !== '') {
    if (!/^(actpass|active|passive|holdconn)$/.test(setup)) throw bad(`Its setup ${quote(setup)} is none of RFC 4145.`);
    section.setup = setup as Setup;
  }
  for (const { length } of [section.codecs, section.extensions, section.streams, section.rids, section.crypto]) {
    if (length > SDP_LIMITS.perSection) throw new SdpRefusal('too-large', 'It has too many lines of one kind.', index);
  }
  return section;
}

function readCodecs(media: MediaDescription, bad: (message: string) => SdpRefusal): SdpCodec[] {
  const numbers = list(words(media.payloads)).map((number) => {
    const payloadType = integer(number);
    if (payloadType === null || payloadType > 127) throw bad(`Its payload type ${quote(number)} is not 0 to 127.`);
    return payloadType;
  });
  // The first of each counts: who says a number twice says it once.
  const maps = byPayload(media.rtp);
  const fmtps = byPayload(media.fmtp);
  return [...new Set(numbers)].flatMap((payloadType) => {
    const map = maps.get(String(payloadType));
    const known = STATIC_CODECS.get(payloadType);
    if (map === undefined && known === undefined) return [];
    const name = map === undefined ? known!.name : words(map.codec);
    const clockRate = map === undefined ? known!.clockRate : (integer(map.rate) ?? 0);
    const channels = map?.encoding === undefined ? 1 : (integer(map.encoding) ?? 0);
    if (!TOKEN.test(name) || clockRate < 1 || clockRate > 1_000_000 || channels < 1 || channels > 255) {
      throw bad(`Its codec of payload type ${payloadType} cannot be read; expected is “a=rtpmap:0 PCMU/8000”.`);
    }
    const feedback = (media.rtcpFb ?? [])
      .filter(({ payload }) => words(payload) === '*' || words(payload) === String(payloadType))
      .map(({ type, subtype }) => ({ type: words(type), parameter: words(subtype) }))
      .slice(0, SDP_LIMITS.perSection);
    return [{ payloadType, name, clockRate, channels, fmtp: words(fmtps.get(String(payloadType))?.config), feedback }];
  });
}

function byPayload<T extends { payload: number }>(lines: readonly T[]): Map<string, T> {
  const found = new Map<string, T>();
  for (const line of lines) if (!found.has(words(line.payload))) found.set(words(line.payload), line);
  return found;
}

function readStreams(media: MediaDescription, section: SdpSection, bad: (message: string) => SdpRefusal): void {
  const announced = new Set<number>();
  for (const { id, attribute, value } of media.ssrcs ?? []) {
    const ssrc = integer(id);
    if (ssrc === null || ssrc === 0 || ssrc > 0xffff_ffff) throw bad('One of its SSRCs is not a number of 32 bits.');
    announced.add(ssrc);
    if (attribute === 'cname' && section.cname === null) section.cname = words(value).slice(0, 255) || null;
  }
  const rtx = new Map<number, number>();
  for (const { semantics, ssrcs } of media.ssrcGroups ?? []) {
    const [primary, retransmission] = list(words(ssrcs)).map((one) => integer(one));
    if (semantics !== 'FID' || !primary || !retransmission) continue;
    // Otherwise a packet would be both a picture and its own retransmission.
    if (primary === retransmission || !announced.has(primary) || !announced.has(retransmission)) {
      throw bad('Its ssrc-group names SSRCs that it does not announce.');
    }
    rtx.set(primary, retransmission);
  }
  const retransmissions = new Set(rtx.values());
  section.streams = [...announced]
    .filter((ssrc) => !retransmissions.has(ssrc))
    .map((ssrc) => ({ ssrc, rtx: rtx.get(ssrc) ?? null }));
}

function readSimulcast(media: MediaDescription, section: SdpSection): void {
  section.rids = (media.rids ?? []).map(({ id, direction }) => ({ id: words(id), direction: words(direction) }));
  if (media.simulcast === undefined) return;
  const { dir1, list1, dir2, list2 } = media.simulcast;
  const ids = (wanted: string) =>
    [dir1 === wanted ? words(list1) : '', dir2 === wanted ? words(list2) : '']
      .join(';')
      .split(/[;,]/)
      .map((id) => id.replace(/^~/, ''))
      .filter((id) => id !== '')
      .slice(0, SDP_LIMITS.perSection);
  section.simulcast = { send: ids('send'), receive: ids('recv') };
}

function readIce(
  session: SessionDescription,
  media: MediaDescription,
  section: SdpSection,
  bad: (message: string) => SdpRefusal,
): void {
  const ufrag = words(media.iceUfrag ?? session.iceUfrag);
  const pwd = words(media.icePwd ?? session.icePwd);
  if (ufrag !== '' || pwd !== '') {
    // RFC 8839 5.4: at least 24 and 128 bits of chance, at most 256 characters each.
    const fits = (value: string, least: number) =>
      value.length >= least && value.length <= 256 && ICE_CHARS.test(value);
    if (!fits(ufrag, 4) || !fits(pwd, 22)) throw bad('Its ice-ufrag or ice-pwd is not as RFC 8839 5.4 has it.');
    section.ice = { ufrag, pwd };
  }
  section.iceOptions = list(words(media.iceOptions ?? session.iceOptions));
  section.endOfCandidates = media.endOfCandidates !== undefined;
  section.candidates = (media.candidates ?? []).slice(0, SDP_LIMITS.perSection).flatMap((candidate) => {
    const component = integer(candidate.component);
    const priority = integer(candidate.priority);
    const port = integer(candidate.port);
    if (component === null || priority === null || port === null || port > 65_535) return [];
    return [
      {
        foundation: words(candidate.foundation),
        component,
        transport: words(candidate.transport).toLowerCase(),
        priority,
        address: words(candidate.ip),
        port,
        type: words(candidate.type),
        tcpType: candidate.tcptype === undefined ? null : words(candidate.tcptype),
      },
    ];
  });
}

/** An address of a `c=` line, without a time to live. Names are refused: nobody's DNS is asked about media. */
function address(line: { ip: string } | undefined, bad: (message: string) => SdpRefusal): string | null {
  if (line === undefined) return null;
  const value = words(line.ip).split('/')[0]!;
  if (isIP(value) === 0) throw bad(`Its address ${quote(value)} is no IP address.`);
  return value;
}

function token(value: unknown, name: string, bad: (message: string) => SdpRefusal): string | null {
  const read = words(value);
  if (value === undefined) return null;
  if (!TOKEN.test(read)) throw bad(`Its ${name} ${quote(read)} is no token.`);
  return read;
}

/** sdp-transform makes numbers of whatever looks like one; here a word is a word. */
function words(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}

function list(value: string): string[] {
  return value.split(/\s+/).filter((word) => word !== '');
}

/** A whole number from 0 on; null for anything else. */
function integer(value: unknown): number | null {
  const text = words(value);
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** Milliseconds of a packet; null when nothing sensible was said. */
function duration(value: unknown): number | null {
  const milliseconds = Number(words(value) || Number.NaN);
  return milliseconds >= 1 && milliseconds <= 1_000 ? milliseconds : null;
}
