/** An edge and those around it, for one test. */
import { MediaEdge, type EdgeLeg } from '../../../media/edge/edge.ts';
import type { EdgeSettings, Negotiated, RoomSide } from '../../../media/edge/messages.ts';
import type { SoundFrom } from '../../../media/sounds/readSound.ts';
import { RtpPeer } from './rtpPeer.ts';
import { soundOf } from './sounds.ts';

/** A leg between a telephone and what stands for its PlainTransport. */
export interface StagedLeg {
  leg: EdgeLeg;
  telephone: RtpPeer;
  room: RtpPeer;
  /** What was agreed on; to be changed and negotiated again. */
  agreed: Negotiated;
}

/** SSRC of what telephones produce for the room, and of the first of what they hear of it. */
export const PRODUCED = 0xaaaa;
export const HEARD = 0xbbbb;

export function settings(changes: Partial<EdgeSettings> = {}): EdgeSettings {
  return {
    address: '127.0.0.1',
    // Other test files take others.
    ports: { from: 20_000 + (process.pid % 400) * 40, to: 20_000 + (process.pid % 400) * 40 + 39 },
    innerAddress: '127.0.0.1',
    mostLegs: 16,
    packetsPerSecond: 250,
    reportEvery: 60_000,
    ...changes,
  };
}

/** The room's side of a leg with one other party. */
export function roomOfTwo(): RoomSide {
  return {
    produces: { ssrc: PRODUCED, payloadType: 0, codec: 'PCMU', telephoneEvent: null },
    sources: [{ ssrc: HEARD, payloadType: 0, codec: 'PCMU', telephoneEvent: 101 }],
  };
}

export class EdgeStage {
  readonly edge: MediaEdge;
  readonly #peers: RtpPeer[] = [];

  constructor(changes: Partial<EdgeSettings> = {}) {
    this.edge = new MediaEdge(settings(changes));
  }

  /** Has the edge keep a sound, as it is kept in the service. */
  async load(name: string, from: SoundFrom): Promise<void> {
    await this.edge.load(name, await soundOf(from));
  }

  async peer(host?: string): Promise<RtpPeer> {
    const peer = await RtpPeer.open(host);
    this.#peers.push(peer);
    return peer;
  }

  /** A leg over which everything passes, unless told otherwise. */
  async leg(changes: Partial<Negotiated> = {}, side: RoomSide = roomOfTwo()): Promise<StagedLeg> {
    const leg = await this.edge.openLeg();
    const telephone = (await this.peer()).sendsTo(leg.ports.port);
    const room = await this.peer();
    room.sendsTo(await leg.connect(room.port));
    await leg.joinRoom(side);
    const agreed: Negotiated = {
      remote: { address: '127.0.0.1', port: telephone.port, rtcp: null },
      latching: null,
      codec: 'PCMU',
      payloadType: 0,
      ptime: 20,
      telephoneEvent: { send: 101, receive: 101 },
      srtp: null,
      sends: true,
      receives: true,
      ...changes,
    };
    await leg.negotiate(agreed);
    return { leg, telephone, room, agreed };
  }

  async close(): Promise<void> {
    await this.edge.close();
    await Promise.all(this.#peers.map((peer) => peer.close()));
  }
}
