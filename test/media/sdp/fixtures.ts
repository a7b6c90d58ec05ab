/** A router, a transport and terms as the tests of SDP use them; no worker is behind them. */
import { ortc, type types } from 'mediasoup';
import type { AudioCodec } from '../../../media/leg.ts';
import { ROUTER_CODECS } from '../../../media/sdp/codecs.ts';
import type { TelephoneTerms } from '../../../media/sdp/telephone.ts';
import type { OfferTerms, OwnSection, TransportEnd } from '../../../media/sdp/webRtcOffer.ts';
import { SdpRefusal } from '../../../media/sdp/refusal.ts';

export const capabilities: types.RtpCapabilities = ortc.generateRouterRtpCapabilities(
  structuredClone([...ROUTER_CODECS]),
);

export const end: TransportEnd = {
  ice: { usernameFragment: 'k2x8q0', password: 'p4s5w0rdp4s5w0rdp4s5w0rd', iceLite: true },
  candidates: [
    {
      foundation: 'udpcandidate',
      priority: 1076302079,
      ip: '192.0.2.9',
      address: '192.0.2.9',
      protocol: 'udp',
      port: 44444,
      type: 'host',
    },
    {
      foundation: 'tcpcandidate',
      priority: 1076276479,
      ip: '192.0.2.9',
      address: '192.0.2.9',
      protocol: 'tcp',
      port: 44444,
      type: 'host',
      tcpType: 'passive',
    },
  ],
  fingerprints: [{ algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') }],
};

export function terms(...spoken: AudioCodec[]): OfferTerms {
  return { sessionId: '4711', capabilities, spoken: spoken.length > 0 ? spoken : ['opus'], simulcast: [], held: false };
}

export function section(mid: string, kind: 'audio' | 'video', more: Partial<OwnSection> = {}): OwnSection {
  return { mid, kind, sending: true, receiving: false, msid: null, removed: false, ...more };
}

/** Two for sound and two for pictures, as a leg offers them. */
export const FOUR = [
  section('0', 'audio', { receiving: true, msid: { stream: 'sam', track: 'audio-0' } }),
  section('1', 'audio'),
  section('2', 'video', { receiving: true, msid: { stream: 'sam', track: 'video-2' } }),
  section('3', 'video'),
];

export const telephone: TelephoneTerms = {
  sessionId: '4711',
  address: '192.0.2.9',
  port: 30_000,
  rtcpMux: false,
  codecs: ['PCMU', 'PCMA', 'G722'],
  receiving: true,
  sending: true,
  key: null,
  standing: null,
};

/** Whether mediasoup itself would take these from who sends; throws what it would throw. */
export function checkProducible(parameters: types.RtpParameters): void {
  const copy = structuredClone(parameters);
  ortc.validateAndNormalizeRtpParameters(copy);
  ortc.getProducerRtpParametersMapping(copy, capabilities);
}

/** The parameters with which mediasoup would send something that was produced so. */
export function consumed(producer: types.RtpParameters, by: types.RtpCapabilities): types.RtpParameters {
  const copy = structuredClone(producer);
  ortc.validateAndNormalizeRtpParameters(copy);
  const kind = copy.codecs[0]!.mimeType.startsWith('audio') ? 'audio' : 'video';
  const mapping = ortc.getProducerRtpParametersMapping(copy, capabilities);
  const consumable = ortc.getConsumableRtpParameters(kind, copy, capabilities, mapping);
  return ortc.getConsumerRtpParameters({
    consumableRtpParameters: consumable,
    remoteRtpCapabilities: structuredClone(by),
    pipe: false,
    enableRtx: kind === 'video',
  });
}

/** The refusal that comes of it. @throws Error when it is not refused */
export function refusal(run: () => unknown): SdpRefusal {
  try {
    run();
  } catch (error) {
    if (error instanceof SdpRefusal) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}
