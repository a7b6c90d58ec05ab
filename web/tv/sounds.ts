/** The few sounds of screens.md, made by WebAudio. Each has a visible twin; a TV without WebAudio is silent. */

export interface Sounds {
  ok(): void;
  error(): void;
  yourTurn(): void;
  /** Rings until told to stop, 45 s at most. */
  ring(): () => void;
}

const RING_EVERY_MS = 2000;
const RINGS_AT_MOST = 22;
const LOUDNESS = 0.08;

type AudioContextMaker = new () => AudioContext;

export function createSounds(): Sounds {
  const scope = window as { AudioContext?: AudioContextMaker; webkitAudioContext?: AudioContextMaker };
  const Maker = scope.AudioContext || scope.webkitAudioContext;
  let context: AudioContext | null = null;

  /** @param start @param length seconds */
  function tone(hertz: number, start: number, length: number, until = hertz): void {
    if (!Maker) return;
    if (context === null) context = new Maker();
    const from = context.currentTime + start;
    const source = context.createOscillator();
    const volume = context.createGain();
    source.frequency.setValueAtTime(hertz, from);
    source.frequency.linearRampToValueAtTime(until, from + length);
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(LOUDNESS, from + 0.01);
    volume.gain.setValueAtTime(LOUDNESS, from + length - 0.02);
    volume.gain.linearRampToValueAtTime(0, from + length);
    source.connect(volume);
    volume.connect(context.destination);
    source.start(from);
    source.stop(from + length);
  }

  return {
    ok: () => tone(880, 0, 0.06),
    error: () => tone(220, 0, 0.18, 196),
    yourTurn() {
      tone(523.25, 0, 0.12);
      tone(659.25, 0.12, 0.12);
      tone(783.99, 0.24, 0.12);
    },
    ring() {
      let rung = 0;
      const once = () => {
        tone(440, 0, 0.4);
        tone(554.37, 0, 0.4);
        if (++rung >= RINGS_AT_MOST) clearInterval(timer);
      };
      const timer = setInterval(once, RING_EVERY_MS);
      once();
      return () => clearInterval(timer);
    },
  };
}
