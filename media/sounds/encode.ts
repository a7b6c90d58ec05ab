/** From samples to what is sent, in every codec that rooms speak. Minutes of sound take seconds: not for a thread that waits. */
import { Application, createEncoder } from 'libopus-wasm';
import { octetTable, SILENCE } from '../edge/g711.ts';
import { encodeG722, G722_SILENCE } from '../edge/g722.ts';
import { FRAME_OCTETS } from '../edge/codec.ts';
import { LONGEST_FRAME, type EncodedSound } from './encodedSound.ts';
import { resample, type Samples } from './wav.ts';

/** Voices and music of 16 kHz sound as they were; more buys nothing. */
const OPUS_BITRATE = 32_000;
const OPUS_RATE = 16_000;
const OPUS_FRAME = OPUS_RATE / 50;

/** Encodes a sound. The last frame is filled up with silence. */
export async function encodeSound(sound: Samples): Promise<EncodedSound> {
  const frames = Math.max(1, Math.ceil((sound.samples.length * 50) / sound.rate));
  const [narrow, wide] = [resample(sound, 8_000), resample(sound, 16_000)];
  return {
    frames,
    codecs: {
      PCMU: even(encodeG711(narrow, 'PCMU'), frames, SILENCE.PCMU),
      PCMA: even(encodeG711(narrow, 'PCMA'), frames, SILENCE.PCMA),
      G722: even(encodeG722(wide), frames, G722_SILENCE),
      opus: await encodeOpus(wide, frames),
    },
  };
}

function encodeG711(samples: Int16Array, law: 'PCMU' | 'PCMA'): Uint8Array {
  const table = octetTable(law);
  return Uint8Array.from(samples, (sample) => table[sample & 0xffff] as number);
}

/** Frames of one length. */
function even(encoded: Uint8Array, frames: number, silence: number): { octets: Uint8Array; ends: Uint32Array } {
  const octets = new Uint8Array(new SharedArrayBuffer(frames * FRAME_OCTETS)).fill(silence);
  octets.set(encoded);
  return { octets, ends: endsOf(Array.from({ length: frames }, () => FRAME_OCTETS)) };
}

async function encodeOpus(samples: Int16Array, frames: number): Promise<{ octets: Uint8Array; ends: Uint32Array }> {
  const encoder = await createEncoder({
    ...{ channels: 1, sampleRate: OPUS_RATE, frameSize: OPUS_FRAME },
    ...{ application: Application.Audio, bitrate: OPUS_BITRATE },
  });
  try {
    const packets: Uint8Array[] = [];
    for (let frame = 0; frame < frames; frame += 1) {
      const pcm = new Int16Array(OPUS_FRAME);
      pcm.set(samples.subarray(frame * OPUS_FRAME, (frame + 1) * OPUS_FRAME));
      packets.push(encoder.encode(pcm, { maxPacketBytes: LONGEST_FRAME }));
    }
    const ends = endsOf(packets.map(({ length }) => length));
    const octets = new Uint8Array(new SharedArrayBuffer(ends[frames - 1] as number));
    packets.forEach((packet, frame) => octets.set(packet, (ends[frame] as number) - packet.length));
    return { octets, ends };
  } finally {
    encoder.free();
  }
}

function endsOf(lengths: readonly number[]): Uint32Array {
  const ends = new Uint32Array(new SharedArrayBuffer(4 * lengths.length));
  let end = 0;
  lengths.forEach((length, frame) => (ends[frame] = end += length));
  return ends;
}
