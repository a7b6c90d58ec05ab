/** A sound as every codec has it, in frames of 20 ms. Its memory is shared by the threads that play it. */
import type { AudioCodec } from '../leg.ts';

/** Of opus; what is longer does not fit into a packet of the edge's. 32 kbit/s are 80. */
export const LONGEST_FRAME = 480;

export interface EncodedSound {
  /** How long it is: frames of 20 ms, at least one. */
  frames: number;
  codecs: Readonly<Record<AudioCodec, Frames>>;
}

/** The frames of one codec, one after the other. */
interface Frames {
  octets: Uint8Array;
  /** Where each frame ends. */
  ends: Uint32Array;
}

/** The octets of one frame, where they lie. */
export function frameOf(sound: EncodedSound, codec: AudioCodec, frame: number): Uint8Array {
  const { octets, ends } = sound.codecs[codec];
  return octets.subarray(frame === 0 ? 0 : ends[frame - 1], ends[frame]);
}
