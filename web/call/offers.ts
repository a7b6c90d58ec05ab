/**
 * A queue of one. Offers are answered one after another; while one is being answered the next waits,
 * and a later one takes its place: only the latest says how things are.
 */

/** An offer that is not answered, for a later one came or the call was left. Nothing is to be told to anybody. */
export class OfferDropped extends Error {
  override readonly name = 'OfferDropped';
}

export interface OfferQueue {
  /** Resolves with the answer; rejects with OfferDropped, or with why this offer could not be taken. */
  take(offer: string): Promise<string>;
  /** Drops what waits and, when it comes, the answer that is under way. Twice is harmless. */
  close(): void;
}

interface Waiting {
  offer: string;
  resolve(answer: string): void;
  reject(error: Error): void;
}

/** @param answer takes an offer and makes its answer; never called twice at once */
export function createOfferQueue(answer: (offer: string) => Promise<string>): OfferQueue {
  let busy = false;
  let closed = false;
  let waiting: Waiting | null = null;

  function drop(reason: string): void {
    if (waiting !== null) waiting.reject(new OfferDropped(reason));
    waiting = null;
  }

  function next(): void {
    if (busy || waiting === null) return;
    const { offer, resolve, reject } = waiting;
    waiting = null;
    busy = true;
    void answer(offer)
      .then(
        (made) => {
          if (closed) reject(new OfferDropped('The call was left while the offer was being answered.'));
          else resolve(made);
        },
        (error: Error) => reject(closed ? new OfferDropped('The call was left.') : error),
      )
      .then(() => {
        busy = false;
        next();
      });
  }

  return {
    take(offer) {
      if (closed) return Promise.reject(new OfferDropped('The call was left.'));
      drop('A later offer came before this one was looked at.');
      return new Promise((resolve, reject) => {
        waiting = { offer, resolve, reject };
        next();
      });
    },
    close() {
      closed = true;
      drop('The call was left.');
    },
  };
}
