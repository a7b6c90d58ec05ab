/**
 * The telephones' edge, as the service sees it: legs with a UDP address each on one side, and a port towards a
 * PlainTransport on the other. The packets themselves are in a thread of their own (`thread.ts`) and never come here.
 */
import { EventEmitter } from 'node:events';
import { randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { EncodedSound } from '../sounds/encodedSound.ts';
import type {
  AnswerTo,
  Command,
  Counts,
  EdgeSettings,
  FromThread,
  LegFigures,
  LegNews,
  LegPorts,
  Negotiated,
  RoomSide,
  SourceStream,
} from './messages.ts';

/** Why the edge cannot do what it was asked for. */
class EdgeError extends Error {
  override readonly name = 'EdgeError';
}

export interface EdgeEvents {
  /** The thread ended by itself. All legs are gone; an edge is to be opened anew. */
  died: [why: Error];
}

/** What can be played to. `names` are sounds that were loaded; looped ones play until something else is asked. */
interface Plays {
  /** @returns true when it was played to its end, false when something took its place */
  play(names: readonly string[], options?: { loop?: boolean }): Promise<boolean>;
  stop(): Promise<void>;
}

/** What a leg tells. */
export interface EdgeLegEvents {
  digit: [digit: string, durationMs: number];
  /** Packets came from elsewhere than was negotiated, and the leg was told to follow. */
  latched: [address: string, port: number];
  /** The peer said goodbye in RTCP. */
  goodbye: [];
  closed: [];
}

/** Starts a thread and speaks with it. One is enough for some hundred legs. */
export class MediaEdge extends EventEmitter<EdgeEvents> {
  readonly settings: EdgeSettings;
  readonly #thread: Worker;
  readonly #calls = new Map<number, { resolve: (answer: unknown) => void; reject: (why: Error) => void }>();
  readonly #members = new Map<number, Member>();
  #count = 0;
  #ended: Error | null = null;

  constructor(settings: EdgeSettings) {
    super();
    this.settings = settings;
    this.#thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData: settings, name: 'media-edge' });
    this.#thread.on('message', (message: FromThread) => this.#take(message));
    this.#thread.on('error', (error) => this.#end(error));
    this.#thread.on('exit', (code) => this.#end(new EdgeError(`The media edge's thread ended with code ${code}.`)));
  }

  /** Legs and sources that are open. */
  get size(): number {
    return this.#members.size;
  }

  /** Opens a telephone's leg. @throws EdgeError when there is no port left, or too many legs */
  async openLeg(): Promise<EdgeLeg> {
    const leg = (this.#count += 1);
    // RFC 7022 4.2: a name for this call alone, which tells nothing.
    const ports = await this.tell({ do: 'open', leg, cname: randomBytes(12).toString('base64') });
    const member = new EdgeLeg(this, leg, ports);
    this.#members.set(leg, member);
    return member;
  }

  /** Opens a source of sound for a room. @throws EdgeError when there are too many legs and sources */
  async openSource(): Promise<EdgeSource> {
    const leg = (this.#count += 1);
    await this.tell({ do: 'openSource', leg });
    const member = new EdgeSource(this, leg);
    this.#members.set(leg, member);
    return member;
  }

  /** What became of the datagrams of all legs since it was opened. */
  async count(): Promise<Counts> {
    return await this.tell({ do: 'count' });
  }

  /** Keeps a sound to be played by its name; an earlier one of that name goes on where it is being played. */
  async load(name: string, sound: EncodedSound): Promise<void> {
    await this.tell({ do: 'load', name, sound });
  }

  /** Has the thread do something. For legs and sources, not for who uses them. */
  tell<Do extends Command['do']>(command: Extract<Command, { do: Do }>): Promise<AnswerTo<Do>> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const call = (this.#count += 1);
    return new Promise((resolve, reject) => {
      this.#calls.set(call, { resolve: resolve as (answer: unknown) => void, reject });
      this.#thread.postMessage({ ...command, call });
    });
  }

  /** Takes a leg or source off the list; it does so itself. */
  forget(leg: number): void {
    this.#members.delete(leg);
  }

  /** Closes all legs and ends the thread. */
  async close(): Promise<void> {
    if (this.#ended !== null) return;
    const members = [...this.#members.values()];
    await Promise.all(members.map((member) => member.close()));
    this.#end(new EdgeError('The media edge is closed.'), false);
    await this.#thread.terminate();
  }

  #take(message: FromThread): void {
    if ('leg' in message) {
      this.#members.get(message.leg)?.hear(message);
      return;
    }
    const call = this.#calls.get(message.call);
    this.#calls.delete(message.call);
    if ('error' in message) call?.reject(new EdgeError(message.error));
    else call?.resolve(message.answer);
  }

  #end(why: Error, died = true): void {
    if (this.#ended !== null) return;
    this.#ended = why;
    for (const { reject } of this.#calls.values()) reject(why);
    this.#calls.clear();
    for (const member of [...this.#members.values()]) member.ended();
    this.#members.clear();
    if (died) this.emit('died', why);
  }
}

/** What legs and sources have in common. */
abstract class Member extends EventEmitter<EdgeLegEvents> implements Plays {
  protected readonly edge: MediaEdge;
  protected readonly id: number;
  #closed = false;
  #plays = 0;
  readonly #playing = new Map<number, (finished: boolean) => void>();

  constructor(edge: MediaEdge, id: number) {
    super();
    this.edge = edge;
    this.id = id;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get settings(): EdgeSettings {
    return this.edge.settings;
  }

  /**
   * Ties it to a PlainTransport of the edge's inner address.
   * @param port of the transport
   * @returns the port of ours that the transport is to be connected to, which is another each time
   */
  async connect(port: number): Promise<number> {
    return await this.edge.tell({ do: 'connect', leg: this.id, port });
  }

  async play(names: readonly string[], { loop = false } = {}): Promise<boolean> {
    const id = (this.#plays += 1);
    const ended = new Promise<boolean>((resolve) => this.#playing.set(id, resolve));
    const plays = await this.edge.tell({ do: 'play', leg: this.id, id, names, loop }).catch((error: Error) => {
      this.#playing.delete(id);
      throw error;
    });
    if (plays) return await ended;
    this.#playing.delete(id);
    throw new EdgeError(`Not all of these sounds were loaded: ${names.join(', ')}.`);
  }

  async stop(): Promise<void> {
    await this.edge.tell({ do: 'stop', leg: this.id });
  }

  /** Takes what the thread tells of it. */
  hear(news: LegNews): void {
    if (news.news === 'played') {
      this.#playing.get(news.id)?.(news.finished);
      this.#playing.delete(news.id);
    } else if (news.news === 'digit') this.emit('digit', news.digit, news.durationMs);
    else if (news.news === 'latched') this.emit('latched', news.address, news.port);
    else this.emit('goodbye');
  }

  /** Closes it; twice is harmless. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.ended();
    this.edge.forget(this.id);
    // Where the thread is gone, so are its sockets.
    await this.edge.tell({ do: 'close', leg: this.id }).catch(() => undefined);
  }

  /** It is closed, or the thread it lived in is gone. */
  ended(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const resolve of this.#playing.values()) resolve(false);
    this.#playing.clear();
    this.emit('closed');
  }
}

/** One telephone's leg. */
export class EdgeLeg extends Member {
  readonly ports: LegPorts;

  constructor(edge: MediaEdge, id: number, ports: LegPorts) {
    super(edge, id);
    this.ports = ports;
  }

  /** Says what was agreed on with the peer; null shuts the leg to it. */
  async negotiate(negotiated: Negotiated | null): Promise<void> {
    await this.edge.tell({ do: 'negotiate', leg: this.id, negotiated });
  }

  /** Says what passes to the room and from it. */
  async joinRoom(side: RoomSide): Promise<void> {
    await this.edge.tell({ do: 'room', leg: this.id, side });
  }

  /** Lets nothing pass in either direction, but what is played: to the peer, or by the room. */
  async hold(held: boolean): Promise<void> {
    await this.edge.tell({ do: 'hold', leg: this.id, held });
  }

  /** Sends digits. @throws EdgeError where the peer takes none, or they are none */
  async press(digits: string, durationMs = 120): Promise<void> {
    const pressed = await this.edge.tell({ do: 'press', leg: this.id, digits, durationMs });
    if (!pressed)
      throw new EdgeError(
        'These digits cannot be sent: the peer speaks no telephone-event, or they are none, or too many.',
      );
  }

  /** What it carried since it was last measured. */
  async measure(): Promise<LegFigures> {
    return await this.edge.tell({ do: 'measure', leg: this.id });
  }
}

/** One source of sound for a room. */
export class EdgeSource extends Member {
  /** Says how its sound goes to the room from now on; what is being played goes on where it is. */
  async speak(stream: SourceStream): Promise<void> {
    await this.edge.tell({ do: 'stream', leg: this.id, stream });
  }
}
