/**
 * Who is connected now. The service's records follow the roster: the first connection of a TV or
 * agent is told to the door, and the loss of the last, in this order, one at a time for each.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Session, Subject } from './session.ts';

/** Records that a TV or agent is connected now, or is not any more. */
export type Record = (subject: Subject, connected: boolean) => Promise<void>;

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
  #closed = false;

  constructor(record: Record, onError: (error: unknown) => void) {
    this.#record = record;
    this.#onError = onError;
  }

  /** The sessions of a TV or agent, by its id, the earliest first. */
  of(subjectId: string | null): readonly Session[] {
    return (subjectId !== null && this.#sessions.get(subjectId)) || nobody;
  }

  isConnected(subjectId: string): boolean {
    return this.#sessions.has(subjectId);
  }

  *all(): Generator<Session> {
    for (const sessions of this.#sessions.values()) yield* sessions;
  }

  /** Resolves when the records say so too. */
  async add(session: Session): Promise<void> {
    const { id } = session.subject;
    this.#sessions.set(id, this.of(id).concat(session));
    await this.#follow(session.subject);
  }

  /** Harmless when it is gone already. */
  remove(session: Session): void {
    const { id } = session.subject;
    const sessions = this.of(id);
    if (!sessions.includes(session)) return;
    if (sessions.length === 1) this.#sessions.delete(id);
    else
      this.#sessions.set(
        id,
        sessions.filter((one) => one !== session),
      );
    void this.#follow(session.subject);
  }

  /** Resolves when every record agrees with the roster. */
  async settled(): Promise<void> {
    await Promise.all(this.#recording.values());
  }

  /** From here on a record that cannot be written is left as it is. */
  close(): void {
    this.#closed = true;
  }

  async #follow(subject: Subject): Promise<void> {
    const turn = (this.#recording.get(subject.id) ?? Promise.resolve()).then(() => this.#bring(subject));
    this.#recording.set(subject.id, turn);
    await turn;
    if (this.#recording.get(subject.id) === turn) this.#recording.delete(subject.id);
  }

  async #bring(subject: Subject): Promise<void> {
    for (let pause = 100; ; pause = Math.min(pause * 2, 5000)) {
      const connected = this.#sessions.has(subject.id);
      if (this.#recorded.has(subject.id) === connected && !this.#unsure.has(subject.id)) return;
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
}

const nobody: readonly Session[] = [];
