/**
 * Rooms behind the call test page: one WebSocket a page carries its offers and answers (the words are in
 * test/web/call/fixtures/roomLink.ts). For trying out and for tests on loopback; it knows nobody.
 */
import { type WebSocket, WebSocketServer } from 'ws';
import { LegError, type Leg } from '../../media/leg.ts';
import type { Room, RoomOptions } from '../../media/room.ts';
import { createWebRtcLeg } from '../../media/webRtcLeg.ts';
import type { WorkerPool } from '../../media/workers/workerPool.ts';
import type { PageWord, ServerWord } from '../web/call/fixtures/roomLink.ts';
import { serveCallPage } from './callPage.ts';
import { roomOn } from './media/roomStage.ts';

export interface CallServer {
  /** `http://127.0.0.1:PORT/`, to which `?room=harbour&name=alice` is added. */
  url: string;
  /** The room of this name, made when it is asked for. */
  room(name: string): Promise<Room>;
  /** The leg of somebody in a room, when there is one. */
  leg(name: string): Leg | undefined;
  close(): Promise<void>;
}

/**
 * @param pool the caller's, who closes it afterwards
 * @param openSource where its rooms have sounds, if they are to have some
 */
export async function openCallServer(
  pool: WorkerPool,
  port = 0,
  openSource?: RoomOptions['openSource'],
): Promise<CallServer> {
  const page = await serveCallPage(port);
  const sockets = new WebSocketServer({ server: page.server, path: '/room', maxPayload: 256 * 1024 });
  const rooms = new Map<string, Promise<Room>>();
  const legs = new Map<string, Leg>();

  const room = (name: string): Promise<Room> => {
    const made = rooms.get(name) ?? roomOn(pool, openSource);
    rooms.set(name, made);
    return made;
  };

  sockets.on('connection', (socket) => {
    let seat: Seat | null = null;
    let last = Promise.resolve();
    socket.on('message', (data) => {
      const word = JSON.parse(String(data)) as PageWord;
      last = last.then(() => take(word)).catch((error: Error) => socket.close(1011, error.message.slice(0, 100)));
    });
    socket.on('close', () => seat?.leg.close());

    async function take(word: PageWord): Promise<void> {
      if (word.type === 'answer') return await seat?.answered(word.id, word.sdp);
      if (seat === null || seat.leg.closed) {
        // Two of one name are two people.
        const taken = legs.get(word.name);
        const id = taken === undefined || taken.closed ? word.name : `${word.name} ${legs.size + 1}`;
        seat = await sitDown(socket, await room(word.room), id);
        legs.set(id, seat.leg);
      } else if (word.reason === 'restart') await seat.leg.restart();
      else await seat.offer();
    }
  });

  return {
    url: page.url,
    room,
    leg: (name) => legs.get(name),
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      for (const leg of legs.values()) leg.close();
      for (const made of rooms.values()) (await made).close();
      await page.close();
    },
  };
}

interface Seat {
  leg: Leg;
  offer(): Promise<void>;
  answered(id: number, sdp: string | null): Promise<void>;
}

/** A page takes its place in a room; the first offer goes out. */
async function sitDown(socket: WebSocket, room: Room, id: string): Promise<Seat> {
  const leg = await createWebRtcLeg({ id, placement: room.placement });
  const say = (word: ServerWord) => socket.send(JSON.stringify(word));
  let latest = 0;
  let last = Promise.resolve();

  /** One after another; of several only the last one's answer counts. */
  function offer(): Promise<void> {
    last = last
      .then(async () => {
        // What was not answered is out of date.
        leg.withdraw();
        const sdp = await leg.offer();
        latest += 1;
        say({ type: 'offer', id: latest, sdp });
      })
      .catch(gone);
    return last;
  }

  leg.on('offerNeeded', () => void offer());
  leg.on('layout', (sections) => {
    say({ type: 'layout', sections: sections.map(({ mid, legId }) => ({ mid, participant: legId })) });
  });
  leg.on('failed', () => leg.close());
  // Before it is offered anything: then the first offer has everybody in it.
  await room.join(leg);
  await offer();
  return {
    leg,
    offer,
    async answered(id, sdp) {
      if (id !== latest) return;
      if (sdp === null) leg.withdraw();
      else await leg.answer(sdp).catch(gone);
    },
  };
}

/** A leg that closed, or lost its worker meanwhile, is offered anew or not at all. */
function gone(error: unknown): void {
  if (!(error instanceof LegError)) throw error;
}
