import { EventEmitter } from 'node:events';
import { LegError, type Leg, type LegEvents, type Placement, type Source } from './leg.ts';
import { audience, reachesAll, roomCodec } from './room/audience.ts';
import { Digits } from './room/digits.ts';
import type { Listener } from './room/hearing.ts';
import type { OpenSource } from './room/sound.ts';
import { RoomSounds, type Playing } from './room/sounds.ts';
import { createSpeakers, type Speakers } from './room/speakers.ts';
import { Serial } from './serial.ts';

export interface RoomOptions {
  /** Finds a place for the room's media: at first, and again when the worker of the last one died. */
  place: () => Promise<Placement>;
  /** Opens a source of sound at the edge of telephones, whose thread plays also what browsers hear. */
  openSource?: OpenSource;
}

export interface RoomEvents {
  /** Who speaks now, of those whom all can hear; null when the one who did left, or is heard by all no more. */
  speaker: [legId: string | null];
  /** How loud each is who speaks so that all can hear it, in dBov: -60 to 0. */
  levels: [levels: ReadonlyMap<string, number>];
  /** Somebody pressed a digit (RFC 4733): a telephone, or a browser while a telephone is there. */
  dtmf: [legId: string, digit: string, durationMs: number];
  /** The worker died and every leg was carried over to another; each tells `offerNeeded` or goes on by itself. */
  rebuilt: [];
  /** A leg did not do what the room said, or music cannot be played, for a reason that nobody foresaw: to be logged. */
  trouble: [id: string, error: Error];
  /** No worker is to be had: the room's legs are dead, and its owner closes them and it. */
  failed: [error: Error];
  closed: [];
}

/** How a leg takes part. */
export interface Part {
  listensOnly?: boolean;
  whispersTo?: string | null;
}

interface Joined {
  leg: Leg;
  listensOnly: boolean;
  whispersTo: string | null;
  unfollow: () => void;
}

/**
 * Makes a room.
 * @throws Error of `place`, when there is no place for it
 */
export async function createRoom(options: RoomOptions): Promise<Room> {
  const { placement, speakers } = await settle(options.place);
  return new Room(placement, speakers, options);
}

/** Finds a place and listens to who speaks there; when its worker dies meanwhile, at the next. */
async function settle(place: RoomOptions['place']): Promise<{ placement: Placement; speakers: Speakers }> {
  for (;;) {
    const placement = await place();
    const { router } = placement;
    try {
      const speakers = await createSpeakers(router);
      if (!router.closed) return { placement, speakers };
    } catch (error) {
      if (router.closed) continue;
      router.close();
      throw error;
    }
  }
}

/**
 * Legs that hear and see each other. The room decides who gets whom (room/audience.ts) and says so to the legs;
 * each leg sees to its own SDP. Legs belong to who made them: leaving, or the room's closing, closes none.
 */
export class Room extends EventEmitter<RoomEvents> {
  readonly #place: () => Promise<Placement>;
  readonly #work = new Serial();
  readonly #members = new Map<string, Joined>();
  readonly #sounds: RoomSounds;
  #placement: Placement;
  #speakers: Speakers;
  #digits: Digits;
  #closed = false;
  #dirty = false;

