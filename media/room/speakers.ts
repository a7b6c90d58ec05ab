import type { types } from 'mediasoup';
import type { Leg } from '../leg.ts';
import { levelsOf, type Levels } from '../levels.ts';

/** Sounds below this are not somebody speaking, in dBov. */
const THRESHOLD = -60;

/** Begins to listen on a router. */
export async function createSpeakers(router: types.Router): Promise<Speakers> {
  const [dominant, levels] = await Promise.all([router.createActiveSpeakerObserver(), levelsOf(router)]);
  return new Speakers(dominant, levels);
}

/** Who speaks in a room, and how loud. It ends with its router. */
export class Speakers {
  readonly #dominant: types.ActiveSpeakerObserver;
  readonly #levels: Levels;
  /** Whose producer it is. */
  readonly #legs = new Map<string, string>();
  #speaker: string | null = null;
  #silent = true;
  onSpeaker: (legId: string | null) => void = () => undefined;
  onLevels: (levels: ReadonlyMap<string, number>) => void = () => undefined;

  /** `createSpeakers` makes one. */
  constructor(dominant: types.ActiveSpeakerObserver, levels: Levels) {
    this.#dominant = dominant;
    this.#levels = levels;
    dominant.on('dominantspeaker', ({ producer }) => this.#speaks(this.#legs.get(producer.id) ?? null));
    levels.on('levels', (measured) => this.#tellLevels(measured));
  }

  /** Listens to the sound of these, and of nobody else. */
  follow(legs: readonly Pick<Leg, 'id' | 'sources'>[]): void {
    const sounds = legs
      .flatMap(({ sources }) => sources)
      .filter(({ kind, producer }) => kind === 'audio' && !producer.closed);
    for (const producerId of this.#legs.keys()) {
      if (!sounds.some(({ producer }) => producer.id === producerId)) this.#drop(producerId);
    }
    for (const { producer, legId } of sounds) this.#add(producer, legId);
    if (!legs.some(({ id }) => id === this.#speaker)) this.#speaks(null);
  }

  #add(producer: types.Producer, legId: string): void {
    if (this.#legs.has(producer.id)) return;
    this.#legs.set(producer.id, legId);
    producer.observer.once('close', () => this.#legs.delete(producer.id));
    this.#levels.add(producer);
    // It may close on its way, and then there is nothing to listen to.
    this.#dominant.addProducer({ producerId: producer.id }).catch(() => undefined);
  }

  #drop(producerId: string): void {
    this.#legs.delete(producerId);
    this.#dominant.removeProducer({ producerId }).catch(() => undefined);
  }

  #speaks(legId: string | null): void {
    if (legId === this.#speaker) return;
    this.#speaker = legId;
    this.onSpeaker(legId);
  }

  /** That nobody is to be heard is told once. */
  #tellLevels(measured: ReadonlyMap<string, number>): void {
    const told = new Map<string, number>();
    for (const [producerId, level] of measured) {
      const legId = this.#legs.get(producerId);
      if (legId !== undefined && level >= THRESHOLD) told.set(legId, level);
    }
    if (told.size === 0 && this.#silent) return;
    this.#silent = told.size === 0;
    this.onLevels(told);
  }
}
