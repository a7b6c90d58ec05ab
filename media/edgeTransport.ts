import type { types } from 'mediasoup';
import type { EdgeLeg, EdgeSource } from './edge/edge.ts';
import type { Placement } from './leg.ts';

/** Makes a PlainTransport on a placement, and ties what is at the edge to it: a telephone's leg, or a source of sound. */
export async function createEdgeTransport(
  { router }: Placement,
  end: EdgeLeg | EdgeSource,
): Promise<types.PlainTransport> {
  const { innerAddress } = end.settings;
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: innerAddress },
    rtcpMux: true,
    comedia: false,
  });
  try {
    const port = await end.connect(transport.tuple.localPort);
    await transport.connect({ ip: innerAddress, port });
    return transport;
  } catch (error) {
    transport.close();
    throw error;
  }
}
