/**
 * Who is connected now. The service's records follow the roster: the first connection of a TV or
 * agent is told to the door, and the loss of the last, in this order, one at a time for each.
 *
 * A TV that is gone is recorded so a moment later: most that go come back at once, a thousand at a
 * time when a network blinks, and then nothing is written. An agent who is gone gets no more work,
 * so that is recorded at once.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Session, Subject } from './session.ts';

/** Records that a TV or agent is connected now, or is not any more. */
export type Record = (subject: Subject, connected: boolean) => Promise<void>;

/** Milliseconds after which a TV that did not come back is recorded as gone, and between two looks for such. */
const GONE_AFTER_MS = 1_000;
const LOOK_EVERY_MS = 250;

export class Roster {
  /** The earliest connection first; replaced, never changed, so that it may be gone through while it changes. */
  readonly #sessions = new Map<string, readonly Session[]>();
  /** Whom the records have as connected. */
  readonly #recorded = new Set<string>();
  /** Whose record was not answered for: it may say either. */
  readonly #unsure = new Set<string>();
  readonly #recording = new Map<string, Promise<void>>();
  readonly #record: Record;
  readonly #onError: (error: unknown) => void;
  /** TVs whose loss is not recorded yet, the earliest first; since when, as `performance.now()` tells. */
  readonly #leaving = new Map<string, { subject: Subject; since: number }>();
  #looking: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(record: Record, onError: (error: unknown) => void) {
    this.#record = record;
    this.#onError = onError;
  }

  /** The sessions of a TV or agent, by its id, the earliest first. */
  of(subjectId: string | null): readonly Session[] {
    return (subjectId !== null && this.#sessions.get(subjectId)) || nobody;
  }

  /** Also while a loss is so fresh that it is not recorded: what is decided on this, the record will correct. */
  isConnected(subjectId: string): boolean {
    return this.#sessions.has(subjectId) || this.#leaving.has(subjectId);
  }

  /** Nobody is connected. */
  get isEmpty(): boolean {
    return this.#sessions.size === 0;
  }

  *all(): Generator<Session> {
    for (const sessions of this.#sessions.values()) yield* sessions;
  }

  /** Resolves when the records say so too. */
  async add(session: Session): Promise<void> {
    const { id } = session.subject;
    this.#sessions.set(id, this.of(id).concat(session));
    this.#leaving.delete(id);
    await this.#follow(session.subject);
  }

  /** Harmless when it is gone already. */
  remove(session: Session): void {
    const { id } = session.subject;
    const sessions = this.of(id);
    if (!sessions.includes(session)) return;
    if (sessions.length > 1) {
      const others = sessions.filter((one) => one !== session);
      this.#sessions.set(id, others);
      return;
    }
    this.#sessions.delete(id);
    if (this.#closed || session.subject.kind === 'agent') return void this.#follow(session.subject);
    this.#leaving.set(id, { subject: session.subject, since: performance.now() });
    this.#looking ??= setInterval(() => this.#recordGone(performance.now() - GONE_AFTER_MS), LOOK_EVERY_MS);
  }

  /** Resolves when every record agrees with the roster. */
  async settled(): Promise<void> {
    this.#recordGone(Infinity);
    await Promise.all(this.#recording.values());
  }

  /** From here on losses are recorded at once, and a record that cannot be written is left as it is. */
  close(): void {
    this.#closed = true;
  }

  /** @param since those that have been gone since then, or longer */
  #recordGone(since: number): void {
    for (const [id, leaving] of this.#leaving) {
      if (leaving.since > since) return;
      this.#leaving.delete(id);
      void this.#follow(leaving.subject);
    }
    if (this.#looking !== null) clearInterval(this.#looking);
    this.#looking = null;
  }

  async #follow(subject: Subject): Promise<void> {
    if (!this.#recording.has(subject.id) && this.#agrees(subject)) return;
    const turn = (this.#recording.get(subject.id) ?? Promise.resolve()).then(() => this.#bring(subject));
    this.#recording.set(subject.id, turn);
    await turn;
    if (this.#recording.get(subject.id) === turn) this.#recording.delete(subject.id);
  }

  async #bring(subject: Subject): Promise<void> {
    for (let pause = 100; ; pause = Math.min(pause * 2, 5000)) {
      if (this.#agrees(subject)) return;
      const connected = this.#sessions.has(subject.id);
      try {
        await this.#record(subject, connected);
        this.#unsure.delete(subject.id);
        if (connected) this.#recorded.add(subject.id);
        else this.#recorded.delete(subject.id);
      } catch (error) {
        this.#unsure.add(subject.id);
        this.#onError(error);
        if (this.#closed) return;
        await delay(pause);
      }
    }
  }

  /** Whether the record is known to say what is so. */
  #agrees({ id }: Subject): boolean {
    return this.#recorded.has(id) === this.#sessions.has(id) && !this.#unsure.has(id);
  }
}

const nobody: readonly Session[] = [];
