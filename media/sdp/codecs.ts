import type { types } from 'mediasoup';
import { AUDIO_CODECS, type AudioCodec, type MediaKind } from '../leg.ts';
import { fmtpOf, type SdpCodec } from './description.ts';

/**
 * mediasoup's consumers drop telephone-event (RFC 4733) silently, since it is no codec of media to them. So
 * routers know it under the name of a codec that nobody uses, with the same clock, and the SDP translates.
 */
const DIGITS = {
  router: 'audio/SILK',
  sdp: 'telephone-event',
  clockRate: 8_000,
  payloadType: 101,
  fmtp: '0-15',
} as const;

/**
 * What every router is made of, with the payload types everybody uses: consumers send with the router's numbers,
 * and nothing rewrites them. mediasoup adds RTX for pictures (100 and 102), so 100 to 102 stay free.
 * Forward error correction and silence suppression of opus are asked of who sends to us.
 */
export const ROUTER_CODECS: readonly types.RouterRtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    preferredPayloadType: 111,
    clockRate: 48_000,
    channels: 2,
    parameters: { minptime: 10, useinbandfec: 1, usedtx: 1 },
  },
  { kind: 'audio', mimeType: 'audio/G722', preferredPayloadType: 9, clockRate: 8_000 },
  { kind: 'audio', mimeType: 'audio/PCMU', preferredPayloadType: 0, clockRate: 8_000 },
  { kind: 'audio', mimeType: 'audio/PCMA', preferredPayloadType: 8, clockRate: 8_000 },
  { kind: 'audio', mimeType: DIGITS.router, preferredPayloadType: DIGITS.payloadType, clockRate: DIGITS.clockRate },
  { kind: 'video', mimeType: 'video/VP8', preferredPayloadType: 96, clockRate: 90_000 },
  {
    kind: 'video',
    mimeType: 'video/H264',
    preferredPayloadType: 97,
    clockRate: 90_000,
    parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
  },
];

