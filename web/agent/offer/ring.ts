/** The ring of an offer: 440 + 554 Hz for 0.4 s every 2 s, 45 s at most. */

const TONES_HZ = [440, 554];
const LENGTH_S = 0.4;
const EVERY_MS = 2_000;
const AT_MOST_MS = 45_000;
const VOLUME = 0.12;

export interface Ring {
  /** Rings until `stop`, or for 45 s. Ringing already changes nothing. */
  start(): void;
  stop(): void;
  /** One ring, to hear how loud it is. */
  once(): void;
}

/** @param open makes the audio context, at the first ring; browsers keep it silent until the page was clicked or typed in */
export function createRing(open: () => AudioContext = () => new AudioContext()): Ring {
  let context: AudioContext | null = null;
  let every: ReturnType<typeof setInterval> | null = null;
  let end: ReturnType<typeof setTimeout> | null = null;
  let sounding: OscillatorNode[] = [];

  const once = () => {
    const audio = (context ??= open());
    void audio.resume();
    const now = audio.currentTime;
    const gain = audio.createGain();
    // Short ramps, or the loudspeaker clicks.
    gain.gain.setValueAtTime(0, now);
    gain.gain.linearRampToValueAtTime(VOLUME, now + 0.02);
    gain.gain.setValueAtTime(VOLUME, now + LENGTH_S - 0.04);
    gain.gain.linearRampToValueAtTime(0, now + LENGTH_S);
    gain.connect(audio.destination);
    sounding = TONES_HZ.map((hz) => {
      const tone = audio.createOscillator();
      tone.frequency.value = hz;
      tone.connect(gain);
      tone.start(now);
      tone.stop(now + LENGTH_S);
      return tone;
    });
  };

  const stop = () => {
    if (every !== null) clearInterval(every);
    if (end !== null) clearTimeout(end);
    every = null;
    end = null;
    for (const tone of sounding) tone.stop();
    sounding = [];
  };

  return {
    start() {
      if (every !== null) return;
      once();
      every = setInterval(once, EVERY_MS);
      end = setTimeout(stop, AT_MOST_MS);
    },
    stop,
    once,
  };
}
