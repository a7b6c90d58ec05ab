/**
 * Which agent helps which TV now, as the commits tell: what a live frame is routed by, without a
 * look at the database. After a start, the word that its TV is gone or back, which is committed for
 * every open interaction before a TV can say anything in it, brings each talk in again.
 */
import type { Interaction } from '../interaction/interaction.ts';

/** How much one side may say live: so much at once, and so much a second in the long run. */
const LIVE = { burst: 20, perSecond: 20 };

/** One side of a talk. A bucket of its own: what passes must not take the place of what is said. */
export class Side {
  /** The TV's or agent's id. */
  readonly id: string;
  #tokens = LIVE.burst;
  #at = 0;

  constructor(id: string) {
    this.id = id;
  }

  /**
   * Takes one of what this side may say live.
   * @param now milliseconds that only ever grow
   */
  mayTell(now: number): boolean {
    this.#tokens = Math.min(LIVE.burst, this.#tokens + ((now - this.#at) / 1000) * LIVE.perSecond);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

export interface Talk {
  readonly tv: Side;
  readonly agent: Side;
}

export class Talks {
  readonly #talks = new Map<string, Talk>();

  /** Null when no agent is helping in it, or this process does not know. */
  of(interactionId: string): Talk | null {
    return this.#talks.get(interactionId) ?? null;
  }

  /** Takes how an interaction stands once that is committed. */
  stands({ id, tv, state }: Interaction): void {
    if (state.kind !== 'active') this.#talks.delete(id);
    else if (this.#talks.get(id)?.agent.id !== state.agent.agentId) {
      this.#talks.set(id, { tv: new Side(tv.tvId), agent: new Side(state.agent.agentId) });
    }
  }

  /** Nobody knows how it stands: nothing passes until a commit tells. */
  forget(interactionId: string): void {
    this.#talks.delete(interactionId);
  }
}
