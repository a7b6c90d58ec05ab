/** Fetches bytes with an end in sight. */

/** A segment that takes longer is asked for again. Milliseconds. */
const TIMEOUT_MS = 4000;

/** @throws Error with the address and what happened */
export type Load = (address: string) => Promise<ArrayBuffer>;

export const load: Load = (address) => {
  const abort = typeof AbortController === 'function' ? new AbortController() : null;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`${address} did not answer within ${TIMEOUT_MS / 1000} s`));
      if (abort !== null) abort.abort();
    }, TIMEOUT_MS);
    void fetch(address, abort === null ? {} : { signal: abort.signal })
      .then((answer) => {
        if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
        return answer.arrayBuffer();
      })
      .then(resolve, reject)
      .then(() => clearTimeout(timer));
  });
};
