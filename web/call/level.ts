/**
 * How loud a track is, 0 to 1 (root mean square). Read when it is asked for: nothing runs meanwhile but
 * the browser's own sound thread, and nothing at all once it is stopped.
 */
import type { Surroundings } from './surroundings.ts';

export interface LevelMeter {
  /** The level of the last 20 ms or so; null where it cannot be told, or not yet. */
  read(): number | null;
  /** Twice is harmless. */
  stop(): void;
}

const SAMPLES = 1024;

/** One context serves all meters of a page: browsers allow few. */
interface Shared {
  context: AudioContext;
  users: number;
}
const contexts = new WeakMap<NonNullable<Surroundings['AudioContext']>, Shared>();

/**
 * Listens to a track of this device. It listens to a copy, which hears while the track itself is muted.
 * A browser without AudioContext, or one that waits for the first touch, gives null.
 */
export function createLevelMeter(track: MediaStreamTrack, surroundings: Surroundings): LevelMeter {
  const { AudioContext, MediaStream } = surroundings;
  if (AudioContext === null || MediaStream === null) return { read: () => null, stop: () => undefined };
  const shared = contexts.get(AudioContext) || { context: new AudioContext(), users: 0 };
  contexts.set(AudioContext, shared);
  shared.users += 1;
  const { context } = shared;

  const copy = track.clone();
  copy.enabled = true;
  const source = context.createMediaStreamSource(new MediaStream([copy]));
  const analyser = context.createAnalyser();
  analyser.fftSize = SAMPLES;
  source.connect(analyser);
  const samples = new Float32Array(SAMPLES);
  let stopped = false;

  return {
    read() {
      if (stopped) return null;
      if (context.state !== 'running') {
        // Browsers start sound at the first touch of a page; until then every reading tries.
        context.resume().catch(() => undefined);
        return null;
      }
      analyser.getFloatTimeDomainData(samples);
      let squares = 0;
      for (let at = 0; at < SAMPLES; at += 1) squares += (samples[at] as number) * (samples[at] as number);
      return Math.min(Math.sqrt(squares / SAMPLES), 1);
    },
    stop() {
      if (stopped) return;
      stopped = true;
      source.disconnect();
      copy.stop();
      shared.users -= 1;
      if (shared.users > 0) return;
      contexts.delete(AudioContext);
      context.close().catch(() => undefined);
    },
  };
}

/** A packet that is older tells nothing of now. Milliseconds. */
const STALE_MS = 1_000;

/** How loud a track is that comes in: as its sender measured it, or the browser when it decoded (no sound is touched). */
export function createReceivedLevel(receiver: RTCRtpReceiver, now: () => number = Date.now): () => number | null {
  let lastTimestamp = -1;
  let heardAt = 0;
  return () => {
    // Firefox has it since 59, Chromium since 59, Safari since 12.1.
    if (typeof receiver.getSynchronizationSources !== 'function') return null;
    const latest = receiver.getSynchronizationSources()[0];
    if (latest === undefined || latest.audioLevel === undefined) return null;
    if (latest.timestamp !== lastTimestamp) {
      lastTimestamp = latest.timestamp;
      heardAt = now();
    }
    return now() - heardAt > STALE_MS ? 0 : latest.audioLevel;
  };
}
