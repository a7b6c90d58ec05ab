/** The check of kind `playback`: is there a picture again, and does it stay? */
import type { CheckResult } from './types.ts';

const LOOK_EVERY_MS = 250;
/** Without progress for this long the picture has stopped, and counting starts again. */
const STOPPED_AFTER_MS = 2_000;
/** A larger step between two looks is a seek, not playing. */
const LARGEST_STEP_S = 2;
/** The check is over after this, or after `seconds` and as much again as a start takes; milliseconds. */
const AT_LEAST_MS = 20_000;
const START_MS = 10_000;

export interface PlaybackCheck {
  result: Promise<CheckResult>;
  stop(): void;
}

/**
 * Tries the stream again and watches it.
 * @param seconds of picture without a stop that are wanted
 * @param retry reloads the host's player; without it the element itself is told to play
 */
export function checkPlayback(
  video: HTMLVideoElement,
  seconds: number,
  retry: (() => void) | undefined,
): PlaybackCheck {
  let timer: ReturnType<typeof setInterval> | null = null;
  const stop = (): void => {
    if (timer !== null) clearInterval(timer);
  };
  const result = new Promise<CheckResult>((resolve) => {
    playAgain(video, retry);
    const endsAt = Date.now() + Math.max(AT_LEAST_MS, seconds * 1000 + START_MS);
    let position = video.currentTime;
    let movedAt = Date.now();
    let advanced = 0;
    let best = 0;

    function end(verdict: CheckResult['result'], evidence: string): void {
      stop();
      resolve({ result: verdict, evidence });
    }

    timer = setInterval(() => {
      const now = Date.now();
      const step = video.currentTime - position;
      position = video.currentTime;
      if (step > 0 && step <= LARGEST_STEP_S) {
        movedAt = now;
        advanced += step;
        best = Math.max(best, advanced);
      } else if (now - movedAt >= STOPPED_AFTER_MS) advanced = 0;
      const shown = Math.floor(best);
      if (advanced >= seconds) end('verified', `${seconds} s of picture without a stop`);
      else if (video.error !== null) end('failed', `The stream gives an error (${video.error.code})`);
      else if (now >= endsAt && best === 0) end('failed', 'No picture after trying the stream again');
      else if (now >= endsAt) end('failed', `The picture stopped again after ${shown} s`);
    }, LOOK_EVERY_MS);
  });
  return { result, stop };
}

function playAgain(video: HTMLVideoElement, retry: (() => void) | undefined): void {
  if (retry !== undefined) {
    retry();
    return;
  }
  if (video.error !== null) video.load();
  // Old engines return nothing here; a refusal to play shows as a picture that does not move.
  const playing = video.play() as Promise<void> | undefined;
  if (playing) playing.catch(() => undefined);
}
