/**
 * What a device can take part in (B8): scored from what it has, so that nothing is offered that
 * cannot work. What is not known counts as not there. Pure.
 */
import type { EngineFacts } from './surroundings.ts';

export interface DeviceFacts {
  engine: EngineFacts;
  /** How many the browser lists; null where it cannot say. */
  cameras: number | null;
  microphones: number | null;
}

/** 0: not at all; 1: with limits; 2: fully. */
export type Score = 0 | 1 | 2;

export type Lacking = 'engine' | 'insecure' | 'pictureFormat' | 'microphone' | 'camera';

/** `lacking` names the first thing that is missing. */
export type Way = { possible: true } | { possible: false; lacking: Lacking };

/**
 * What is sent at most; bits a second. Sound has no limit: opus takes little, and a limit below the 64 kbit/s
 * of G.711 would make Chromium refuse the offer that brings a telephone in.
 */
export interface SendLimits {
  video: { width: number; height: number; frameRate: number; maxBitrate: number };
}

export interface Capabilities {
  score: { engine: Score; camera: Score; microphone: Score; memory: Score };
  ways: {
    /** Seen and heard. */
    videoCall: Way;
    /** Sees the others and is heard. */
    voiceCall: Way;
    /** Sees and hears the others; speaks from the phone that stands in for camera and microphone (B1). */
    watch: Way;
  };
  limits: SendLimits;
}

/** Below this a TV pages its own app out when it encodes a large picture. Gigabytes. */
const AMPLE_MEMORY_GB = 4;
const LEAST_MEMORY_GB = 1;

/** The picture that a device of this memory sends, and receives without stopping. */
const PICTURES: Record<Score, SendLimits['video']> = {
  0: { width: 320, height: 180, frameRate: 15, maxBitrate: 200_000 },
  1: { width: 640, height: 360, frameRate: 24, maxBitrate: 600_000 },
  2: { width: 1280, height: 720, frameRate: 30, maxBitrate: 1_700_000 },
};

/** Of the router's formats, those that a browser decodes; sound is G.711 and opus everywhere. */
const PICTURE_FORMATS = ['video/vp8', 'video/h264'];

/** What a device of these parts can take part in, and what it may send. */
export function capabilitiesOf(facts: DeviceFacts): Capabilities {
  const { engine } = facts;
  const memory = memoryScore(engine);
  const lacking: Lacking[] = [];
  if (!engine.peerConnection) lacking.push('engine');
  const decodes = engine.videoCodecs === null || engine.videoCodecs.some((type) => PICTURE_FORMATS.indexOf(type) >= 0);
  if (!decodes) lacking.push('pictureFormat');
  const watch = wayOf(lacking);

  const microphone = inputScore(engine, facts.microphones);
  const camera = inputScore(engine, facts.cameras);
  const withMicrophone = lacking.concat(inputLacking(engine, microphone, 'microphone'));
  return {
    score: { engine: !engine.peerConnection ? 0 : decodes ? 2 : 1, camera, microphone, memory },
    ways: {
      watch,
      voiceCall: wayOf(withMicrophone),
      videoCall: wayOf(withMicrophone.concat(inputLacking(engine, camera, 'camera'))),
    },
    limits: { video: PICTURES[memory] },
  };
}

function wayOf(lacking: Lacking[]): Way {
  const first = lacking[0];
  return first === undefined ? { possible: true } : { possible: false, lacking: first };
}

function inputScore(engine: EngineFacts, count: number | null): Score {
  if (!engine.userMedia || !engine.secure || count === null || count === 0) return 0;
  // One alone cannot be changed for another when it turns out to be the wrong one.
  return count === 1 ? 1 : 2;
}

function inputLacking(engine: EngineFacts, score: Score, input: 'microphone' | 'camera'): Lacking[] {
  if (score > 0) return [];
  return [engine.secure ? input : 'insecure'];
}

/** Memory that is not told is that of a TV, unless there are cores that no TV has. */
function memoryScore({ memoryGb, cores }: EngineFacts): Score {
  if (memoryGb === null) return cores !== null && cores >= 8 ? 2 : 1;
  return memoryGb >= AMPLE_MEMORY_GB ? 2 : memoryGb >= LEAST_MEMORY_GB ? 1 : 0;
}
