/**
 * Places in the line and figures of each agent's queues: said when they change, to those they
 * concern, a few times a second at most. They are read from what is committed and kept nowhere.
 */
import type { Clock, Store } from '../events/ports.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { LineMessage, QueuesMessage } from '../protocol/server.ts';
import { belongsTo } from '../routing/offers.ts';
import { expectedWait, placesInLine } from '../routing/line.ts';
import type { Roster } from './roster.ts';
import type { Session } from './session.ts';

/** Changes within this many milliseconds are said together. */
const TOGETHER_MS = 200;

/** Saying a long line takes long: as many times that much passes before it is said again. */
const REST = 4;

/** A place that did not change is said again after this long, so that a TV can tell it from a stale one. */
const REFRESH_MS = 20_000;

/** How long a talk takes where nothing is known yet. */
const USUAL_HANDLING_SECONDS = 240;

interface LastSaid {
  interactionId: string;
  place: number;
  text: string;
}

export class LineBoard {
  readonly #store: Store;
  readonly #roster: Roster;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #due = new Map<string, NodeJS.Timeout>();
  readonly #refresh = new Map<string, NodeJS.Timeout>();
  /** Centres whose line is being said; one that changes, or is to be said again, meanwhile is said once more. */
  readonly #underWay = new Map<string, { changed: boolean; again: boolean }>();
  /** As `performance.now()` tells. */
  readonly #restsUntil = new Map<string, number>();
  #closed = false;
  readonly #said = new WeakMap<Session, LastSaid>();
  readonly #figuresSaid = new WeakMap<Session, string>();

  constructor(options: { store: Store; roster: Roster; clock: Clock; onError: (error: unknown) => void }) {
    this.#store = options.store;
    this.#roster = options.roster;
    this.#clock = options.clock;
    this.#onError = options.onError;
  }

  /** Something changed in a centre's line. */
  changed(centreId: string): void {
    if (!this.#due.has(centreId)) this.#sayIn(centreId, TOGETHER_MS, this.#due, false);
  }

  close(): void {
    this.#closed = true;
    for (const timer of [...this.#due.values(), ...this.#refresh.values()]) clearTimeout(timer);
  }

  #sayIn(centreId: string, ms: number, timers: Map<string, NodeJS.Timeout>, again: boolean): void {
    if (this.#closed) return;
    clearTimeout(timers.get(centreId));
    const rest = (this.#restsUntil.get(centreId) ?? 0) - performance.now();
    const timer = setTimeout(
      () => {
        timers.delete(centreId);
        void this.#say(centreId, again);
      },
      Math.max(ms, rest),
    );
    timers.set(centreId, timer);
  }

  /** @param again whether places that were said already are said once more */
  async #say(centreId: string, again: boolean): Promise<void> {
    // Nobody is there to be told: so before the service is ready, while a crash is recovered from.
    if (this.#roster.isEmpty) return;
    const under = this.#underWay.get(centreId);
    if (under !== undefined) {
      under.changed = true;
      under.again ||= again;
      return;
    }
    const turn = { changed: false, again: false };
    this.#underWay.set(centreId, turn);
    const began = performance.now();
    try {
      await this.#readAndTell(centreId, again);
    } catch (error) {
      this.#onError(error);
    }
    this.#underWay.delete(centreId);
    const ended = performance.now();
    this.#restsUntil.set(centreId, ended + (ended - began) * REST);
    if (turn.changed) this.#sayIn(centreId, TOGETHER_MS, this.#due, turn.again);
  }

  async #readAndTell(centreId: string, again: boolean): Promise<void> {
    const [line, { queues, candidates }, mean] = await Promise.all([
      this.#store.places(centreId),
      this.#store.line(centreId),
      this.#store.meanHandlingSeconds(centreId),
    ]);
    if (line.length > 0) this.#sayIn(centreId, REFRESH_MS, this.#refresh, true);
    const now = this.#clock();
    const handlers = new Map(
      queues.map((queue) => [
        queue.id,
        candidates.filter((candidate) => candidate.connected && belongsTo(candidate, queue)),
      ]),
    );
    const places = placesInLine(line);
    for (const { interactionId, tvId, queueId } of line) {
      const sessions = this.#roster.of(tvId);
      const place = places.get(interactionId);
      if (sessions.length === 0 || place === undefined) continue;
      // Who is away or does not answer is not waited for, and a wait that counts on them is no promise.
      const able = handlers.get(queueId)?.filter((candidate) => candidate.ready).length ?? 0;
      const expected = expectedWait(place.place, able, mean ?? USUAL_HANDLING_SECONDS);
      for (const session of sessions) this.#sayPlace(session, { interactionId, ...place, expected }, again);
    }
    const lines = Map.groupBy(line, ({ queueId }) => queueId);
    const figures = queues.map((queue) => {
      const waiting = lines.get(queue.id) ?? [];
      const longestSince = waiting.reduce<number | null>((at, one) => Math.min(at ?? now, one.arrivedAt), null);
      const ready = handlers.get(queue.id)?.filter((candidate) => candidate.free).length ?? 0;
      return { queue, told: { id: queue.id, name: queue.name, waiting: waiting.length, longestSince, ready } };
    });
    for (const candidate of candidates) {
      const sessions = this.#roster.of(candidate.agentId);
      if (sessions.length === 0) continue;
      const own = figures.filter(({ queue }) => belongsTo(candidate, queue)).map(({ told }) => told);
      const message: QueuesMessage = { v: PROTOCOL_VERSION, type: 'queues', queues: own };
      const frame = JSON.stringify(message);
      for (const session of sessions) {
        if (this.#figuresSaid.get(session) === frame) continue;
        this.#figuresSaid.set(session, frame);
        session.tell('queues', frame);
      }
    }
  }

  #sayPlace(
    session: Session,
    line: { interactionId: string; place: number; of: number; expected: { low: number; high: number } | null },
    again: boolean,
  ): void {
    const text = JSON.stringify(line);
    const before = this.#said.get(session);
    if (before?.text === text && !again) return;
    const rose = before?.interactionId === line.interactionId && line.place > before.place;
    this.#said.set(session, { interactionId: line.interactionId, place: line.place, text });
    const message: LineMessage = { v: PROTOCOL_VERSION, type: 'line', ...line, rose };
    session.tell('line', JSON.stringify(message));
  }
}
