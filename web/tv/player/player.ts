/** One video element and what plays in it. Knows nothing of help: the connector watches the element by itself. */
import type { Load } from './load.ts';
import { Stream } from './stream.ts';

export interface PlayerState {
  /** `waiting`: the picture stands still because nothing comes. `failed`: it will not go on by itself. */
  kind: 'idle' | 'loading' | 'playing' | 'paused' | 'waiting' | 'failed';
  /** Seconds played since it was opened. */
  played: number;
}

export class Player {
  readonly video: HTMLVideoElement;
  readonly #base: string;
  readonly #load: Load;
  readonly #listeners: ((state: PlayerState) => void)[] = [];
  #stream: Stream | null = null;
  /** Played before the last reload. */
  #before = 0;
  #wantsToPlay = false;
  #state: PlayerState = { kind: 'idle', played: 0 };

  constructor(video: HTMLVideoElement, base: string, load: Load) {
    this.video = video;
    this.#base = base;
    this.#load = load;
    for (const name of ['playing', 'pause', 'waiting', 'stalled', 'error', 'timeupdate', 'loadstart', 'canplay']) {
      video.addEventListener(name, () => this.#look());
    }
  }

  get state(): PlayerState {
    return this.#state;
  }

  subscribe(listener: (state: PlayerState) => void): () => void {
    this.#listeners.push(listener);
    return () => {
      const index = this.#listeners.indexOf(listener);
      if (index !== -1) this.#listeners.splice(index, 1);
    };
  }

  open(): void {
    this.#before = 0;
    this.#start();
  }

  /** Tears down what broke and plays on from where it was. */
  reload(): void {
    this.#before = this.#state.played;
    this.#start();
  }

  play(): void {
    this.#wantsToPlay = true;
    // Promises came to play() with Chromium 50.
    const playing = this.video.play() as Promise<void> | undefined;
    if (playing) playing.catch(() => this.#look());
    this.#look();
  }

  pause(): void {
    this.#wantsToPlay = false;
    this.video.pause();
  }

  close(): void {
    this.#wantsToPlay = false;
    if (this.#stream === null) return;
    this.#stream.close();
    this.#stream = null;
    this.video.removeAttribute('src');
    this.video.load();
    this.#before = 0;
    this.#look();
  }

  #start(): void {
    if (this.#stream !== null) this.#stream.close();
    this.#stream = new Stream(this.video, this.#base, this.#load);
    this.play();
  }

  #look(): void {
    const { video } = this;
    const kind = this.#kind();
    const played = kind === 'idle' ? 0 : this.#before + video.currentTime;
    const before = this.#state;
    if (kind === before.kind && Math.floor(played) === Math.floor(before.played)) return;
    this.#state = { kind, played };
    for (const listener of this.#listeners.slice()) listener(this.#state);
  }

  #kind(): PlayerState['kind'] {
    const { video } = this;
    if (this.#stream === null) return 'idle';
    if (video.error !== null) return 'failed';
    if (video.paused || !this.#wantsToPlay) return 'paused';
    if (video.readyState < 3) return video.currentTime === 0 ? 'loading' : 'waiting';
    return 'playing';
  }
}
