/**
 * Which agent helps which TV now, as the commits tell: what a live frame is routed by, without a
 * look at the database. After a start, the word that its TV is gone or back, which is committed for
 * every open interaction before a TV can say anything in it, brings each talk in again.
 */
import type { Interaction } from '../interaction/interaction.ts';
import { liveOpening } from '../protocol/liveScan.ts';

/** How much one side may say live: so much at once, and so much a second in the long run. */
const LIVE = { burst: 20, perSecond: 20 };

/** One direction of a talk. It has a bucket of its own: what passes must not take the place of what is said. */
export class Way {
  /** The TV's or agent's id who speaks, and who is to hear it. */
  readonly from: string;
  readonly to: string;
  readonly byTv: boolean;
  /** How what is said begins (liveScan.ts). */
  readonly opening: Uint8Array;
  /** Whether the talk is over, or goes on with another agent: nothing goes this way any more. */
  over = false;
  #tokens = LIVE.burst;
  #at = 0;

  constructor(from: string, to: string, byTv: boolean, opening: Uint8Array) {
    this.from = from;
    this.to = to;
    this.byTv = byTv;
    this.opening = opening;
  }

  /**
   * Takes one of what may be said live.
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

/** Both directions, by who speaks. */
export interface Talk {
  readonly tv: Way;
  readonly agent: Way;
}

export class Talks {
  readonly #talks = new Map<string, Talk>();

  /** Null when no agent is helping in it, or this process does not know. */
  of(interactionId: string): Talk | null {
    return this.#talks.get(interactionId) ?? null;
  }

  /** Takes how an interaction stands once that is committed. */
  stands({ id, tv: { tvId }, state }: Interaction): void {
    if (state.kind !== 'active') return this.forget(id);
    const { agentId } = state.agent;
    if (this.#talks.get(id)?.agent.from === agentId) return;
    this.forget(id);
    const opening = liveOpening(id);
    this.#talks.set(id, { tv: new Way(tvId, agentId, true, opening), agent: new Way(agentId, tvId, false, opening) });
  }

  /** Nobody knows how it stands, or it is over: nothing passes until a commit tells. */
  forget(interactionId: string): void {
    const talk = this.#talks.get(interactionId);
    if (talk === undefined) return;
    talk.tv.over = talk.agent.over = true;
    this.#talks.delete(interactionId);
  }
}
