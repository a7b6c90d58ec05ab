/** Many who speak at once, as people do: each 50 times a second, at a time of its own. */

/** Somebody who speaks. */
export interface Speaker {
  /** Sends what belongs into the next 20 ms. */
  sendFrame(): void;
}

const FRAME_MS = 20;
/** What is on its way arrives. */
const ARRIVES_WITHIN_MS = 200;

/**
 * Has everybody speak for so long.
 * @returns frames that were sent, of all together, when they have arrived
 */
export async function speak(speakers: readonly Speaker[], seconds: number): Promise<number> {
  const began = performance.now();
  const turns = Math.floor((seconds * 1000) / FRAME_MS) * speakers.length;
  let turn = 0;
  return await new Promise((done) => {
    const timer = setInterval(() => {
      const due = Math.min(turns, ((performance.now() - began) / FRAME_MS) * speakers.length);
      for (; turn < due; turn += 1) speakers[turn % speakers.length]?.sendFrame();
      if (turn < turns) return;
      clearInterval(timer);
      setTimeout(() => done(turns), ARRIVES_WITHIN_MS);
    }, 1);
  });
}
