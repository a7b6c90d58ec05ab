/** Packets of sound that is made here. The kernel has copied one long before its turn comes again. */
import { LONGEST_FRAME } from '../sounds/encodedSound.ts';
import { RTP_HEADER } from './rtp.ts';

const PACKETS = 1_024;
/** Of 60 ms of a telephone's codec, and of a frame of opus: the same. */
const LENGTH = RTP_HEADER + LONGEST_FRAME;

const memory = Buffer.alloc(PACKETS * LENGTH);
let turn = 0;

/** The next packet, for a header and so many octets of payload: at most 480. */
export function nextPacket(octets: number): Buffer {
  turn = (turn + 1) % PACKETS;
  return memory.subarray(turn * LENGTH, turn * LENGTH + RTP_HEADER + octets);
}
