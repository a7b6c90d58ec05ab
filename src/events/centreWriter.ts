/**
 * Group commit, one writer a contact centre. Idle, a command is committed at once and by itself.
 * While a commit is under way, the commands that come meanwhile are decided on what it will leave
 * behind, and share the next one, which is sent as soon as the first is kept: the busier it is, the
 * more each commit carries, and neither the database nor this process waits for the other. Commands
 * keep the order in which they came. Nobody is answered before the commit that the answer builds on
 * is kept; when one fails, whatever was decided on it is decided anew.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { CentreState } from './centreState.ts';
import {
  ConflictError,
  UnavailableError,
  UncertainError,
  type Answer,
  type Changes,
  type Commit,
  type Store,
} from './ports.ts';
import type { UnitOfWork } from './unitOfWork.ts';

/** Commands that share a commit at most. */
const MAX_BATCH = 256;

/** Tries of one batch while others write the same; each waits a little longer. */
const MAX_TRIES = 12;

/** A command as it waits for its turn. */
export interface Act {
  /** Set for a client's command: what was taken before is answered without being done again. */
  command: { senderId: string; commandId: string } | null;
  /** Does it on the unit of work; what it returns is told once everything is kept. Refused, it may be said again. */
  perform(work: UnitOfWork): Promise<Answer>;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

export interface CentreWriterOptions {
  centreId: string;
  store: Store;
  state: CentreState;
  newWork: () => UnitOfWork;
  clock: () => number;
  /** Told after each commit, with how many commands shared it and how many milliseconds it took. */
  committed: (commit: Commit, commands: number, ms: number) => void;
  /** Told when nobody knows whether something was kept. */
  uncertain: (commit: Commit) => void;
}

/** Commands decided together. */
interface Batch {
  work: UnitOfWork;
  acts: Act[];
  /** What each came to; one fewer when the last could not be decided, by a fault of ours or the database's. */
  answers: Answer[];
}

/** A batch on its way into the database. */
interface Flight extends Batch {
  /** False when there was nothing to write. */
  writes: boolean;
  /** Null while it is under way; `ms` is how long it took. */
  outcome: { ms: number } | { error: unknown } | null;
}

export class CentreWriter {
  readonly #options: CentreWriterOptions;
  readonly #waiting: Act[] = [];
  #working = false;
  /** Ends a rest: something came, or the flight is over. */
  #wake: (() => void) | null = null;

  constructor(options: CentreWriterOptions) {
    this.#options = options;
  }

  submit(act: Act): void {
    this.#waiting.push(act);
    if (this.#working) this.#wake?.();
    else void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    // Whatever was said in the same turn of the event loop goes along.
    await Promise.resolve();
    let flight: Flight | null = null;
    let batch = this.#newBatch();
    for (;;) {
      await this.#gather(batch, flight);
      if (flight !== null) {
        const landed: Flight = flight;
        const { outcome } = landed;
        if (outcome === null) {
          if (!this.#takesMore(batch)) await this.#rest();
          continue;
        }
        flight = null;
        if ('error' in outcome) {
          this.#waiting.unshift(...batch.acts);
          batch = this.#newBatch();
          await this.#recover(landed, outcome.error);
          continue;
        }
        // The database first: telling everybody takes its time too.
        if (batch.acts.length > 0 && !isSpoilt(batch)) {
          flight = this.#send(batch);
          batch = this.#newBatch();
        }
        this.#land(landed, outcome.ms);
      } else if (batch.acts.length > 0) {
        if (isSpoilt(batch)) await this.#oneByOne(batch.acts);
        else flight = this.#send(batch);
        batch = this.#newBatch();
      } else if (this.#waiting.length === 0) break;
    }
    this.#working = false;
  }

  #newBatch(): Batch {
    return { work: this.#options.newWork(), acts: [], answers: [] };
  }

  /** Something waits that this batch has room for. */
  #takesMore(batch: Batch): boolean {
    return this.#waiting.length > 0 && batch.acts.length < MAX_BATCH && !isSpoilt(batch);
  }

  /** Decides what waits, on top of the flight, and stops early when that is over and there is something to follow it. */
  async #gather(batch: Batch, flight: Flight | null): Promise<void> {
    while (this.#takesMore(batch) && !(batch.acts.length > 0 && flight !== null && flight.outcome !== null)) {
      const act = this.#waiting.shift() as Act;
      batch.acts.push(act);
      try {
        batch.answers.push(await this.#perform(act, batch.work));
      } catch {
        // Told when it is tried by itself: the others must not suffer from it.
        return;
      }
    }
  }

  async #rest(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = null;
  }

  #send(batch: Batch): Flight {
    const { centreId, store, state } = this.#options;
    const changes = batch.work.changes();
    const flight: Flight = { ...batch, writes: hasAny(changes), outcome: null };
    if (!flight.writes) {
      flight.outcome = { ms: 0 };
      return flight;
    }
    const began = performance.now();
    const over = store.save(centreId, changes).then(
      () => {
        flight.outcome = { ms: performance.now() - began };
      },
      (error: unknown) => {
        flight.outcome = { error };
      },
    );
    state.saving(changes, over);
    void over.then(() => this.#wake?.());
    return flight;
  }

  /** What it changed is kept: everybody is told, and answered. */
  #land({ work, acts, answers, writes }: Flight, ms: number): void {
    if (writes) this.#options.committed(work.commit(), acts.length, ms);
    acts.forEach((act, n) => act.resolve(answers[n] as Answer));
  }