/** The extensions that are offered (RFC 8285), by mediasoup's numbers. What is not here is noise to a room. */
const EXTENSIONS: Readonly<Record<MediaKind, readonly string[]>> = {
  audio: [
    'urn:ietf:params:rtp-hdrext:sdes:mid',
    'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
    'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  ],
  video: [
    'urn:ietf:params:rtp-hdrext:sdes:mid',
    'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
    'urn:3gpp:video-orientation',
    'urn:ietf:params:rtp-hdrext:toffset',
  ],
};

/** What a section needs besides when several sizes of one picture come in it (RFC 8853). */
export const RID_EXTENSIONS = [
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
] as const;

/** The parameters that mean something to mediasoup. Others of a stranger's are not handed on. */
const KNOWN_PARAMETERS = new Set([
  'minptime',
  'useinbandfec',
  'usedtx',
  'stereo',
  'sprop-stereo',
  'packetization-mode',
  'profile-level-id',
  'level-asymmetry-allowed',
]);

/** A profile-level-id of constrained baseline (RFC 6184 8.1, table 5), of any level that there is (H.264, table A-1). */
const CONSTRAINED_BASELINE = /^42[4-7c-f]0(0[abcd]|1[456ef]|20|2[89a]|3[234])$/i;

const FEEDBACK_UNUSED = new Set(['goog-remb']);

/** The codecs of a router's that a section is to speak, best first; sound is narrowed to what the room speaks. */
export function sectionCodecs(
  capabilities: types.RtpCapabilities,
  kind: MediaKind,
  spoken: readonly AudioCodec[],
): types.RtpCodecCapability[] {
  const codecs = (capabilities.codecs ?? []).filter((codec) => codec.kind === kind);
  if (kind === 'video') return codecs;
  const chosen = spoken.flatMap((name) => codecs.filter((codec) => nameOf(codec).toLowerCase() === name.toLowerCase()));
  // Digits have the clock of telephones' codecs; beside opus no browser sends them so.
  const digits = chosen.some(({ clockRate }) => clockRate === DIGITS.clockRate) ? codecs.filter(isDigits) : [];
  return [...chosen, ...digits];
}

/** The header extensions of a router's that a section is to carry. */
export function sectionExtensions(
  capabilities: types.RtpCapabilities,
  kind: MediaKind,
  simulcast: boolean,
): types.RtpHeaderExtension[] {
  const wanted: readonly string[] = simulcast ? [...EXTENSIONS[kind], ...RID_EXTENSIONS] : EXTENSIONS[kind];
  return (capabilities.headerExtensions ?? []).filter(({ kind: of, uri }) => of === kind && wanted.includes(uri));
}

/** A codec of a router's, as it stands in SDP. */
export function printCodec(codec: types.RtpCodecCapability): SdpCodec {
  const parameters = Object.entries(codec.parameters ?? {}).map(([name, value]) => `${name}=${String(value)}`);
  return {
    payloadType: codec.preferredPayloadType,
    name: nameOf(codec),
    clockRate: codec.clockRate,
    channels: codec.channels ?? 1,
    fmtp: isDigits(codec) ? DIGITS.fmtp : parameters.join(';'),
    feedback: isDigits(codec)
      ? []
      : usedFeedback(codec).map(({ type, parameter }) => ({ type, parameter: parameter ?? '' })),
  };
}

/**
 * Finds the router's codecs in what a peer wrote. A codec counts when its number is the router's too: what a room
 * sends bears the router's numbers, and a peer takes its own only.
 * @returns pairs, in the peer's order, without retransmissions whose codec is missing
 */
export function matchCodecs(
  theirs: readonly SdpCodec[],
  ours: readonly types.RtpCodecCapability[],
): { written: SdpCodec; codec: types.RtpCodecCapability }[] {
  const pairs = theirs.flatMap((written) => {
    const codec = ours.find((one) => isSame(one, written));
    return codec === undefined ? [] : [{ written, codec }];
  });
  const media = new Set(pairs.filter(({ codec }) => !isRtx(codec)).map(({ codec }) => codec.preferredPayloadType));
  return pairs.filter(({ codec }) => !isRtx(codec) || media.has(Number(codec.parameters?.apt)));
}

/** A codec that was agreed on, as mediasoup wants it of who sends; the peer's own parameters count. */
export function codecParameters(written: SdpCodec, codec: types.RtpCodecCapability): types.RtpCodecParameters {
  return {
    mimeType: codec.mimeType,
    payloadType: codec.preferredPayloadType,
    clockRate: codec.clockRate,
    ...(codec.channels !== undefined && { channels: codec.channels }),
    parameters: isRtx(codec) ? { apt: codec.parameters?.apt } : knownParameters(written),
    rtcpFeedback: agreedFeedback(written, codec),
  };
}

/** A codec that was agreed on, as mediasoup wants it of who receives. */
export function codecCapability(written: SdpCodec, codec: types.RtpCodecCapability): types.RtpCodecCapability {
  return { ...codec, rtcpFeedback: agreedFeedback(written, codec) };
}

/** Whether a codec carries sound or pictures by itself: neither retransmissions nor digits. */
export function isMedia(codec: { mimeType: string; clockRate: number }): boolean {
  return !isRtx(codec) && !isDigits(codec);
}

/** Which of a room's codecs it is; null for pictures, digits and strangers. */
export function audioCodecOf(codec: { mimeType: string; clockRate: number }): AudioCodec | null {
  return AUDIO_CODECS.find((name) => codec.mimeType.toLowerCase() === `audio/${name.toLowerCase()}`) ?? null;
}

function nameOf(codec: { mimeType: string; clockRate: number }): string {
  return isDigits(codec) ? DIGITS.sdp : codec.mimeType.slice(codec.mimeType.indexOf('/') + 1);
}

/** Whether a codec of a router's is what digits go under. */
export function isDigits({ mimeType, clockRate }: { mimeType: string; clockRate: number }): boolean {
  return mimeType.toLowerCase() === DIGITS.router.toLowerCase() && clockRate === DIGITS.clockRate;
}

function isRtx({ mimeType }: { mimeType: string }): boolean {
  return mimeType.toLowerCase().endsWith('/rtx');
}

function isSame(codec: types.RtpCodecCapability, written: SdpCodec): boolean {
  if (codec.preferredPayloadType !== written.payloadType || codec.clockRate !== written.clockRate) return false;
  if (nameOf(codec).toLowerCase() !== written.name.toLowerCase()) return false;
  if ((codec.channels ?? 1) !== written.channels) return false;
  const parameters = fmtpOf(written);
  if (isRtx(codec)) return parameters.get('apt') === String(codec.parameters?.apt);
  if (codec.mimeType.toLowerCase() === 'video/h264') {
    const profile = parameters.get('profile-level-id') ?? '';
    return parameters.get('packetization-mode') === '1' && CONSTRAINED_BASELINE.test(profile);
  }
  return true;
}

function knownParameters(written: SdpCodec): Record<string, string | number> {
  const known = [...fmtpOf(written)].filter(([name]) => KNOWN_PARAMETERS.has(name));
  return Object.fromEntries(
    known.map(([name, value]) => [
      name,
      /^\d{1,9}$/.test(value) && name !== 'profile-level-id' ? Number(value) : value,
    ]),
  );
}

function agreedFeedback(written: SdpCodec, codec: types.RtpCodecCapability): types.RtcpFeedback[] {
  return usedFeedback(codec).filter(({ type, parameter = '' }) =>
    written.feedback.some((one) => one.type === type && one.parameter === parameter),
  );
}

function usedFeedback(codec: types.RtpCodecCapability): types.RtcpFeedback[] {
  // A nack of sound would want packets that are too late when they come.
  const unused = (type: string, parameter = '') =>
    FEEDBACK_UNUSED.has(type) || (codec.kind === 'audio' && type === 'nack' && parameter === '');
  return (codec.rtcpFeedback ?? []).filter(({ type, parameter }) => !unused(type, parameter));
}
