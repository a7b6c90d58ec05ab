/**
 * Passes live frames on: parsed once already, checked here against the schema of who says them,
 * routed by the talks, and handed to the other side as the bytes that came. Nothing is awaited.
 */
import { MAX_LIVE_BYTES, type LiveMessage } from '../protocol/live.ts';
import { isAgentLive, isTvLive } from '../protocol/liveCheck.ts';
import type { Roster } from './roster.ts';
import type { Session } from './session.ts';
import type { Talks } from './talks.ts';
import { textFrame } from './textFrame.ts';

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
   * Passes a message on, or leaves it out.
   * @param message what `bytes` were parsed into
   * @returns false when this is not for this session to say: then it is a message like any other, to be refused
   */
  pass({ subject }: Session, message: object, bytes: Buffer): boolean {
    if (bytes.length > MAX_LIVE_BYTES) return false;
    const byTv = subject.kind === 'tv';
    if (byTv ? !isTvLive(message) : !isAgentLive(message)) return false;
    const talk = this.#talks.of((message as LiveMessage).interactionId);
    if (talk === null) return false;
    const from = byTv ? talk.tv : talk.agent;
    const to = byTv ? talk.agent : talk.tv;
    if (from.id !== subject.id) return false;
    if (!from.mayTell(this.#elapsed())) {
      this.figures.rateLimited += 1;
      return true;
    }
    const frame = textFrame(bytes);
    let heard = false;
    for (const { connection } of this.#roster.of(to.id)) heard = connection.pass(frame) || heard;
    if (heard) this.figures.relayed += 1;
    else this.figures.unheard += 1;
    return true;
  }
}
