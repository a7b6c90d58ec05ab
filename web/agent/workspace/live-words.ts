/** How the picture of a TV plays at this moment, in words. */
import type { LivePlayback } from '../../connector/types.ts';
import { span } from '../parts/time.ts';

export interface PictureNow {
  text: string;
  /** It goes wrong at this moment. */
  isBad: boolean;
  /** There is a stream to speak of: buffer, bit rate and frames say something. */
  isOpen: boolean;
}

const ERRORS = ['playback:network', 'playback:decode', 'playback:source'];

/**
 * A picture that gave up, and one that was never opened, are paused in a player's words, and not in people's.
 * @param standing the code of the fault that stands now, null while none does
 */
export function pictureNow({ state, position, buffered }: LivePlayback, standing: string | null): PictureNow {
  const at = position > 0 ? ` at ${span(position * 1000)}` : '';
  if (state !== 'playing' && standing !== null && ERRORS.includes(standing)) {
    return { text: `Stopped by an error${at}`, isBad: true, isOpen: true };
  }
  if (state === 'paused' && position === 0 && buffered === 0) {
    return { text: 'Nothing is playing', isBad: false, isOpen: false };
  }
  const words = { playing: 'Playing', paused: 'Paused', stalled: 'Stopped' }[state];
  return { text: `${words} at ${span(position * 1000)}`, isBad: state === 'stalled', isOpen: true };
}
