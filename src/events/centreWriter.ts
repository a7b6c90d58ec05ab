/**
 * Group commit, one writer a contact centre. Idle, a command is committed at once and by itself.
 * While a commit is under way, the commands that come meanwhile gather, and share the next one:
 * the busier it is, the more each commit carries. Commands keep the order in which they came.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { CentreState } from './centreState.ts';
import { ConflictError, UncertainError, type Commit, type Store } from './ports.ts';
import type { UnitOfWork } from './unitOfWork.ts';

/** Commands that share a commit at most. */
const MAX_BATCH = 256;

/** Tries of one batch while others write the same; each waits a little longer. */
const MAX_TRIES = 12;

/** A command as it waits for its turn. */
export interface Act {
  /** Set for a client's command: what was taken before is answered without being done again. */
  command: { senderId: string; commandId: string } | null;
  /** Does it on the unit of work; what it returns is told once everything is kept. */
  perform(work: UnitOfWork): Promise<Result>;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export interface Result {
  /** False when it was refused: then it is not noted, and may be said again. */
  kept: boolean;
  interactionId: string | null;
  /** What the door answers to a refused one. */
  refusal?: unknown;
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

export class CentreWriter {
  readonly #options: CentreWriterOptions;
  #waiting: Act[] = [];
  #busy = false;

  constructor(options: CentreWriterOptions) {
    this.#options = options;
  }

  submit(act: Act): void {
    this.#waiting.push(act);
    if (!this.#busy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    // Whatever was said in the same turn of the event loop goes along.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MAX_BATCH);
      try {
        await this.#commit(batch);
      } catch (error) {
        // The outcome of the commit may be unknown: nothing that was known is certain any more.
        this.#options.state.forget();
        if (batch.length === 1) batch[0]?.reject(error);
        else await this.#oneByOne(batch);
      }
    }
    this.#busy = false;
  }

  /** One of them cannot be done; the others must not suffer from it. */
  async #oneByOne(batch: Act[]): Promise<void> {
    for (const act of batch) {
      try {
        await this.#commit([act]);
      } catch (error) {
        this.#options.state.forget();
        act.reject(error);
      }
    }
  }

  async #commit(batch: Act[]): Promise<void> {
    const { centreId, store, state, committed, uncertain } = this.#options;
    for (let tries = 1; ; tries += 1) {
      const began = performance.now();
      const work = this.#options.newWork();
      const results: Result[] = [];
      for (const act of batch) results.push(await this.#perform(act, work));
      const changes = work.changes();
      const nothing =
        changes.interactions.length + changes.agents.length + changes.taken.length + changes.cancelTimers.length ===
          0 && changes.setTimers.length === 0;
      try {
        if (!nothing) await store.save(centreId, changes);
      } catch (error) {
        if (error instanceof UncertainError) uncertain(work.commit());
        if (!(error instanceof ConflictError) || tries === MAX_TRIES) throw error;
        state.forget();
        await this.#recall(batch);
        await delay(Math.random() * 2 ** Math.min(tries, 6));
        continue;
      }
      if (!nothing) {
        state.saved(changes);
        committed(work.commit(), batch.length, performance.now() - began);
      }
      batch.forEach((act, n) => act.resolve(results[n] as Result));
      return;
    }
  }

  async #perform(act: Act, work: UnitOfWork): Promise<Result> {
    const { store, state, clock } = this.#options;
    if (act.command !== null) {
      const { senderId, commandId } = act.command;
      const before = work.answered(senderId, commandId) ?? state.answered(senderId, commandId);
      if (before !== undefined) return { kept: true, interactionId: before.interactionId };
    }
    work.begin(clock());
    const result = await act.perform(work);
    await work.settle();
    if (act.command === null) return result;
    if (result.kept) {
      work.take({ ...act.command, interactionId: result.interactionId });
      return result;
    }
    // What is refused now may have been taken before this process began, and have led to the state that refuses it.
    const [before] = await store.taken([act.command]);
    if (before === undefined) return result;
    state.recall([before]);
    return { kept: true, interactionId: before.interactionId };
  }

  /** After a conflict: one of the commands may be a repetition from before this process began. */
  async #recall(batch: Act[]): Promise<void> {
    const commands = batch.flatMap(({ command }) => (command === null ? [] : [command]));
    if (commands.length > 0) this.#options.state.recall(await this.#options.store.taken(commands));
  }
}
