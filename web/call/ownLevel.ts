/** The level of the microphone in use, and whether somebody speaks into it: a meter that follows the device. */
import { createLevelMeter, type LevelMeter } from './level.ts';
import { hear, SILENCE, type Speech } from './speech.ts';
import type { Surroundings } from './surroundings.ts';

const LISTEN_EVERY_MS = 100;

export interface OwnLevel {
  /** Measures this track from now on; null measures nothing. */
  follow(track: MediaStreamTrack | null): void;
  /** Opens the meter when it is not; null where nothing can be told. */
  read(): number | null;
  /** Tells when talk begins and ends, until it is stopped. */
  listen(told: (speaking: boolean) => void): () => void;
  /** Closes the meter until it is read again. */
  rest(): void;
}

export function createOwnLevel(surroundings: Surroundings): OwnLevel {
  let track: MediaStreamTrack | null = null;
  let meter: LevelMeter | null = null;

  function rest(): void {
    if (meter !== null) meter.stop();
    meter = null;
  }

  function read(): number | null {
    if (track === null) return null;
    if (meter === null) meter = createLevelMeter(track, surroundings);
    return meter.read();
  }

  return {
    follow(next) {
      if (next === track) return;
      rest();
      track = next;
    },
    read,
    listen(told) {
      let speech: Speech = SILENCE;
      const timer = setInterval(() => {
        const before = speech.speaking;
        speech = hear(speech, read(), Date.now());
        if (speech.speaking !== before) told(speech.speaking);
      }, LISTEN_EVERY_MS);
      return () => clearInterval(timer);
    },
    rest,
  };
}
