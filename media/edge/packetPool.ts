/** Packets of sound that is made here. The kernel has copied one long before its turn comes again. */
import { FRAME_OCTETS } from './codec.ts';
import { RTP_HEADER } from './rtp.ts';

const PACKETS = 1_024;
/** For 60 ms. */
const LENGTH = RTP_HEADER + 3 * FRAME_OCTETS;

const memory = Buffer.alloc(PACKETS * LENGTH);
let turn = 0;

/** The next packet, for a header and so many octets of payload: at most 60 ms. */
export function nextPacket(octets: number): Buffer {
  turn = (turn + 1) % PACKETS;
  return memory.subarray(turn * LENGTH, turn * LENGTH + RTP_HEADER + octets);
}
