/** Packets of sound that is made here. The kernel has copied one long before its turn comes again. */
import { FRAME_OCTETS } from './codec.ts';
import { RTP_HEADER } from './rtp.ts';

const PACKETS = 1_024;
const LENGTH = RTP_HEADER + FRAME_OCTETS;

const memory = Buffer.alloc(PACKETS * LENGTH);
const packets = Array.from({ length: PACKETS }, (_, index) => memory.subarray(index * LENGTH, (index + 1) * LENGTH));
let turn = 0;

/** The next packet, for a header and a frame of 20 ms. */
export function nextPacket(): Buffer {
  turn = (turn + 1) % PACKETS;
  return packets[turn] as Buffer;
}
