import type { types } from 'mediasoup';

/** Sounds below this are not somebody speaking, in dBov. */
const THRESHOLD = -60;
const LEVELS_EVERY_MS = 500;

/** Begins to listen on a router. */
export async function createSpeakers(router: types.Router): Promise<Speakers> {
  const [dominant, levels] = await Promise.all([
    router.createActiveSpeakerObserver(),
    router.createAudioLevelObserver({ maxEntries: 100, threshold: THRESHOLD, interval: LEVELS_EVERY_MS }),
  ]);
  return new Speakers(dominant, levels);
}

/** Who speaks in a room, and how loud. It ends with its router. */
export class Speakers {
  readonly #dominant: types.ActiveSpeakerObserver;
  readonly #levels: types.AudioLevelObserver;
  /** Whose producer it is. */
  readonly #legs = new Map<string, string>();
  #speaker: string | null = null;
  onSpeaker: (legId: string | null) => void = () => undefined;
  onLevels: (levels: ReadonlyMap<string, number>) => void = () => undefined;

  /** `createSpeakers` makes one. */
  constructor(dominant: types.ActiveSpeakerObserver, levels: types.AudioLevelObserver) {
    this.#dominant = dominant;
    this.#levels = levels;
    dominant.on('dominantspeaker', ({ producer }) => this.#speaks(this.#legs.get(producer.id) ?? null));
    levels.on('volumes', (volumes) => {
      const told = volumes.flatMap(({ producer, volume }): [string, number][] => {
        const legId = this.#legs.get(producer.id);
        return legId === undefined ? [] : [[legId, volume]];
      });
      this.onLevels(new Map(told));
    });
    levels.on('silence', () => this.onLevels(new Map()));
  }

  /** Listens to a leg's sound, until its producer closes. */
  add(producer: types.Producer, legId: string): void {
    if (this.#legs.has(producer.id) || producer.closed) return;
    this.#legs.set(producer.id, legId);
    producer.observer.once('close', () => this.#legs.delete(producer.id));
    for (const observer of [this.#dominant, this.#levels]) {
      // It may close on its way, and then there is nothing to listen to.
      observer.addProducer({ producerId: producer.id }).catch(() => undefined);
    }
  }

  /** The leg is none of the room's any more. */
  forget(legId: string): void {
    for (const [producerId, of] of this.#legs) {
      if (of !== legId) continue;
      this.#legs.delete(producerId);
      for (const observer of [this.#dominant, this.#levels]) {
        observer.removeProducer({ producerId }).catch(() => undefined);
      }
    }
    if (this.#speaker === legId) this.#speaks(null);
  }

  #speaks(legId: string | null): void {
    if (legId === this.#speaker) return;
    this.#speaker = legId;
    this.onSpeaker(legId);
  }
}
