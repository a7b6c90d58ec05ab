/**
 * Rooms of two on bare mediasoup: transports, a producer and a consumer for each stream, and nothing that listens,
 * decides or counts. Only the descriptions are made with media/sdp, so that both sides agree on the same.
 */
import { once } from 'node:events';
import type { types } from 'mediasoup';
import type { EdgeLeg, MediaEdge } from '../../../media/edge/edge.ts';
import type { RoomStream } from '../../../media/edge/messages.ts';
import type { Placement } from '../../../media/leg.ts';
import { planOffer } from '../../../media/sectionPlan.ts';
import { parseDescription } from '../../../media/sdp/parse.ts';
import { printDescription } from '../../../media/sdp/print.ts';
import { readAnswer } from '../../../media/sdp/webRtcAgreement.ts';
import { makeOffer } from '../../../media/sdp/webRtcOffer.ts';
import type { RtpPeer } from '../../support/media/rtpPeer.ts';
import type { WeriftBrowser } from '../../support/media/weriftBrowser.ts';

const HOST = '127.0.0.1';
const PCMU = { mimeType: 'audio/PCMU', payloadType: 0, clockRate: 8_000 } as const;
const PRODUCED = 4711;

/** Two telephones hear each other through the edge and two PlainTransports. */
export async function joinRawTelephones(
  { router }: Placement,
  edge: MediaEdge,
  telephones: readonly [RtpPeer, RtpPeer],
): Promise<void> {
  const sides = await Promise.all(telephones.map((telephone) => openSide(router, edge, telephone)));
  for (const side of sides) {
    const other = sides.find((one) => one !== side);
    const sources = other === undefined ? [] : [await hear(side.transport, other.producer, router)];
    await side.leg.joinRoom({ produces: { ...stream(PRODUCED), telephoneEvent: null }, sources });
  }
}

async function openSide(router: types.Router, edge: MediaEdge, telephone: RtpPeer) {
  const leg: EdgeLeg = await edge.openLeg();
  const transport = await router.createPlainTransport({ listenInfo: { protocol: 'udp', ip: HOST } });
  await transport.connect({ ip: HOST, port: await leg.connect(transport.tuple.localPort) });
  const producer = await transport.produce({
    kind: 'audio',
    rtpParameters: { codecs: [PCMU], encodings: [{ ssrc: PRODUCED }] },
  });
  await leg.negotiate({
    remote: { address: HOST, port: telephone.port, rtcp: null },
    latching: null,
    codec: 'PCMU',
    payloadType: 0,
    ptime: 20,
    telephoneEvent: null,
    srtp: null,
    sends: true,
    receives: true,
  });
  telephone.sendsTo(leg.ports.port);
  return { leg, transport, producer };
}

async function hear(
  transport: types.PlainTransport,
  { id }: types.Producer,
  { rtpCapabilities }: types.Router,
): Promise<RoomStream> {
  const { rtpParameters } = await transport.consume({ producerId: id, rtpCapabilities });
  return stream(rtpParameters.encodings?.[0]?.ssrc ?? 0);
}

function stream(ssrc: number): RoomStream {
  return { ssrc, payloadType: PCMU.payloadType, codec: 'PCMU', telephoneEvent: null };
}

/** Two browsers hear and see each other through two WebRtcTransports. */
export async function joinRawBrowsers(
  { router, webRtcServer }: Placement,
  browsers: readonly [WeriftBrowser, WeriftBrowser],
): Promise<void> {
  const sides = await Promise.all(browsers.map((browser) => connect(router, webRtcServer, browser)));
  for (const { transport, sections } of sides) {
    const others = sides.find((one) => one.transport !== transport)?.producers ?? [];
    for (const producer of others) {
      // The first section of a kind is the peer's own voice or picture; what it gets stands in the next.
      const section = sections.filter(({ kind }) => kind === producer.kind)[1];
      if (section === undefined || section.sent === null) throw new Error('The browser takes nothing.');
      await transport.consume({ producerId: producer.id, rtpCapabilities: section.sent, mid: section.mid });
    }
  }
}

async function connect(router: types.Router, webRtcServer: types.WebRtcServer, browser: WeriftBrowser) {
  const transport = await router.createWebRtcTransport({ webRtcServer, enableUdp: true, preferUdp: true });
  const sends = { audio: true, video: true };
  let mids = 0;
  const planned = planOffer([], [], { audio: 2, video: 2 }, sends, () => String(mids++));
  const capabilities = router.rtpCapabilities;
  const terms = { sessionId: '1', capabilities, spoken: ['opus'] as const, simulcast: [], held: false };
  const end = {
    ice: transport.iceParameters,
    candidates: transport.iceCandidates,
    fingerprints: transport.dtlsParameters.fingerprints,
  };
  const answer = await browser.take(printDescription(makeOffer(terms, end, planned)));
  const { dtls, sections } = readAnswer(parseDescription(answer), terms, planned);
  await transport.connect({ dtlsParameters: dtls });
  while (transport.dtlsState !== 'connected') await once(transport as never, 'dtlsstatechange');
  const producers: types.Producer[] = [];
  for (const { kind, received } of sections) {
    if (received !== null) producers.push(await transport.produce({ kind, rtpParameters: received }));
  }
  return { transport, sections, producers };
}
