/** Rooms of two as the service makes them: a room, its legs, and SDP both ways. */
import { once } from 'node:events';
import type { MediaEdge } from '../../../media/edge/edge.ts';
import type { Leg } from '../../../media/leg.ts';
import { createRoom, type Room } from '../../../media/room.ts';
import { createRtpLeg } from '../../../media/rtpLeg.ts';
import { ROUTER_CODECS } from '../../../media/sdp/codecs.ts';
import { createWebRtcLeg } from '../../../media/webRtcLeg.ts';
import type { WorkerPool } from '../../../media/workers/workerPool.ts';
import type { WeriftBrowser } from '../../support/media/weriftBrowser.ts';

/** @param ports where the two telephones listen */
export async function joinTelephones(
  pool: WorkerPool,
  edge: MediaEdge,
  ports: readonly [number, number],
): Promise<{ room: Room; targets: [number, number] }> {
  const room = await openRoom(pool);
  const join = async (port: number, id: string): Promise<number> => {
    const leg = await createRtpLeg({ id, placement: room.placement, edge });
    const [, target] = /^m=audio (\d+) /m.exec(await leg.accept(telephoneSdp(port))) ?? [];
    await room.join(leg);
    return Number(target);
  };
  return { room, targets: [await join(ports[0], 'alice'), await join(ports[1], 'bob')] };
}

export async function joinBrowsers(pool: WorkerPool, browsers: readonly [WeriftBrowser, WeriftBrowser]): Promise<Room> {
  const room = await openRoom(pool);
  for (const [at, browser] of browsers.entries()) {
    const leg = await createWebRtcLeg({ id: ['alice', 'bob'][at] as string, placement: room.placement });
    await room.join(leg);
    const connected = once(leg as never, 'connected');
    await negotiate(leg, browser);
    await connected;
  }
  return room;
}

async function negotiate(leg: Leg, browser: WeriftBrowser): Promise<void> {
  await leg.answer(await browser.take(await leg.offer()));
}

function openRoom(pool: WorkerPool): Promise<Room> {
  return createRoom({ place: () => pool.createRouter([...ROUTER_CODECS]) });
}

function telephoneSdp(port: number): string {
  const lines = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'];
  return [...lines, `m=audio ${port} RTP/AVP 0`, 'a=rtpmap:0 PCMU/8000', 'a=rtcp-mux', 'a=sendrecv', ''].join('\r\n');
}
