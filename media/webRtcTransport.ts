import type { types } from 'mediasoup';
import type { Placement } from './leg.ts';
import type { TransportEnd } from './sdp/webRtcOffer.ts';

/** Browsers notice after 5.5 s themselves; mediasoup's own 30 s would be long silence. */
const ICE_CONSENT_SECONDS = 10;
/** Enough for a first picture at once; what the peer reports corrects it. */
const FIRST_BITRATE = 1_000_000;

/** Makes a browser's transport, on the port that all of its worker's share. */
export function createTransport({ router, webRtcServer }: Placement): Promise<types.WebRtcTransport> {
  return router.createWebRtcTransport({
    webRtcServer,
    enableUdp: true,
    enableTcp: true,
    preferUdp: true,
    iceConsentTimeout: ICE_CONSENT_SECONDS,
    initialAvailableOutgoingBitrate: FIRST_BITRATE,
  });
}

/** What a transport is in SDP. */
export function endOf({ iceParameters, iceCandidates, dtlsParameters }: types.WebRtcTransport): TransportEnd {
  return { ice: iceParameters, candidates: iceCandidates, fingerprints: dtlsParameters.fingerprints };
}
