/**
 * Passes live frames on: checked against the schema of who says them, routed by the talks, rate-limited, and handed
 * to the other side as the bytes that came. Nothing is awaited.
 *
 * The first of a connection is parsed, and the way it takes is kept with the connection. Those that follow it, as the
 * connectors write them, are looked at as bytes (protocol/liveScan.ts): neither parsed nor looked up.
 */
import { MAX_LIVE_BYTES, type LiveMessage } from '../protocol/live.ts';
import { isAgentLive, isTvLive } from '../protocol/liveCheck.ts';
import { isLiveAsWritten } from '../protocol/liveScan.ts';
import { BURDEN } from './burden.ts';
import type { Connection } from './connection.ts';
import type { Roster } from './roster.ts';
import type { Session } from './session.ts';
import type { Talks, Way } from './talks.ts';
import { payloadAt } from './textFrame.ts';

/** Bytes of what else came by the same read that a frame may hold on to while it waits to be sent. */
const BESIDE_BYTES = 1024;

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

  constructor(talks: Talks, roster: Roster) {
    this.#talks = talks;
    this.#roster = roster;
  }

  /**
   * Passes a message on, or leaves it out.
   * @param message what the frame was parsed into
   * @returns the way it took; null when this is not for this session to say: then it is a message like any other, to
   * be refused
   */
  pass({ subject, connection }: Session, message: object, frame: Buffer): Way | null {
    if (isTooLong(frame)) return null;
    const byTv = subject.kind === 'tv';
    if (byTv ? !isTvLive(message) : !isAgentLive(message)) return null;
    const way = this.#talks.of((message as LiveMessage).interactionId)?.[subject.kind] ?? null;
    if (way?.from !== subject.id) return null;
    this.#relay(connection, way, frame);
    return way;
  }

  /**
   * The same without parsing, for who has said something this way before.
   * @returns false when it is to be parsed
   */
  passAsWritten(connection: Connection, way: Way, frame: Buffer): boolean {
    if (way.over || isTooLong(frame) || !isLiveAsWritten(frame, payloadAt(frame), way.opening, way.byTv)) return false;
    this.#relay(connection, way, frame);
    return true;
  }

  #relay(from: Connection, way: Way, frame: Buffer): void {
    if (!way.mayTell(from.lastHeardAt)) {
      this.figures.rateLimited += 1;
      from.bear(BURDEN.liveTooMuch);
      return;
    }
    const sent = frame.buffer.byteLength - frame.length > BESIDE_BYTES ? Buffer.from(frame) : frame;
    let heard = false;
    for (const { connection } of this.#roster.of(way.to)) heard = connection.pass(sent) || heard;
    if (heard) this.figures.relayed += 1;
    else this.figures.unheard += 1;
  }
}

function isTooLong(frame: Buffer): boolean {
  return frame.length - payloadAt(frame) > MAX_LIVE_BYTES;
}
