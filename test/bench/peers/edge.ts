/**
 * The telephones' edge alone, as the service has it: a leg for each pair of ports that it is told, the telephone's
 * and the room's. It says which ports of its own they are to send to.
 */
import { MediaEdge } from '../../../media/edge/edge.ts';
import { PRODUCED, HEARD, roomOfTwo, settings } from '../../support/media/edgeStage.ts';

const host = '127.0.0.1';
const pairs = JSON.parse(process.argv[2] ?? '[]') as { telephone: number; room: number }[];
const edge = new MediaEdge(settings({ ports: { from: 30_000, to: 39_999 }, mostLegs: pairs.length }));
const legs: { telephone: number; room: number }[] = [];
for (const { telephone, room } of pairs) {
  const leg = await edge.openLeg();
  const port = await leg.connect(room);
  await leg.joinRoom(roomOfTwo());
  await leg.negotiate({
    remote: { address: host, port: telephone, rtcp: null },
    latching: null,
    codec: 'PCMU',
    payloadType: 0,
    ptime: 20,
    telephoneEvent: { send: 101, receive: 101 },
    srtp: null,
    sends: true,
    receives: true,
  });
  legs.push({ telephone: leg.ports.port, room: port });
}
console.log(`legs ${JSON.stringify({ legs, ssrc: { telephone: PRODUCED, room: HEARD } })}.`);

process.once('SIGTERM', () => process.exit(0));
