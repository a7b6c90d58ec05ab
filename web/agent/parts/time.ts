/** Times and spans as the desk shows them. All times are milliseconds since the epoch. */

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** "14:06", by the clock of this computer's time zone. */
export function clockTime(at: number): string {
  return clock.format(at);
}

/** "14:06" when `at` is of the same day as `now`, else "3 Nov 2026, 14:06". */
export function dayAndTime(at: number, now: number): string {
  return day.format(at) === day.format(now) ? clockTime(at) : `${day.format(at)}, ${clockTime(at)}`;
}

/** "0:42", "12:40", "1:02:07". Negative spans are shown as zero. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** "40 seconds", "1 minute", "3 hours": for sentences and for ears. */
export function spanInWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return count(seconds, 'second');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return count(minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? count(hours, 'hour') : count(Math.floor(hours / 24), 'day');
}

/** Whole seconds until `until`; the last one counts until it is over. Never below zero. */
export function secondsLeft(until: number, now: number): number {
  return Math.max(0, Math.ceil((until - now) / 1000));
}

/** "1 task", "3 tasks". */
export function count(howMany: number, noun: string): string {
  return `${howMany} ${noun}${howMany === 1 ? '' : 's'}`;
}
