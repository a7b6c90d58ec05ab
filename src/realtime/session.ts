/** A registered connection: whose it is, and what of which interaction it has been sent. */
import type { StoredEvent } from '../events/ports.ts';
import { forViewer } from '../interaction/event.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { Connection } from './connection.ts';

export interface Subject {
  kind: 'tv' | 'agent';
  id: string;
  centreId: string;
}

/** Reads kept events; the relay's way to whatever a session has missed. */
export type ReadEvents = (centreId: string, interactionId: string, after: number) => Promise<StoredEvent[]>;

export class Session {
  readonly subject: Subject;
  readonly connection: Connection;
  readonly #read: ReadEvents;
  readonly #subscriptions = new Map<string, Subscription>();

  constructor(subject: Subject, connection: Connection, read: ReadEvents) {
    this.subject = subject;
    this.connection = connection;
    this.#read = read;
  }

  /**
   * Sends what was missed of an interaction after `seq`, and all that follows.
   * Resolves when the missed part is sent.
   */
  async follow(interactionId: string, seq: number): Promise<void> {
    await this.#subscription(interactionId, seq).catchUp();
  }

  follows(interactionId: string): boolean {
    return this.#subscriptions.has(interactionId);
  }

  /** Takes newly committed events of one interaction, the earliest first. */
  deliver(interactionId: string, events: StoredEvent[]): void {
    this.#subscription(interactionId, 0).take(events);
  }

  /** Nothing more of this interaction is sent once what is on its way is sent. */
  unfollow(interactionId: string): void {
    const subscription = this.#subscriptions.get(interactionId);
    if (subscription === undefined) return;
    this.#subscriptions.delete(interactionId);
    subscription.end();
  }

  #subscription(interactionId: string, seq: number): Subscription {
    let subscription = this.#subscriptions.get(interactionId);
    if (subscription === undefined) {
      subscription = new Subscription(this, interactionId, seq, this.#read);
      this.#subscriptions.set(interactionId, subscription);
    }
    return subscription;
  }
}

/**
 * Keeps the order: an event is sent when its predecessor was. Events that arrive early, because
 * two commits' answers overtook each other, or because the past is being read, are read again
 * from the store, where the order is certain.
 */
class Subscription {
  readonly #session: Session;
  readonly #interactionId: string;
  readonly #read: ReadEvents;
  #sent: number;
  #reading: Promise<void> | null = null;
  #again = false;
  #ended = false;

  constructor(session: Session, interactionId: string, sent: number, read: ReadEvents) {
    this.#session = session;
    this.#interactionId = interactionId;
    this.#sent = sent;
    this.#read = read;
  }

  take(events: StoredEvent[]): void {
    if (this.#reading !== null) {
      this.#again = true;
      return;
    }
    for (const event of events) {
      if (event.seq > this.#sent + 1) {
        void this.catchUp();
        return;
      }
      this.#send(event);
    }
  }

  /** Reads and sends everything after what was sent. */
  catchUp(): Promise<void> {
    this.#reading ??= this.#readOn().finally(() => (this.#reading = null));
    return this.#reading;
  }

  /** No new reading is begun. */
  end(): void {
    this.#ended = true;
  }

  async #readOn(): Promise<void> {
    try {
      do {
        this.#again = false;
        const { centreId } = this.#session.subject;
        for (const event of await this.#read(centreId, this.#interactionId, this.#sent)) this.#send(event);
      } while (this.#again && !this.#ended);
    } catch {
      // The store cannot be read now. Without its past a session would show a gap: it comes back and resumes.
      this.#session.connection.close(1011, 'could not read what was missed');
    }
  }

  #send({ seq, at, event, interactionId }: StoredEvent): void {
    if (seq <= this.#sent) return;
    this.#sent = seq;
    const shown = this.#session.subject.kind === 'tv' ? forViewer(event) : event;
    if (shown === null) return;
    this.#session.connection.send({ v: PROTOCOL_VERSION, type: 'event', interactionId, seq, at, event: shown });
  }
}
