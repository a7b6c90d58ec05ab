/**
 * Commands said and not yet answered, the oldest first. Each keeps its id until the service has
 * acknowledged or refused it, so that saying it again after a lost connection does it once.
 */
import type { ClientMessage } from '../../src/protocol/client.ts';
import type { RefusalCode } from '../../src/protocol/server.ts';
import { newId } from './id.ts';
import type { Keep } from './keep.ts';
import { refusal } from './refusal.ts';

/** More than this many unanswered commands are refused at once. */
const LIMIT = 100;

/** What was kept longer ago than this is not said after a reload: nobody waits for it any more. */
const STALE_AFTER_MS = 15 * 60_000;

type WithoutEnvelope<M> = M extends unknown ? Omit<M, 'v' | 'id'> : never;
/** A message without its envelope. What is live is said at once or not at all, and never waits here. */
export type Body = WithoutEnvelope<Exclude<ClientMessage, { type: 'live' }>>;

/** The answer to a command that was taken: an acknowledgement, or what an event says of it. */
export interface Taken {
  re: string;
  interactionId?: string;
}

interface Entry {
  id: string;
  body: Body;
  at: number;
  /** Survives a reload; false for what is measured anew anyway. */
  kept: boolean;
  /** True while it is under way on the present connection. */
  sent: boolean;
  /** True once any connection carried it: the service may have it. */
  everSent: boolean;
  resolve(answer: Taken): void;
  reject(error: Error): void;
}

export interface Said {
  id: string;
  /** Resolves with the acknowledgement; rejects with a RefusedError. */
  done: Promise<Taken>;
}

export interface Outbox {
  /** Commands that are kept and not yet answered. */
  readonly size: number;
  readonly entries: readonly Entry[];
  /** @param kept true for what is said after a reload too */
  add(body: Body, kept: boolean): Said;
  settle(answer: Taken): void;
  refuse(id: string, code: RefusalCode, message: string, retry: boolean): void;
  /** The connection is gone: all must be said again. */
  unsend(): void;
  /** Takes back what never left; false when the service may have it. */
  cancel(id: string): boolean;
  /** Nobody will answer: rejects all, and leaves in storage what the next start can still say. */
  abandon(message: string): void;
}

export function createOutbox(keep: Keep | null, onChange: () => void): Outbox {
  let entries: Entry[] = restore(keep);

  function change(next: Entry[]): void {
    entries = next;
    const kept = entries.filter((entry) => entry.kept);
    keep?.write(kept.length === 0 ? null : kept.map(({ id, body, at }) => ({ id, body, at })));
    onChange();
  }

  function take(id: string): Entry | undefined {
    const found = entries.find((entry) => entry.id === id);
    if (found !== undefined) change(entries.filter((entry) => entry !== found));
    return found;
  }

  return {
    get size() {
      return entries.filter((entry) => entry.kept).length;
    },
    get entries() {
      return entries;
    },
    add(body, kept) {
      const id = newId();
      const done = new Promise<Taken>((resolve, reject) => {
        if (entries.length < LIMIT) {
          const at = Date.now();
          change(entries.concat({ id, body, at, kept, sent: false, everSent: false, resolve, reject }));
          return;
        }
        const message = `${LIMIT} messages are waiting for the connection already. Try again when it is back.`;
        reject(refusal('unavailable', message, true));
      });
      return { id, done };
    },
    settle(answer) {
      take(answer.re)?.resolve(answer);
    },
    refuse(id, code, message, retry) {
      take(id)?.reject(refusal(code, message, retry));
    },
    unsend() {
      for (const entry of entries) entry.sent = false;
    },
    cancel(id) {
      if (entries.some((entry) => entry.id === id && entry.everSent)) return false;
      take(id)?.reject(refusal('ended', 'It was taken back before it was said.'));
      return true;
    },
    abandon(message) {
      const left = entries;
      entries = [];
      onChange();
      for (const entry of left) entry.reject(refusal('unavailable', message, true));
    },
  };
}

function restore(keep: Keep | null): Entry[] {
  const kept = keep?.read();
  if (!Array.isArray(kept)) return [];
  const ignore = (): void => undefined;
  return (kept as (Partial<Entry> | null)[])
    .filter((one) => one && typeof one.id === 'string' && typeof one.body === 'object' && isFresh(one.at))
    .slice(0, LIMIT)
    .map((one) => {
      const { id, body, at } = one as Entry;
      return { id, body, at, kept: true, sent: false, everSent: true, resolve: ignore, reject: ignore };
    });
}

function isFresh(at: unknown): boolean {
  return typeof at === 'number' && Math.abs(Date.now() - at) < STALE_AFTER_MS;
}
