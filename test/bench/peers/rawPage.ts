/**
 * A page on bare mediasoup: one transport, one consumer a source, an offer written by hand for just these
 * with their sources named, an answer, connect. No room, no leg, and nothing is sent. One round trip.
 */
import type { IncomingMessage } from 'node:http';
import type { types } from 'mediasoup';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Placement } from '../../../media/leg.ts';

export interface RawServer {
  /**
   * `ws://127.0.0.1:PORT/`: an offer comes when a page opens it; the answer goes back as text. With `part` behind
   * it the page is asked for sound and picture too, which it may send later, as a participant is.
   */
  url: string;
  close(): Promise<void>;
}

/** @param place where the producers live, whoever made them */
export async function openRawServer({ router, webRtcServer }: Placement, producers: string[]): Promise<RawServer> {
  const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((listening) => sockets.once('listening', listening));

  async function serve(socket: WebSocket, { url }: IncomingMessage): Promise<void> {
    const transport = await router.createWebRtcTransport({ webRtcServer, enableUdp: true, preferUdp: true });
    socket.once('close', () => transport.close());
    const { rtpCapabilities } = router;
    const consumers = await Promise.all(
      producers.map((producerId, mid) => transport.consume({ producerId, rtpCapabilities, mid: String(mid) })),
    );
    socket.once('message', (answer) => {
      const fingerprint = /a=fingerprint:sha-256 (\S+)/.exec(String(answer))?.[1] ?? '';
      const dtlsParameters: types.DtlsParameters = {
        role: 'client',
        fingerprints: [{ algorithm: 'sha-256', value: fingerprint }],
      };
      transport.connect({ dtlsParameters }).catch((error: Error) => socket.close(1011, error.message));
    });
    socket.send(offerOf(transport, consumers, url === '/part' ? 'sendrecv' : 'sendonly'));
  }

  sockets.on('connection', (socket, request) => {
    serve(socket, request).catch((error: Error) => socket.close(1011, error.message));
  });
  return {
    url: `ws://127.0.0.1:${(sockets.address() as { port: number }).port}/`,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((closed) => sockets.close(closed));
    },
  };
}

type Direction = 'sendrecv' | 'sendonly';

function offerOf(transport: types.WebRtcTransport, consumers: types.Consumer[], direction: Direction): string {
  const mids = consumers.map(({ rtpParameters }) => rtpParameters.mid).join(' ');
  const head = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=ice-lite', `a=group:BUNDLE ${mids}`];
  return [...head, ...consumers.flatMap((consumer) => sectionOf(transport, consumer, direction)), ''].join('\r\n');
}

function sectionOf(
  { iceParameters, iceCandidates, dtlsParameters }: types.WebRtcTransport,
  consumer: types.Consumer,
  direction: Direction,
) {
  const { kind, rtpParameters } = consumer;
  const { codecs, headerExtensions = [], encodings = [], mid } = rtpParameters;
  const [encoding] = encodings;
  const fingerprint = dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
  const fmtp = (parameters: object) =>
    Object.entries(parameters)
      .map(([name, value]) => `${name}=${value}`)
      .join(';');
  const ssrcs = [encoding?.ssrc, encoding?.rtx?.ssrc].filter((ssrc) => ssrc !== undefined);
  return [
    `m=${kind} 7 UDP/TLS/RTP/SAVPF ${codecs.map(({ payloadType }) => payloadType).join(' ')}`,
    'c=IN IP4 127.0.0.1',
    `a=mid:${mid}`,
    `a=${direction}`,
    'a=rtcp-mux',
    'a=rtcp-rsize',
    'a=setup:actpass',
    `a=fingerprint:sha-256 ${fingerprint?.value}`,
    `a=ice-ufrag:${iceParameters.usernameFragment}`,
    `a=ice-pwd:${iceParameters.password}`,
    ...iceCandidates
      .filter(({ protocol }) => protocol === 'udp')
      .map(({ foundation, priority, address, port }) => {
        return `a=candidate:${foundation} 1 udp ${priority} ${address} ${port} typ host`;
      }),
    'a=end-of-candidates',
    ...headerExtensions.map(({ id, uri }) => `a=extmap:${id} ${uri}`),
    ...codecs.flatMap(({ payloadType, mimeType, clockRate, channels, parameters, rtcpFeedback = [] }) => [
      `a=rtpmap:${payloadType} ${mimeType.split('/')[1]}/${clockRate}${channels === 2 ? '/2' : ''}`,
      ...(Object.keys(parameters ?? {}).length > 0 ? [`a=fmtp:${payloadType} ${fmtp(parameters ?? {})}`] : []),
      ...rtcpFeedback.map(({ type, parameter }) => `a=rtcp-fb:${payloadType} ${type} ${parameter ?? ''}`.trim()),
    ]),
    `a=msid:raw raw-${kind}`,
    ...(ssrcs.length === 2 ? [`a=ssrc-group:FID ${ssrcs.join(' ')}`] : []),
    ...ssrcs.map((ssrc) => `a=ssrc:${ssrc} cname:${rtpParameters.rtcp?.cname ?? 'raw'}`),
  ];
}
