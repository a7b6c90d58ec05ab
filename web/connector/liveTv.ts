/**
 * What a TV tells the agent who helps it of the moment: once a second how the picture plays and
 * where the focus stands, and the focus also as it moves. While nobody helps, no timer runs.
 */
import type { LivePlayback, LiveScreen } from '../../src/protocol/live.ts';

const EVERY_MS = 1_000;
/** Two words on a moving focus are this far apart at least; milliseconds. */
const APART_MS = 250;

export interface LiveTv {
  /** Looks whether something is to be told. Call it after every change. */
  check(): void;
  stop(): void;
}

export interface LiveTvOptions {
  /** The interaction in which an agent helps while the service can be told, else null. */
  talk(): string | null;
  screen(): LiveScreen;
  /** Null while no picture is attached. */
  playback(): LivePlayback | null;
  send(interactionId: string, now: { playback?: LivePlayback; screen: LiveScreen }): void;
}

export function createLiveTv({ talk, screen, playback, send }: LiveTvOptions): LiveTv {
  let beat: ReturnType<typeof setInterval> | null = null;
  let soon: ReturnType<typeof setTimeout> | null = null;
  let told = '';
  let toldAt = 0;

  function stop(): void {
    if (beat !== null) clearInterval(beat);
    if (soon !== null) clearTimeout(soon);
    beat = soon = null;
    told = '';
  }

  function tell(withPlayback: boolean): void {
    const interactionId = talk();
    if (interactionId === null) {
      stop();
      return;
    }
    const now = screen();
    told = JSON.stringify(now);
    toldAt = Date.now();
    const health = withPlayback ? playback() : null;
    send(interactionId, health === null ? { screen: now } : { playback: health, screen: now });
  }

  return {
    check() {
      if (talk() === null) {
        stop();
        return;
      }
      if (beat === null) {
        beat = setInterval(() => {
          tell(true);
        }, EVERY_MS);
        tell(true);
      }
      if (soon !== null || JSON.stringify(screen()) === told) return;
      const wait = Math.max(0, Math.min(APART_MS, toldAt + APART_MS - Date.now()));
      soon = setTimeout(() => {
        soon = null;
        tell(false);
      }, wait);
    },
    stop,
  };
}
