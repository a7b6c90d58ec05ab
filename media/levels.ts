import { EventEmitter } from 'node:events';
import type { types } from 'mediasoup';

const EVERY_MS = 500;
const MOST_AT_ONCE = 100;
/** In dBov. What says less of itself is silent to 16 bits. */
const QUIETEST = { packets: -127, told: -96 };

interface LevelsEvents {
  /** By producer, in dBov, of those whose sound came within the last half second. */
  levels: [levels: ReadonlyMap<string, number>];
}

const found = new WeakMap<types.Router, Promise<Levels>>();

/** How loud the sounds of a router are: one measurement for all who want to know. */
export function levelsOf(router: types.Router): Promise<Levels> {
  const standing = found.get(router);
  if (standing !== undefined) return standing;
  const made = router
    .createAudioLevelObserver({ maxEntries: MOST_AT_ONCE, threshold: QUIETEST.packets, interval: EVERY_MS })
    .then((observer) => new Levels(observer));
  found.set(router, made);
  made.catch(() => found.delete(router));
  return made;
}

/** As senders say it themselves, packet by packet (RFC 6464). It ends with its router. */
export class Levels extends EventEmitter<LevelsEvents> {
  readonly #observer: types.AudioLevelObserver;
  /** What was measured of a producer since somebody asked last. */
  readonly #measured = new Map<string, { power: number; times: number }>();

  /** `levelsOf` makes one. */
  constructor(observer: types.AudioLevelObserver) {
    super();
    // A room's speakers, and no bound to rooms of a router.
    this.setMaxListeners(0);
    this.#observer = observer;
    observer.on('volumes', (volumes) => {
      for (const { producer, volume } of volumes) this.#count(producer.id, volume);
      this.emit('levels', new Map(volumes.map(({ producer, volume }) => [producer.id, volume])));
    });
    observer.on('silence', () => void this.emit('levels', new Map()));
  }

  /** Measures a sound until its producer closes. */
  add(producer: types.Producer): void {
    if (this.#measured.has(producer.id) || producer.closed) return;
    this.#measured.set(producer.id, { power: 0, times: 0 });
    producer.observer.once('close', () => this.#measured.delete(producer.id));
    // It may close on its way, as may the router, and then there is nothing to measure.
    this.#observer.addProducer({ producerId: producer.id }).catch(() => undefined);
  }

  /** @returns dBov (-96 to 0) since it was last asked; null where nothing was said of it */
  read(producer: types.Producer): number | null {
    const measured = this.#measured.get(producer.id);
    if (measured === undefined || measured.times === 0) return null;
    const mean = measured.power / measured.times;
    this.#measured.set(producer.id, { power: 0, times: 0 });
    return Math.max(QUIETEST.told, 10 * Math.log10(mean));
  }

  #count(producerId: string, volume: number): void {
    const measured = this.#measured.get(producerId);
    if (measured === undefined) return;
    measured.power += 10 ** (volume / 10);
    measured.times += 1;
  }
}