  /** `createRoom` makes one. */
  constructor(placement: Placement, speakers: Speakers, { place, openSource = noSounds }: RoomOptions) {
    super();
    const trouble = (id: string, error: Error) => void (this.#closed || this.emit('trouble', id, error));
    this.#sounds = new RoomSounds(openSource, () => this.#arrange(), trouble);
    this.#place = place;
    this.#placement = placement;
    this.#speakers = speakers;
    this.#digits = new Digits(placement.router);
    this.#listen();
    this.#watch(placement);
  }

  /** Where its media live: what legs are made on. It changes when a worker dies. */
  get placement(): Placement {
    return this.#placement;
  }

  /** Ids of the legs, in the order in which they joined. */
  get legIds(): string[] {
    return [...this.#members.keys()];
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * A leg takes part; one that was made elsewhere, or whose worker died before it joined, is moved here. A leg that
   * closes leaves by itself.
   */
  join(leg: Leg, { listensOnly = false, whispersTo = null }: Part = {}): Promise<void> {
    if (this.#members.has(leg.id)) throw new Error(`Leg ${leg.id} is in the room already.`);
    const closed = () => void this.leave(leg.id);
    const source: (...args: LegEvents['source']) => void = (_kind, given) => this.#given(leg, given);
    const dtmf: (...args: LegEvents['dtmf']) => void = (digit, ms) => void this.emit('dtmf', leg.id, digit, ms);
    const holding = () => void this.#arrange();
    leg.on('closed', closed).on('source', source).on('dtmf', dtmf).on('holding', holding);
    this.#members.set(leg.id, {
      leg,
      listensOnly,
      whispersTo,
      unfollow: () => void leg.off('closed', closed).off('source', source).off('dtmf', dtmf).off('holding', holding),
    });
    for (const source of leg.sources) this.#hear(leg.id, source);
    this.#attend();
    return this.#arrange();
  }

  /** The leg hears nobody of the room any more, and nobody hears it. Leaving twice is harmless. */
  async leave(legId: string): Promise<void> {
    const member = this.#members.get(legId);
    if (member === undefined) return;
    member.unfollow();
    this.#members.delete(legId);
    this.#digits.forget(legId);
    this.#attend();
    this.#sounds.forget(legId);
    await this.#asked(member.leg, member.leg.receive([]));
    await this.#arrange();
  }

  /** Changes how a leg takes part. */
  async change(legId: string, part: Part): Promise<void> {
    const member = this.#members.get(legId);
    if (member === undefined) throw new Error(`There is no leg ${legId} in the room.`);
    Object.assign(member, part);
    this.#attend();
    await this.#arrange();
  }

  /**
   * Plays sounds that were loaded, one after the other, to some or all, beside the people: an announcement, ring-back.
   * They begin when everybody was told who hears them; who has no section left for them needs an offer first.
   * @returns true at their end; false when it was ended before, when all to whom it was played left, or with the room
   * @throws Error which were not loaded, or what else is missing
   */
  async play(names: readonly string[], playing: Playing = {}): Promise<boolean> {
    if (this.#closed) return false;
    const stranger = playing.to?.find((id) => !this.#members.has(id));
    if (stranger !== undefined) throw new Error(`There is no leg ${stranger} in the room.`);
    return await this.#sounds.play(names, playing);
  }

  /**
   * Says what is played, over and over, to whoever is held by the service in place of the people, and to whoever is left
   * waiting because all the others hold. None is silence, as it was before it was said.
   */
  async playOnHold(names: readonly string[]): Promise<void> {
    await this.#sounds.playOnHold(names);
  }

  /** Frees the room's media. Its legs are their owners' to close. Closing twice is harmless. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { unfollow } of this.#members.values()) unfollow();
    this.#members.clear();
    this.#sounds.close();
    this.#placement.router.close();
    this.emit('closed');
    this.removeAllListeners();
  }

  #hear(legId: string, { kind, producer }: Source): void {
    if (kind === 'audio') this.#digits.add(producer, legId);
  }

  #attend(): void {
    this.#speakers.follow([...this.#members.values()].filter(reachesAll).map(({ leg }) => leg));
  }

  #given(leg: Leg, source: Source | null): void {
    if (source !== null) this.#hear(leg.id, source);
    this.#attend();
    void this.#arrange();
  }

  /** Says to every leg what it gets. Several reasons at once make one round. */
  #arrange(): Promise<void> {
    if (this.#dirty) return this.#work.run(() => Promise.resolve());
    this.#dirty = true;
    return this.#work.run(async () => {
      this.#dirty = false;
      if (this.#closed) return;
      await this.#gather();
      const members = [...this.#members].map(([id, { leg, listensOnly, whispersTo }]): Listener => {
        const { kind, audioCodecs, holding } = leg;
        return { id, kind, listensOnly, whispersTo, audioCodecs, holding };
      });
      const codec = roomCodec(members);
      await this.#sounds.give(members, this.#placement, codec);
      await Promise.all(
        [...this.#members.values()].map(async ({ leg }) => {
          leg.speak(codec);
          const people = audience(members, leg.id).flatMap((id) => this.#members.get(id)?.leg.sources ?? []);
          const played = this.#sounds.heardBy(members, leg.id);
          // Who is held hears it in their place, and sees them in theirs when they are back.
          const instead = leg.holding.byService && played.length > 0;
          const sources = instead ? people.filter(({ kind }) => kind === 'video') : people;
          await this.#asked(leg, leg.receive([...sources, ...played]));
        }),
      );
    });
  }

  /** Moves everybody here who is elsewhere; when there is no place just now, all of them go to the next. */
  async #gather(): Promise<void> {
    const placement = this.#placement;
    const { router } = placement;
    if (router.closed) return;
    const elsewhere = [...this.#members.values()].filter(({ leg }) => leg.placement.router !== router);
    await Promise.all(elsewhere.map(({ leg }) => this.#asked(leg, leg.move(placement))));
  }

  #watch({ router }: Placement): void {
    router.once('workerclose', () => {
      if (!this.#closed) void this.#rebuild();
    });
  }

  /** Carries everybody over to another worker; when that one dies on the way, to the next. */
  #rebuild(): Promise<void> {
    return this.#work.run(async () => {
      const found = await settle(this.#place).catch((error: unknown) => {
        if (!this.#closed) this.emit('failed', error as Error);
        return null;
      });
      if (found === null) return;
      const { placement, speakers } = found;
      if (this.#closed) return placement.router.close();
      this.#placement = placement;
      this.#speakers = speakers;
      this.#digits = new Digits(placement.router);
      this.#listen();
      this.#watch(placement);
      await this.#gather();
      this.emit('rebuilt');
      // What is played is told of again, also where nobody gives anything.
      void this.#arrange();
    });
  }

  #listen(): void {
    this.#speakers.onSpeaker = (legId) => void this.emit('speaker', legId);
    this.#digits.onDigit = (legId, { digit, durationMs }) => void this.emit('dtmf', legId, digit, durationMs);
    this.#speakers.onLevels = (levels) => void this.emit('levels', levels);
  }

  /** A leg that closed meanwhile, or whose worker died, says so itself. */
  async #asked({ id }: Leg, done: Promise<void>): Promise<void> {
    try {
      await done;
    } catch (error) {
      if (!(error instanceof LegError) && !this.#closed) this.emit('trouble', id, error as Error);
    }
  }
}

function noSounds(): Promise<never> {
  return Promise.reject(new Error('This room was made without sounds: give it an openSource.'));
}
