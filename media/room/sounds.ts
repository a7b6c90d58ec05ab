import type { AudioCodec, Placement, Source } from '../leg.ts';
import { hearing, type Listener } from './hearing.ts';
import { RoomSound, type OpenSource } from './sound.ts';

/** How something is played. */
export interface Playing {
  /** Ids of the legs that hear it, besides the others; held ones hear it in place of the music. Null is all that are not held. */
  to?: readonly string[] | null;
  /** Over and over, until it is ended. */
  loop?: boolean;
  /** Ends it. */
  signal?: AbortSignal;
}

/** What a room plays, and to whom. */
export class RoomSounds {
  readonly #open: OpenSource;
  /** Has every leg told what it gets. */
  readonly #arrange: () => Promise<void>;
  readonly #trouble: (id: string, error: Error) => void;
  readonly #playing = new Map<string, { sound: RoomSound; to: readonly string[] | null }>();
  #musicNames: readonly string[] = [];
  /** There while somebody hears it. */
  #music: RoomSound | null = null;
  #count = 0;

  constructor(open: OpenSource, arrange: () => Promise<void>, trouble: (id: string, error: Error) => void) {
    this.#open = open;
    this.#arrange = arrange;
    this.#trouble = trouble;
  }

  /** Plays them one after the other. @returns true at their end, false when it was ended before */
  async play(names: readonly string[], { to = null, loop = false, signal }: Playing): Promise<boolean> {
    if (signal?.aborted) return false;
    const sound = this.#sound(names, loop);
    const end = () => sound.close();
    signal?.addEventListener('abort', end);
    this.#playing.set(sound.id, { sound, to });
    try {
      await this.#arrange();
      sound.begin();
      return await sound.ended;
    } finally {
      signal?.removeEventListener('abort', end);
      this.#playing.delete(sound.id);
      sound.close();
      await this.#arrange();
    }
  }

  /** Says what those hear who are held; nothing, by default. */
  async playOnHold(names: readonly string[]): Promise<void> {
    this.#musicNames = names;
    this.#endMusic();
    await this.#arrange();
  }

  /** Has all that is heard just now given on a placement, in a codec, before anybody is told of it. */
  async give(listeners: readonly Listener[], placement: Placement, codec: AudioCodec): Promise<void> {
    const waits = listeners.some(({ id }) => hearing(listeners, this.#played(), id).music);
    if (!waits || this.#musicNames.length === 0) this.#endMusic();
    else this.#music ??= this.#beginMusic();
    const all = [...this.#playing.values()].map(({ sound }) => sound);
    if (this.#music !== null) all.push(this.#music);
    await Promise.all(
      all.map((sound) => sound.give(placement, codec).catch((error: unknown) => sound.fail(error as Error))),
    );
  }

  /** What somebody hears of it. */
  heardBy(listeners: readonly Listener[], listener: string): Source[] {
    const { played, music } = hearing(listeners, this.#played(), listener);
    const sounds = played.map((id) => this.#playing.get(id)?.sound);
    if (music) sounds.push(this.#music ?? undefined);
    return sounds.flatMap((sound) => sound?.source ?? []);
  }

  /** The leg is none of the room's any more: what was for it alone is over. */
  forget(legId: string): void {
    for (const one of this.#playing.values()) {
      if (!one.to?.includes(legId)) continue;
      one.to = one.to.filter((id) => id !== legId);
      if (one.to.length === 0) one.sound.close();
    }
  }

  close(): void {
    for (const { sound } of this.#playing.values()) sound.close();
    this.#endMusic();
  }

  #played(): { id: string; to: readonly string[] | null }[] {
    return [...this.#playing].map(([id, { to }]) => ({ id, to }));
  }

  #sound(names: readonly string[], loop: boolean): RoomSound {
    this.#count += 1;
    return new RoomSound(`sound-${this.#count}`, names, loop, this.#open, () => void this.#arrange());
  }

  #beginMusic(): RoomSound {
    const music = this.#sound(this.#musicNames, true);
    music.ended.catch((error: unknown) => {
      if (this.#music === music) this.#music = null;
      this.#trouble(music.id, error as Error);
    });
    music.begin();
    return music;
  }

  #endMusic(): void {
    this.#music?.close();
    this.#music = null;
  }
}
