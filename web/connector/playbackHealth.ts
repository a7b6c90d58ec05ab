/** How a video element plays at this moment. */
import type { LivePlayback } from '../../src/protocol/live.ts';

/** HTMLMediaElement's HAVE_FUTURE_DATA: below it there is nothing to go on with. */
const FUTURE_DATA = 3;

/** What Chromium has told since before there was a standard for it, on every TV. */
interface ChromiumVideo {
  webkitVideoDecodedByteCount?: number;
  webkitAudioDecodedByteCount?: number;
  webkitDroppedFrameCount?: number;
}

/** @returns looks once; the bitrate is that since the look before */
export function createPlaybackHealth(video: HTMLVideoElement): () => LivePlayback {
  let bytes: number | null = null;
  let at = 0;

  function bitrate(): number | null {
    const { webkitVideoDecodedByteCount: picture, webkitAudioDecodedByteCount: sound } = video as ChromiumVideo;
    if (picture === undefined) return null;
    const now = Date.now();
    const before = bytes;
    const ms = now - at;
    bytes = picture + (sound || 0);
    at = now;
    // A new load counts from nothing.
    if (before === null || bytes < before || ms <= 0) return null;
    return Math.min(1e7, Math.round(((bytes - before) * 8) / ms));
  }

  return () => ({
    state: video.paused || video.ended ? 'paused' : video.readyState < FUTURE_DATA ? 'stalled' : 'playing',
    position: tenths(video.currentTime, 1e9),
    buffered: tenths(ahead(video), 1e6),
    bitrate: bitrate(),
    dropped: dropped(video),
  });
}

function tenths(seconds: number, most: number): number {
  return Math.min(most, Math.max(0, Math.round(seconds * 10) / 10 || 0));
}

/** Seconds that are there from the position on. */
function ahead({ buffered, currentTime }: HTMLVideoElement): number {
  for (let at = 0; at < buffered.length; at += 1) {
    if (buffered.start(at) <= currentTime + 0.1 && buffered.end(at) >= currentTime) {
      return buffered.end(at) - currentTime;
    }
  }
  return 0;
}

function dropped(video: HTMLVideoElement): number | null {
  const quality =
    typeof video.getVideoPlaybackQuality === 'function'
      ? video.getVideoPlaybackQuality().droppedVideoFrames
      : undefined;
  const count = quality === undefined ? (video as ChromiumVideo).webkitDroppedFrameCount : quality;
  return count === undefined ? null : count;
}
