/**
 * A WebRTC peer that runs in Node and is of other makers (werift): its own ICE, DTLS and SRTP. It
 * speaks PCMU with a WebRtcTransport, by an SDP that is written here, so that nothing of media/sdp
 * is needed to try the worker.
 */
import type { types } from 'mediasoup';
import { MediaStreamTrack, RTCPeerConnection, RTCRtpCodecParameters, RtpHeader, RtpPacket } from 'werift';
import type { Placement } from '../leg.ts';

export const PCMU: types.RouterRtpCodecCapability = {
  kind: 'audio',
  mimeType: 'audio/PCMU',
  clockRate: 8000,
  preferredPayloadType: 0,
};

const SAMPLES = 160;

export interface WeriftPeer {
  transport: types.WebRtcTransport;
  /** What the peer says, as the worker hands it on. */
  producer: types.Producer;
  /** Sends 20 ms of this. */
  say(payload: Buffer): void;
  /** The payloads of the packets that came. */
  heard: AsyncIterator<Buffer>;
  close(): Promise<void>;
}

/**
 * Connects a peer to the worker that the router is on: ICE, DTLS, SRTP keys, then both directions.
 * @param hears whom it is sent; nobody when left out
 */
export async function connectWerift(
  { router, webRtcServer }: Placement,
  protocol: 'udp' | 'tcp',
  hears?: types.Producer,
): Promise<WeriftPeer> {
  const transport = await router.createWebRtcTransport({ webRtcServer, enableTcp: true });
  const consumer =
    hears === undefined
      ? null
      : await transport.consume({ producerId: hears.id, rtpCapabilities: router.rtpCapabilities });
  const peer = new RTCPeerConnection({
    codecs: { audio: [new RTCRtpCodecParameters({ mimeType: 'audio/PCMU', clockRate: 8000, payloadType: 0 })] },
    iceAdditionalHostAddresses: ['127.0.0.1'],
    iceUseTcp: protocol === 'tcp',
  });
  const packets = new TransformStream<Buffer, Buffer>(undefined, undefined, { highWaterMark: 1_000 });
  const inlet = packets.writable.getWriter();
  peer.onTrack.subscribe((track) =>
    track.onReceiveRtp.subscribe(({ payload }) => {
      void inlet.write(payload);
    }),
  );
  // Both ends: the peer's last flight is on its way while it takes itself for connected already.
  const connected = Promise.all([
    peer.connectionStateChange.watch((state) => state === 'connected'),
    new Promise<void>((done) => {
      transport.on('dtlsstatechange', (state) => {
        if (state === 'connected') done();
      });
    }),
  ]);

  await peer.setRemoteDescription({ type: 'offer', sdp: offer(transport, protocol, consumer) });
  const track = new MediaStreamTrack({ kind: 'audio' });
  const [sending] = peer.getTransceivers();
  if (sending === undefined) throw new Error('werift took no section of the offer.');
  await sending.sender.replaceTrack(track);
  sending.setDirection('sendonly');
  await peer.setLocalDescription(await peer.createAnswer());
  const answer = peer.localDescription?.sdp ?? '';
  const fingerprint = /a=fingerprint:sha-256 (\S+)/.exec(answer)?.[1] ?? '';
  await transport.connect({
    dtlsParameters: { role: 'client', fingerprints: [{ algorithm: 'sha-256', value: fingerprint }] },
  });
  await connected;
  const producer = await transport.produce({
    kind: 'audio',
    rtpParameters: {
      mid: '0',
      codecs: [{ mimeType: 'audio/PCMU', clockRate: 8000, payloadType: 0 }],
      encodings: [{ ssrc: sending.sender.ssrc }],
    },
  });
  let sent = 0;
  return {
    transport,
    producer,
    say(payload) {
      sent++;
      const header = new RtpHeader({ sequenceNumber: sent, timestamp: sent * SAMPLES, payloadType: 0 });
      track.writeRtp(new RtpPacket(header, payload));
    },
    heard: packets.readable.values(),
    async close() {
      await peer.close();
      transport.close();
    },
  };
}

/** One section that the peer speaks in, and one in which it hears the consumer. */
function offer(transport: types.WebRtcTransport, protocol: 'udp' | 'tcp', consumer: types.Consumer | null): string {
  const { iceParameters, iceCandidates, dtlsParameters } = transport;
  const fingerprint = dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256')?.value;
  const candidates = iceCandidates
    .filter((candidate) => candidate.protocol === protocol)
    .map(
      ({ foundation, priority, address, port, tcpType }) =>
        `a=candidate:${foundation} 1 ${protocol} ${priority} ${address} ${port} typ host` +
        (protocol === 'tcp' ? ` tcptype ${tcpType}` : ''),
    );
  const section = (mid: string, lines: string[]) => [
    'm=audio 9 UDP/TLS/RTP/SAVPF 0',
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    'a=rtcp-mux',
    'a=rtpmap:0 PCMU/8000',
    `a=ice-ufrag:${iceParameters.usernameFragment}`,
    `a=ice-pwd:${iceParameters.password}`,
    `a=fingerprint:sha-256 ${fingerprint}`,
    'a=setup:actpass',
    ...candidates,
    'a=end-of-candidates',
    ...lines,
  ];
  const ssrc = consumer?.rtpParameters.encodings?.[0]?.ssrc;
  const heard = consumer === null ? [] : section('1', ['a=sendonly', `a=ssrc:${ssrc} cname:couchline`]);
  return [
    'v=0',
    'o=- 1 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'a=ice-lite',
    `a=group:BUNDLE ${consumer === null ? '0' : '0 1'}`,
    ...section('0', ['a=recvonly']),
    ...heard,
    '',
  ].join('\r\n');
}
