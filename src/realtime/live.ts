/**
 * Passes live frames on: parsed once already, checked here against the schema of who says them,
 * routed by the talks, and handed to the other side as the bytes that came. Nothing is awaited.
 */
import { agentLive, MAX_LIVE_BYTES, tvLive } from '../protocol/live.ts';
import type { Roster } from './roster.ts';
import type { Session } from './session.ts';
import type { Talks } from './talks.ts';

/** Live frames by what became of them, since the process began. */
export interface LiveFigures {
  /** Handed to at least one connection of the other side. */
  relayed: number;
  /** More than one side may say. */
  rateLimited: number;
  /** The other side does not read, or is not there. */
  unheard: number;
}

export class LiveFrames {
  readonly figures: LiveFigures = { relayed: 0, rateLimited: 0, unheard: 0 };
  readonly #talks: Talks;
  readonly #roster: Roster;
  readonly #elapsed: () => number;

  constructor(talks: Talks, roster: Roster, elapsed: () => number) {
    this.#talks = talks;
    this.#roster = roster;
    this.#elapsed = elapsed;
  }

  /**
   * Passes a frame on, or leaves it out.
   * @param message what `frame` was parsed into
   * @returns false when this is not for this session to say: then it is a message like any other, to be refused
   */
  pass({ subject }: Session, message: object, frame: Buffer): boolean {
    if (frame.length > MAX_LIVE_BYTES) return false;
    const parsed = (subject.kind === 'tv' ? tvLive : agentLive).safeParse(message);
    if (!parsed.success) return false;
    const talk = this.#talks.of(parsed.data.interactionId);
    if (talk === null) return false;
    const [from, to] = subject.kind === 'tv' ? [talk.tv, talk.agent] : [talk.agent, talk.tv];
    if (from.id !== subject.id) return false;
    if (!from.mayTell(this.#elapsed())) {
      this.figures.rateLimited += 1;
      return true;
    }
    let heard = false;
    for (const { connection } of this.#roster.of(to.id)) heard = connection.pass(frame) || heard;
    if (heard) this.figures.relayed += 1;
    else this.figures.unheard += 1;
    return true;
  }
}
