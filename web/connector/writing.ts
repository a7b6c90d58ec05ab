/** "Is writing", both ways: said again while it goes on, and over by itself when nothing more is said. */

/** While somebody writes it is said this often; milliseconds. */
const AGAIN_AFTER_MS = 2_000;
/** Who pauses for so long is not writing any more. */
const PAUSED_AFTER_MS = 5_000;
/** Not heard again within this, the other side stopped, or its words got lost. */
const HEARD_FOR_MS = 6_000;

type Timer = ReturnType<typeof setTimeout> | null;

export interface WritingSaid {
  /** Called with every key press, and with false once the words are sent or taken back. */
  say(is: boolean): void;
  stop(): void;
}

/** @param send says it to the other side, at once or not at all */
export function createWritingSaid(send: (is: boolean) => void): WritingSaid {
  let saidAt: number | null = null;
  let timer: Timer = null;

  function stop(): void {
    if (timer !== null) clearTimeout(timer);
    timer = saidAt = null;
  }

  function say(is: boolean): void {
    if (!is) {
      const wasSaid = saidAt !== null;
      stop();
      if (wasSaid) send(false);
      return;
    }
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => {
      say(false);
    }, PAUSED_AFTER_MS);
    const now = Date.now();
    if (saidAt !== null && Math.abs(now - saidAt) < AGAIN_AFTER_MS) return;
    saidAt = now;
    send(true);
  }

  return { say, stop };
}

export interface WritingHeard {
  hear(is: boolean): void;
  stop(): void;
}

/** @param show told of every change, and of the end that nobody says */
export function createWritingHeard(show: (is: boolean) => void): WritingHeard {
  let timer: Timer = null;

  function hear(is: boolean): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (is) {
      timer = setTimeout(() => {
        hear(false);
      }, HEARD_FOR_MS);
    }
    show(is);
  }

  return {
    hear,
    stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
