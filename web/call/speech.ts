/**
 * Whether somebody speaks, from how loud it is. Starts fast and ends slowly, as talk does: a word
 * counts, a cough does not, and the pause between two words does not end it. Pure.
 */

/** A root mean square of the samples: a quiet room is below 0.005, talk at arm's length above 0.02. */
const LOUD = 0.02;
/** So much loudness, less half of the pauses in it, is talk. Milliseconds. */
const STARTS_AFTER_MS = 250;
/** Quiet for so long is the end. Milliseconds. */
const ENDS_AFTER_MS = 900;

export interface Speech {
  speaking: boolean;
  /** Milliseconds of loudness gathered while silent, of quiet while speaking. */
  gathered: number;
  /** When it was listened last, milliseconds; null before the first time. */
  at: number | null;
}

export const SILENCE: Speech = { speaking: false, gathered: 0, at: null };

/** @param level 0 to 1; null where it is not known, which changes nothing */
export function hear(speech: Speech, level: number | null, now: number): Speech {
  if (level === null) return speech;
  const elapsed = speech.at === null ? 0 : now - speech.at;
  const loud = level >= LOUD;
  if (speech.speaking) {
    const quiet = loud ? 0 : speech.gathered + elapsed;
    return quiet >= ENDS_AFTER_MS
      ? { speaking: false, gathered: 0, at: now }
      : { speaking: true, gathered: quiet, at: now };
  }
  const heard = loud ? speech.gathered + elapsed : Math.max(speech.gathered - elapsed / 2, 0);
  return heard >= STARTS_AFTER_MS
    ? { speaking: true, gathered: 0, at: now }
    : { speaking: false, gathered: heard, at: now };
}
