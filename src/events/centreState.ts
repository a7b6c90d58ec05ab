/**
 * What this process knows of one contact centre between two commits, so that a command costs one
 * statement where it can: snapshots under their versions, the line, what is open for whom. It runs
 * ahead of the commit that is under way, and what it does not know is read once that is over. It is
 * right as long as this process is the only writer; where it is not, the versions tell at the next
 * save, and everything is forgotten and read anew.
 */
import { isEnded, type Interaction } from '../interaction/interaction.ts';
import type { Agent } from '../agent/agent.ts';
import { candidateOf, waitingOf } from '../routing/eligible.ts';
import type { Candidate, Waiting } from '../routing/routing.ts';
import type { Changes, Line, Store, TakenCommand, Versioned } from './ports.ts';

/** Snapshots kept, of some kilobytes each; the longest unused go first. */
const MAX_INTERACTIONS = 4_000;
const MAX_AGENTS = 20_000;
const MAX_OPEN = 20_000;
/** Commands remembered, so that a quick repetition needs no look-up. */
const MAX_TAKEN = 10_000;

/** Queues and agents may be changed by others without touching the line; where nobody says so, it is read anew so often. */
const LINE_FOR_MS = 10_000;

interface KnownLine extends Omit<Line, 'waiting' | 'candidates'> {
  waiting: Map<string, Waiting>;
  candidates: Map<string, Candidate>;
  readAt: number;
}

export class CentreState {
  readonly #store: Store;
  readonly #centreId: string;
  readonly #clock: () => number;
  readonly #interactions = new Recent<Versioned<Interaction>>(MAX_INTERACTIONS);
  readonly #agents = new Recent<Versioned<Agent>>(MAX_AGENTS);
  readonly #open = new Recent<string | null>(MAX_OPEN);
  readonly #taken = new Recent<TakenCommand>(MAX_TAKEN);
  #line: KnownLine | null = null;
  #saving: Promise<void> | null = null;

  constructor(store: Store, centreId: string, clock: () => number) {
    this.#store = store;
    this.#centreId = centreId;
    this.#clock = clock;
  }

  async interaction(id: string): Promise<Versioned<Interaction> | null> {
    return await this.#interactions.getOr(id, () => this.#settled(() => this.#store.interaction(this.#centreId, id)));
  }

  async agent(id: string): Promise<Versioned<Agent> | null> {
    return await this.#agents.getOr(id, () => this.#settled(() => this.#store.agent(this.#centreId, id)));
  }

  /** The id of what is open for a TV. */
  async openInteractionOf(tvId: string): Promise<string | null> {
    const known = this.#open.get(tvId);
    if (known !== undefined) return known;
    const found = await this.#settled(() => this.#store.openInteractionOf(this.#centreId, tvId));
    this.#open.set(tvId, found);
    return found;
  }

  /** What a command was answered when it was taken, if that was lately; undefined tells nothing. */
  answered(senderId: string, commandId: string): TakenCommand | undefined {
    return this.#taken.get(`${senderId} ${commandId}`);
  }

  tv(tvId: string): ReturnType<Store['tv']> {
    return this.#store.tv(this.#centreId, tvId);
  }

  catalogue(): ReturnType<Store['catalogue']> {
    return this.#store.catalogue(this.#centreId);
  }

  async line(): Promise<Line> {
    const now = this.#clock();
    if (this.#line === null || (Math.abs(now - this.#line.readAt) > LINE_FOR_MS && !this.#line.stands())) {
      const line = await this.#settled(() => this.#store.line(this.#centreId));
      this.#line = {
        ...line,
        waiting: new Map(line.waiting.map((one) => [one.interactionId, one])),
        candidates: new Map(line.candidates.map((one) => [one.agentId, one])),
        readAt: now,
      };
    }
    const { waiting, candidates } = this.#line;
    return { ...this.#line, waiting: [...waiting.values()], candidates: [...candidates.values()] };
  }

  /** These changes are being kept until `over`, which never rejects; what is known follows them already. */
  saving(changes: Changes, over: Promise<void>): void {
    this.saved(changes);
    const saving = over.then(() => {
      if (this.#saving === saving) this.#saving = null;
    });
    this.#saving = saving;
  }

  /** Reads when no commit is under way: what it leaves behind would be missed. */
  async #settled<T>(read: () => Promise<T>): Promise<T> {
    while (this.#saving !== null) await this.#saving;
    return await read();
  }

  /** These changes are kept now; what is known follows them. */
  saved(changes: Changes): void {
    for (const { next, version, events } of changes.interactions) {
      this.#interactions.set(next.id, { value: next, version: version + events.length });
      const open = next.state.kind !== 'wrapUp' && !isEnded(next);
      if (open) this.#open.set(next.tv.tvId, next.id);
      else if (this.#open.get(next.tv.tvId) === next.id) this.#open.set(next.tv.tvId, null);
      this.#line?.waiting.delete(next.id);
      for (const waiting of waitingOf(next)) this.#line?.waiting.set(next.id, waiting);
    }
    for (const { next, version } of changes.agents) {
      this.#agents.set(next.id, { value: next, version: version + 1 });
      this.#line?.candidates.set(next.id, candidateOf(next));
    }
    for (const one of changes.taken) this.#taken.set(`${one.senderId} ${one.commandId}`, one);
    if (this.#line !== null && changes.lineVersion !== null) this.#line.version = changes.lineVersion + 1;
  }

  /** These commands were taken before, as the store knows. */
  recall(commands: TakenCommand[]): void {
    for (const one of commands) this.#taken.set(`${one.senderId} ${one.commandId}`, one);
  }

  /** Somebody else wrote, or nobody knows what was kept: read everything anew. */
  forget(): void {
    this.#interactions.clear();
    this.#agents.clear();
    this.#open.clear();
    this.#taken.clear();
    this.#line = null;
  }
}

/** A map that holds so many and lets the longest unused go. */
class Recent<T> {
  readonly #max: number;
  readonly #map = new Map<string, T>();

  constructor(max: number) {
    this.#max = max;
  }

  get(key: string): T | undefined {
    const value = this.#map.get(key);
    if (value === undefined) return undefined;
    // A Map keeps the order of insertion: the latest used stands last.
    this.#map.delete(key);
    this.#map.set(key, value);
    return value;
  }

  async getOr<V extends T>(key: string, read: () => Promise<V | null>): Promise<T | null> {
    const known = this.get(key);
    if (known !== undefined) return known;
    const found = await read();
    if (found !== null) this.set(key, found);
    return found;
  }

  set(key: string, value: T): void {
    this.#map.delete(key);
    this.#map.set(key, value);
    if (this.#map.size > this.#max) for (const oldest of this.#map.keys()) return void this.#map.delete(oldest);
  }

  clear(): void {
    this.#map.clear();
  }
}
