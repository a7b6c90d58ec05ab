/** A beat of 20 ms that does not drift: each is due a whole number of beats after the first, whatever the timers do. */

const BEAT_MS = 20;
/** Beats that are made up for after a stall. What is older is left out: late sound is worse than a gap. */
const MOST_LATE = 5;

/** The time and timers that a pacer lives on; tests bring their own. */
export interface Beats {
  /** Milliseconds that do not go back. */
  now(): number;
  after(ms: number, run: () => void): { cancel(): void };
}

const realBeats: Beats = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};

/** Calls whoever asked for it, on every beat, as long as anybody asks. */
export class Pacer {
  readonly #beats: Beats;
  readonly #players = new Set<() => void>();
  #due = 0;
  #timer: { cancel(): void } | null = null;
  #skipped = 0;

  constructor(beats: Beats = realBeats) {
    this.#beats = beats;
  }

  /** Beats that were left out because the thread was stalled for too long. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Has `play` called on every beat; asking twice is asking once. */
  add(play: () => void): void {
    this.#players.add(play);
    if (this.#timer === null) {
      this.#due = this.#beats.now() + BEAT_MS;
      this.#wait();
    }
  }

  remove(play: () => void): void {
    this.#players.delete(play);
    if (this.#players.size > 0) return;
    this.#timer?.cancel();
    this.#timer = null;
  }

  #wait(): void {
    this.#timer = this.#beats.after(Math.max(0, this.#due - this.#beats.now()), () => this.#beat());
  }

  #beat(): void {
    const late = Math.floor((this.#beats.now() - this.#due) / BEAT_MS);
    if (late > MOST_LATE) {
      this.#skipped += late - MOST_LATE;
      this.#due += (late - MOST_LATE) * BEAT_MS;
    }
    while (this.#due <= this.#beats.now() && this.#players.size > 0) {
      this.#due += BEAT_MS;
      for (const play of this.#players) play();
    }
    if (this.#players.size > 0) this.#wait();
    else this.#timer = null;
  }
}
