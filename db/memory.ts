/**
 * What was read and is asked for again and again, kept as long as the database says of every change to it
 * (migrations/0009_notices.sql), whoever made it. While its word is not heard, everything is read anew each time.
 */
import type { Listener } from './notices.ts';

/** What is kept is named as the notices name it: its kind, and whose it is. */
type Name = readonly ['tv', centreId: string, tvId: string] | readonly ['catalogue' | 'line', centreId: string];

/** Kept at most, of some kilobytes each; the longest there go first. */
const MAX_KEPT = 2_000;

export class Memory {
  /** What is being read too: when it changes meanwhile it is taken out, and whoever asks later reads it anew. */
  readonly #kept = new Map<string, unknown>();
  #listening = false;

  readonly listener: Listener = {
    channel: 'couchline_changed',
    // Postgres writes JSON with spaces of its own.
    heard: (payload) => this.forget(JSON.parse(payload) as Name),
    listening: () => {
      this.#listening = true;
    },
    lost: () => {
      this.#listening = false;
      this.#kept.clear();
    },
  };

  /** What is kept under this name, or read now. */
  async recall<T>(name: Name, read: () => Promise<T>): Promise<T> {
    if (!this.#listening) return await read();
    const key = JSON.stringify(name);
    const known = this.#kept.get(key) as Promise<T> | undefined;
    if (known !== undefined) return await known;
    const reading = read();
    this.#keep(key, reading);
    try {
      return await reading;
    } catch (error) {
      if (this.#kept.get(key) === reading) this.#kept.delete(key);
      throw error;
    }
  }

  /** Something that stays the same until what bears this name changes; null when nobody would say so. */
  mark(name: Name): object | null {
    if (!this.#listening) return null;
    const key = JSON.stringify(name);
    const mark = this.#kept.get(key) ?? {};
    this.#keep(key, mark);
    return mark;
  }

  /** It changed: for whoever changed it, and must not see the old before the notice comes. */
  forget(name: Name): void {
    this.#kept.delete(JSON.stringify(name));
  }

  #keep(key: string, value: unknown): void {
    this.#kept.set(key, value);
    if (this.#kept.size > MAX_KEPT) for (const oldest of this.#kept.keys()) return void this.#kept.delete(oldest);
  }
}
