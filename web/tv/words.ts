/** Numbers and times in the viewer's words. Pure. */

/** 3 → "3rd". */
export function ordinal(number: number): string {
  const tens = number % 100;
  const ending = tens >= 11 && tens <= 13 ? 'th' : ['th', 'st', 'nd', 'rd'][number % 10] || 'th';
  return `${number}${ending}`;
}

/**
 * The place in the line, as a heading.
 * @param answered whether somebody is there to answer
 */
export function placeWords(place: number, answered: boolean): string {
  if (place > 1) return `You are ${ordinal(place)} in line.`;
  return answered ? 'You are next.' : 'You are first in line.';
}

/**
 * The expected wait as a range.
 * @param expected seconds; null while nobody is there to answer
 */
export function waitWords(expected: { low: number; high: number } | null): string {
  if (expected === null) return 'Nobody is free to answer yet. Your place is kept.';
  const low = Math.max(1, Math.floor(expected.low / 60));
  const high = Math.max(1, Math.ceil(expected.high / 60));
  if (high === 1) return 'About a minute';
  return low >= high ? `About ${high} minutes` : `About ${low} to ${high} minutes`;
}

/** Older than this, a live number is dimmed and tells its age. Milliseconds. */
const STALE_MS = 30_000;

/** "updated just now", or how long ago it was heard. */
export function ageWords(ageMs: number): { words: string; stale: boolean } {
  if (ageMs <= STALE_MS) return { words: 'Updated just now', stale: false };
  const seconds = Math.floor(ageMs / 10_000) * 10;
  if (seconds < 120) return { words: `Last heard ${seconds} seconds ago`, stale: true };
  return { words: `Last heard ${Math.floor(seconds / 60)} minutes ago`, stale: true };
}

/** 75 → "1:15", 3700 → "1:01:40". */
export function clockWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => (value < 10 ? `0${value}` : `${value}`);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Stands before a family name: who has one is called by all of the name. */
const TITLE = /^(Dr|Prof|Mr|Mrs|Ms|Mx)\b/;

/** How an agent is called on a screen that everybody in the room can read: "Sam" of "Sam Reyes", "Dr Osei" as it is. */
export function firstName(name: string): string {
  return TITLE.test(name) ? name : name.trim().split(/\s+/)[0] || name;
}
