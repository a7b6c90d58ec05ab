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
import type { Soon } from './soon.ts';

/** Snapshots kept, of some kilobytes each; the longest unused go first. */
const MAX_INTERACTIONS = 4_000;
const MAX_AGENTS = 20_000;
const MAX_OPEN = 20_000;
/** Commands remembered, so that a quick repetition needs no look-up. */
const MAX_TAKEN = 10_000;

/** Queues and agents may be changed by others without touching the line; where nobody says so, it is read anew so often. */
const LINE_FOR_MS = 10_000;

/** The line, each of it under its id; `listed` is made of it anew after a change. */
interface KnownLine extends Omit<Line, 'waiting' | 'candidates'> {
  waiting: Map<string, Waiting>;
  candidates: Map<string, Candidate>;
  listed: Line | null;
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

  interaction(id: string): Soon<Versioned<Interaction> | null> {
    return this.#interactions.get(id) ?? this.#read(this.#interactions, id, this.#store.interaction);
  }

  /** Reads these at once, for commands that are about to ask for them one after the other. */
  async readAhead(ids: string[]): Promise<void> {
    const found = await this.#settled(() => this.#store.interactions(this.#centreId, ids));
    for (const one of found) this.#interactions.set(one.value.id, one);
  }

  agent(id: string): Soon<Versioned<Agent> | null> {
    return this.#agents.get(id) ?? this.#read(this.#agents, id, this.#store.agent);
  }

  async #read<T>(
    into: Recent<T>,
    id: string,
    read: (centreId: string, id: string) => Promise<T | null>,
  ): Promise<T | null> {
    const found = await this.#settled(() => read(this.#centreId, id));
    if (found !== null) into.set(id, found);
    return found;
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

  line(): Soon<Line> {
    const line = this.#line;
    if (line !== null && (line.stands() || Math.abs(this.#clock() - line.readAt) <= LINE_FOR_MS)) return listed(line);
    return this.#readLine();
  }

  async #readLine(): Promise<Line> {
    const line = await this.#settled(() => this.#store.line(this.#centreId));
    this.#line = {
      ...line,
      waiting: new Map(line.waiting.map((one) => [one.interactionId, one])),
      candidates: new Map(line.candidates.map((one) => [one.agentId, one])),
      listed: line,
      readAt: this.#clock(),
    };
    return line;
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
    }
    for (const { next, version } of changes.agents) this.#agents.set(next.id, { value: next, version: version + 1 });
    for (const one of changes.taken) this.#taken.set(`${one.senderId} ${one.commandId}`, one);
    if (this.#line !== null) follow(this.#line, changes);
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

function listed(line: KnownLine): Line {
  line.listed ??= { ...line, waiting: [...line.waiting.values()], candidates: [...line.candidates.values()] };
  return line.listed;
}

/** Brings the line up to what was changed; most commits leave it as it was. */
function follow(line: KnownLine, { interactions, agents, lineVersion }: Changes): void {
  for (const { next, changed } of interactions) {
    if (!changed) continue;
    const places = waitingOf(next);
    if (!line.waiting.delete(next.id) && places.length === 0) continue;
    for (const place of places) line.waiting.set(next.id, place);
    line.listed = null;
  }
  for (const { next } of agents) {
    line.candidates.set(next.id, candidateOf(next));
    line.listed = null;
  }
  if (lineVersion !== null) {
    line.version = lineVersion + 1;
    line.listed = null;
  }
}

/**
 * A map that holds so many, and lets those go that were not used for long. What was used lately stands in one half,
 * the rest in the other, which is left behind whole: moving each within one map at every use is ten times as dear.
 */
class Recent<T> {
  readonly #max: number;
  #late = new Map<string, T>();
  #early = new Map<string, T>();

  constructor(max: number) {
    this.#max = max;
  }

  get(key: string): T | undefined {
    const value = this.#late.get(key);
    if (value !== undefined || this.#early.size === 0) return value;
    const older = this.#early.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: string, value: T): void {
    this.#late.set(key, value);
    if (this.#late.size <= this.#max / 2) return;
    this.#early = this.#late;
    this.#late = new Map();
  }

  clear(): void {
    this.#late.clear();
    this.#early.clear();
  }
}