  /** It was not kept, or nobody knows: nothing that was known is certain any more. */
  async #recover({ work, acts }: Flight, error: unknown): Promise<void> {
    this.#options.state.forget();
    if (error instanceof UncertainError) this.#options.uncertain(work.commit());
    if (error instanceof ConflictError) {
      try {
        await this.#giveWay(acts, 1);
        return await this.#commit(acts, 2);
      } catch (failure) {
        error = failure;
      }
    }
    if (acts.length === 1) {
      this.#options.state.forget();
      acts[0]?.reject(error);
    } else await this.#oneByOne(acts);
  }

  /** One of them cannot be done; the others must not suffer from it. */
  async #oneByOne(acts: Act[]): Promise<void> {
    for (const act of acts) {
      this.#options.state.forget();
      try {
        await this.#commit([act], 1);
      } catch (error) {
        this.#options.state.forget();
        act.reject(error);
        // Tried in turn, the last of those who wait would wait for as many times as long.
        if (error instanceof UnavailableError) {
          for (const rest of [...acts.splice(acts.indexOf(act) + 1), ...this.#waiting.splice(0)]) rest.reject(error);
        }
      }
    }
  }

  /** Decides and commits them while nothing else is under way, again and again while others write the same. */
  async #commit(acts: Act[], firstTry: number): Promise<void> {
    const { centreId, store, state, uncertain } = this.#options;
    for (let tries = firstTry; ; tries += 1) {
      const batch: Flight = { ...this.#newBatch(), acts, writes: false, outcome: null };
      for (const act of acts) batch.answers.push(await this.#perform(act, batch.work));
      const changes = batch.work.changes();
      batch.writes = hasAny(changes);
      const began = performance.now();
      try {
        if (batch.writes) await store.save(centreId, changes);
      } catch (error) {
        if (error instanceof UncertainError) uncertain(batch.work.commit());
        if (!(error instanceof ConflictError) || tries === MAX_TRIES) throw error;
        await this.#giveWay(acts, tries);
        continue;
      }
      if (batch.writes) state.saved(changes);
      this.#land(batch, performance.now() - began);
      return;
    }
  }

  /** Somebody else wrote first. One of these commands may be a repetition from before this process began. */
  async #giveWay(acts: Act[], tries: number): Promise<void> {
    const { state, store } = this.#options;
    state.forget();
    const commands = acts.flatMap(({ command }) => (command === null ? [] : [command]));
    if (commands.length > 0) state.recall(await store.taken(commands));
    await delay(Math.random() * 2 ** Math.min(tries, 6));
  }

  async #perform(act: Act, work: UnitOfWork): Promise<Answer> {
    const { store, state, clock } = this.#options;
    if (act.command !== null) {
      const { senderId, commandId } = act.command;
      const before = work.answered(senderId, commandId) ?? state.answered(senderId, commandId);
      if (before !== undefined) return { ok: true, interactionId: before.interactionId };
    }
    work.begin(clock());
    const answer = await act.perform(work);
    await work.settle();
    if (act.command === null) return answer;
    if (answer.ok) {
      work.take({ ...act.command, interactionId: answer.interactionId });
      return answer;
    }
    // What is refused now may have been taken before this process began, and have led to the state that refuses it.
    const [before] = await store.taken([act.command]);
    if (before === undefined) return answer;
    state.recall([before]);
    return { ok: true, interactionId: before.interactionId };
  }
}

function isSpoilt({ acts, answers }: Batch): boolean {
  return answers.length < acts.length;
}

function hasAny(changes: Changes): boolean {
  const { interactions, agents, taken, setTimers, cancelTimers } = changes;
  return interactions.length + agents.length + taken.length + setTimers.length + cancelTimers.length > 0;
}
