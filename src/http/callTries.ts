/**
 * Tries of camera and microphone: one a supervisor at a time, a few at once, each over after two minutes. Its media
 * are somebody else's (`EchoRooms`).
 */
import { randomUUID } from 'node:crypto';
import type { CallTry, CallTryAnswered, CallTryState } from '../protocol/calls.ts';
import { HttpError } from './error.ts';

/** A room of one, in which what the browser sends comes back to it. */
export interface Echo {
  /** @param anew by new paths; of the offer before it, nothing is waited for */
  offer(anew: boolean): Promise<string>;
  /** Takes the answer to the last offer, or says what is wrong with it. */
  answer(sdp: string): Promise<{ layout: CallTryAnswered['layout'] } | { refused: string }>;
  state(): Pick<CallTryState, 'connection' | 'from'>;
  /** True when it cannot go on: it was closed, its worker died, or its connection broke for good. */
  readonly over: boolean;
  /** Twice is harmless. */
  close(): void;
}

export interface EchoRooms {
  /**
   * @param until milliseconds since the epoch; it is closed by then
   * @returns why there is none, in a sentence, when there is none
   */
  open(until: number): Promise<{ echo: Echo; iceServers: CallTry['iceServers'] } | { missing: string }>;
}

const LASTS_MS = 120_000;
const AT_ONCE = 8;

interface Trying {
  id: string;
  agentId: string;
  echo: Echo;
  endsAt: number;
  timer: NodeJS.Timeout;
}

export class CallTries {
  readonly #rooms: EchoRooms;
  readonly #clock: () => number;
  /** By the supervisor who tries. */
  readonly #trying = new Map<string, Trying>();
  /** Being opened, which counts as well. */
  readonly #opening = new Set<string>();

  constructor({ rooms, clock }: { rooms: EchoRooms; clock: () => number }) {
    this.#rooms = rooms;
    this.#clock = clock;
  }

  /**
   * Opens a try in the place of the supervisor's last one.
   * @throws HttpError 503 why there is none, 409 while another is being opened, 429 when too many others try
   */
  async open(agentId: string): Promise<CallTry> {
    if (this.#opening.has(agentId)) {
      throw new HttpError(409, 'conflict', 'Another try of yours is being opened. Wait a second and try again.');
    }
    this.#end(agentId);
    if (this.#trying.size + this.#opening.size >= AT_ONCE) {
      throw new HttpError(429, 'busy', 'Others are trying their cameras. Wait two minutes and try again.');
    }
    this.#opening.add(agentId);
    try {
      return await this.#open(agentId);
    } finally {
      this.#opening.delete(agentId);
    }
  }

  async #open(agentId: string): Promise<CallTry> {
    const endsAt = this.#clock() + LASTS_MS;
    const opened = await this.#rooms.open(endsAt);
    if ('missing' in opened) throw new HttpError(503, 'unavailable', opened.missing);
    const { echo, iceServers } = opened;
    const sdp = await echo.offer(false).catch((error: unknown) => {
      echo.close();
      throw error;
    });
    const id = randomUUID();
    const timer = setTimeout(() => this.#end(agentId), LASTS_MS).unref();
    this.#trying.set(agentId, { id, agentId, echo, endsAt, timer });
    return { id, iceServers, endsAt, sdp };
  }

  /** New paths for a try that goes on. */
  async offer(agentId: string, id: string): Promise<string> {
    return await this.#of(agentId, id).echo.offer(true);
  }

  /** @throws HttpError 400 what is wrong with the answer */
  async answer(agentId: string, id: string, sdp: string): Promise<CallTryAnswered> {
    const answered = await this.#of(agentId, id).echo.answer(sdp);
    if ('refused' in answered) throw HttpError.malformed(answered.refused);
    return answered;
  }

  state(agentId: string, id: string): CallTryState {
    const { echo, endsAt } = this.#of(agentId, id);
    return { ...echo.state(), endsAt };
  }

  /** Ends it, where it is there still. */
  close(agentId: string, id: string): void {
    if (this.#trying.get(agentId)?.id === id) this.#end(agentId);
  }

  /** @throws HttpError 404 when it is over, or somebody else's */
  #of(agentId: string, id: string): Trying {
    const trying = this.#trying.get(agentId);
    if (trying?.id === id && !trying.echo.over) return trying;
    if (trying?.id === id) this.#end(agentId);
    throw new HttpError(404, 'notFound', 'This try is over. Start another.');
  }

  #end(agentId: string): void {
    const trying = this.#trying.get(agentId);
    if (trying === undefined) return;
    this.#trying.delete(agentId);
    clearTimeout(trying.timer);
    trying.echo.close();
  }
}
