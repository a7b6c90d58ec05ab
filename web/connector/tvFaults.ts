/**
 * What really happens to a video element and to the network, as fault conditions.
 *
 * | seen                                                               | code               |
 * |--------------------------------------------------------------------|--------------------|
 * | MediaError 2; 3; 4, or no source that can be played                | `playback:network`, `playback:decode`, `playback:source` |
 * | playing, then no progress for 3 s; or the third stop within 60 s   | `playback:stalled` |
 * | told to play or seek, and no picture for 10 s                    | `playback:stalled` |
 * | waiting for a key for 5 s                                          | `drm:key-missing`  |
 * | the browser says that there is no network                          | `network:offline`  |
 *
 * Playback that advances for 5 s clears the first five, a network that is back the last.
 */
import type { Faults } from './faults.ts';
import { listen } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import type { FaultCondition, Unsubscribe } from './types.ts';

const STALL_AFTER_MS = 3_000;
/** A TV takes seconds to tune and buffer; that alone is nothing to ask a viewer about. */
const NO_START_AFTER_MS = 10_000;
const KEY_WITHIN_MS = 5_000;
const STALLS_WITHIN_MS = 60_000;
const STALLS = 3;
/** Seconds of advancing picture after which a fault is over. */
const CLEAR_AFTER_S = 5;
/** A larger step of the position between two looks is a seek. */
const LARGEST_STEP_S = 2;

const KEEPS_STOPPING = 'The picture keeps stopping';
const DOES_NOT_START = 'The picture does not start';

/** MediaError's codes; 1 is a load that was given up on purpose. */
const MEDIA_ERRORS: Record<number, string> = { 2: 'playback:network', 3: 'playback:decode', 4: 'playback:source' };
const OF_PLAYBACK = ['playback:network', 'playback:decode', 'playback:source', 'playback:stalled', 'drm:key-missing'];

/** HTMLMediaElement's NETWORK_NO_SOURCE. */
const NO_SOURCE = 3;

/** Watches until told to stop. */
export function watchVideo(video: HTMLVideoElement, faults: Faults): Unsubscribe {
  /** True once this load has shown a picture. */
  let started = false;
  let position = video.currentTime;
  /** Seconds advanced since the last stop. */
  let advanced = 0;
  let stops: number[] = [];
  let stoppedAt: number | null = null;
  let stallTimer: ReturnType<typeof setTimeout> | null = null;
  let keyTimer: ReturnType<typeof setTimeout> | null = null;

  function forget(): void {
    if (stallTimer !== null) clearTimeout(stallTimer);
    if (keyTimer !== null) clearTimeout(keyTimer);
    stallTimer = keyTimer = stoppedAt = null;
  }

  function waits(event: Event): void {
    if (video.paused || video.ended || video.error !== null || stallTimer !== null) return;
    const now = Date.now();
    const interrupted = started && !video.seeking;
    stoppedAt = now;
    // `stalled` is about the download: with enough in the buffer the picture goes on, so only time can tell.
    if (interrupted && event.type === 'waiting') countStop(now);
    stallTimer = setTimeout(
      () => {
        if (interrupted && event.type === 'stalled') countStop(now);
        raiseStalled();
      },
      interrupted ? STALL_AFTER_MS : NO_START_AFTER_MS,
    );
  }

  function countStop(now: number): void {
    advanced = 0;
    stops = stops.filter((at) => now - at < STALLS_WITHIN_MS).concat(now);
    if (stops.length >= STALLS) raiseStalled();
  }

  function raiseStalled(): void {
    advanced = 0;
    faults.raise({
      code: 'playback:stalled',
      title: started ? KEEPS_STOPPING : DOES_NOT_START,
      detail: {
        stalls: stops.length,
        seconds: stoppedAt === null ? 0 : Math.round((Date.now() - stoppedAt) / 1000),
        ...measured(video),
      },
    });
  }

  function advances(): void {
    const step = video.currentTime - position;
    position = video.currentTime;
    if (step <= 0 || video.seeking) return;
    started = true;
    forget();
    if (step > LARGEST_STEP_S) return;
    advanced += step;
    if (advanced < CLEAR_AFTER_S || !OF_PLAYBACK.some((code) => faults.stands(code))) return;
    stops = [];
    for (const code of OF_PLAYBACK) faults.clear(code);
  }

  function fails(event: Event): void {
    const error = video.error;
    // A <source> fails by itself, before the element tries the next; only the last one counts.
    if (error === null && (event.target === video || video.networkState !== NO_SOURCE)) return;
    const code = MEDIA_ERRORS[error === null ? 4 : error.code];
    if (code === undefined) return;
    forget();
    advanced = 0;
    const detail: FaultCondition['detail'] = measured(video);
    if (error !== null) {
      detail['mediaError'] = error.code;
      if (error.message) detail['message'] = error.message;
    }
    faults.raise({ code, title: started ? KEEPS_STOPPING : DOES_NOT_START, detail });
  }

  function wantsKey(): void {
    if (keyTimer !== null) return;
    keyTimer = setTimeout(() => {
      advanced = 0;
      faults.raise({ code: 'drm:key-missing', title: 'This title does not open', detail: measured(video) });
    }, KEY_WITHIN_MS);
  }

  function starts(): void {
    forget();
    started = false;
    position = 0;
    advanced = 0;
  }

  const heard: Record<string, (event: Event) => void> = {
    waiting: waits,
    stalled: waits,
    timeupdate: advances,
    error: fails,
    waitingforkey: wantsKey,
    loadstart: starts,
    emptied: forget,
    pause: forget,
    ended: forget,
    seeking: forget,
  };
  const deaf = Object.keys(heard).map((type) => listen(video, type, heard[type] as (event: Event) => void));
  return () => {
    forget();
    for (const stop of deaf) stop();
  };
}

/** Follows what the browser says of the network, until told to stop. */
export function watchNetwork({ window, navigator }: Surroundings, faults: Faults): Unsubscribe {
  const offline = (): void => {
    faults.raise({ code: 'network:offline', title: 'This TV is not online' });
  };
  if (navigator !== null && navigator.onLine === false) offline();
  const ends = [
    listen(window, 'offline', offline),
    listen(window, 'online', () => {
      faults.clear('network:offline');
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

function measured(video: HTMLVideoElement): FaultCondition['detail'] {
  const { buffered, currentTime, readyState } = video;
  const end = buffered.length === 0 ? currentTime : buffered.end(buffered.length - 1);
  return {
    readyState,
    bufferedSeconds: Math.round(Math.max(end - currentTime, 0) * 10) / 10,
    position: Math.round(currentTime),
  };
}
