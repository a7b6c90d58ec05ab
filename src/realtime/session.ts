/** A registered connection: whose it is, and what of which interaction it has been sent. */
import type { StoredEvent } from '../events/ports.ts';
import type { RegisterMessage } from '../protocol/client.ts';
import type { Connection } from './connection.ts';
import { EventFrame } from './eventFrame.ts';

export interface Subject {
  kind: 'tv' | 'agent';
  id: string;
  centreId: string;
}

/** Reads kept events, the earliest first and `limit` at most; the relay's way to whatever a session has missed. */
export type ReadEvents = (
  centreId: string,
  interactionId: string,
  after: number,
  limit: number,
) => Promise<StoredEvent[]>;

/** Events that are read at once: a long past is neither held in memory whole nor read in vain when the peer is slow. */
const PAGE = 100;

/** What is so now and kept nowhere: of each, only the latest matters. */
export type Passing = 'presence' | 'line' | 'queues';

/** The last `seq` of each interaction that a client says it saw. */
function seenOf(resume: RegisterMessage['resume']): Map<string, number> | null {
  return resume.length === 0 ? null : new Map(resume.map(({ interactionId, seq }) => [interactionId, seq]));
}

export class Session {
  readonly subject: Subject;
  readonly connection: Connection;
  readonly #read: ReadEvents;
  /** Whether the client takes an event for the answer to its command. */
  readonly #answeredByEvents: boolean;
  /** The command that is being done for such a client; null once an event answered it. */
  #asked: string | null = null;
  /** Null while nothing is followed, as with most TVs. */
  #subscriptions: Map<string, Subscription> | null = null;
  /** What a peer that is behind is to hear when it has caught up. */
  #latest: Map<Passing, string> | null = null;
  /** The last `seq` that the client said it saw, of what is not followed yet. */
  #seen: Map<string, number> | null;

  /** @param registered where the client was: news that comes before it is followed must not repeat what it saw */
  constructor(
    subject: Subject,
    connection: Connection,
    read: ReadEvents,
    registered: Pick<RegisterMessage, 'resume' | 'answeredByEvents'>,
  ) {
    this.subject = subject;
    this.connection = connection;
    this.#read = read;
    this.#seen = seenOf(registered.resume);
    this.#answeredByEvents = registered.answeredByEvents === true;
  }

  /** A command of the client's is being done: an event may answer it from here on. */
  asks(commandId: string): void {
    if (this.#answeredByEvents) this.#asked = commandId;
  }

  /** It is done. @returns whether an event answered it */
  isAnswered(): boolean {
    const answered = this.#answeredByEvents && this.#asked === null;
    this.#asked = null;
    return answered;
  }

  /** Sends an event, as the answer where this client waits for that; what is not for it is left out. */
  send(event: EventFrame): void {
    const { kind, id } = this.subject;
    const { answers } = event;
    const isAnswer = answers !== undefined && answers.commandId === this.#asked && answers.senderId === id;
    const frame = isAnswer ? event.answering(answers.commandId, kind) : event.for(kind);
    if (frame === null) return;
    if (isAnswer) this.#asked = null;
    this.connection.writeFrame(frame);
  }

  /**
   * Sends what the client missed of an interaction, and all that follows.
   * Resolves when the missed part is sent, or the connection is gone.
   */
  async follow(interactionId: string): Promise<void> {
    await this.#subscription(interactionId).catchUp();
  }

  follows(interactionId: string): boolean {
    return this.#subscriptions?.has(interactionId) ?? false;
  }

  /** Takes newly committed events of one interaction, the earliest first. */
  deliver(interactionId: string, events: readonly EventFrame[]): void {
    this.#subscription(interactionId).take(events);
  }

  /** Nothing more of this interaction is sent once what was delivered is sent. */
  unfollow(interactionId: string): void {
    const subscription = this.#subscriptions?.get(interactionId);
    if (subscription === undefined) return;
    this.#subscriptions?.delete(interactionId);
    if (this.#subscriptions?.size === 0) this.#subscriptions = null;
    subscription.end();
  }

  /** Says what is so now: at once, or, to a peer that is behind, the latest of it after what it missed. */
  tell(what: Passing, frame: string): void {
    if (this.#latest !== null) {
      this.#latest.set(what, frame);
    } else if (this.connection.paused) {
      this.#latest = new Map([[what, frame]]);
      void this.#tellLatest();
    } else {
      this.connection.write(frame);
    }
  }

  async #tellLatest(): Promise<void> {
    while (this.connection.paused) {
      await this.connection.drained();
      for (const subscription of this.#subscriptions?.values() ?? []) await subscription.caughtUp();
    }
    const latest = this.#latest ?? [];
    this.#latest = null;
    for (const [what, frame] of latest) this.tell(what, frame);
  }

  #subscription(interactionId: string): Subscription {
    this.#subscriptions ??= new Map();
    let subscription = this.#subscriptions.get(interactionId);
    if (subscription === undefined) {
      subscription = new Subscription(this, interactionId, this.#seen?.get(interactionId) ?? 0, this.#read);
      // Followed again later, it is told from the beginning: clients forget what is not theirs any more.
      this.#seen?.delete(interactionId);
      this.#subscriptions.set(interactionId, subscription);
    }
    return subscription;
  }
}

/**
 * Keeps the order: an event is sent when its predecessor was. Events that arrive early, because
 * two commits' answers overtook each other, or because the past is being read, are read again
 * from the store, where the order is certain. So are those that came while the peer did not read.
 */
class Subscription {
  readonly #session: Session;
  readonly #interactionId: string;
  readonly #read: ReadEvents;
  #sent: number;
  /** The last event that is known to be there. */
  #told = 0;
  /** The last event that this session may see. */
  #until = Infinity;
  #reading: Promise<void> | null = null;

  constructor(session: Session, interactionId: string, sent: number, read: ReadEvents) {
    this.#session = session;
    this.#interactionId = interactionId;
    this.#sent = sent;
    this.#read = read;
  }

  take(events: readonly EventFrame[]): void {
    this.#told = Math.max(this.#told, events.at(-1)?.seq ?? 0);
    if (this.#reading !== null) return;
    for (const event of events) {
      if (event.seq > this.#sent + 1 || this.#session.connection.paused) {
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

  /** Resolves when nothing is being read any more. */
  async caughtUp(): Promise<void> {
    await this.#reading;
  }

  /** What was told of is still sent; nothing after it. */
  end(): void {
    this.#until = this.#told;
  }

  async #readOn(): Promise<void> {
    const { connection, subject } = this.#session;
    let more: boolean;
    try {
      do {
        if (connection.paused) await connection.drained();
        if (!connection.open) return;
        const page = await this.#read(subject.centreId, this.#interactionId, this.#sent, PAGE);
        for (const event of page) {
          if (event.seq > this.#until || connection.paused) break;
          this.#send(new EventFrame(event));
        }
        more = page.length >= PAGE && this.#sent < this.#until;
      } while (connection.paused || more || this.#sent < Math.min(this.#told, this.#until));
    } catch {
      // The store cannot be read now. Without its past a session would show a gap: it comes back and resumes.
      connection.close('failed', 'could not read what was missed');
    }
  }

  #send(event: EventFrame): void {
    if (event.seq <= this.#sent) return;
    this.#sent = event.seq;
    this.#session.send(event);
  }
}
