/** A small box in the browser's storage. A TV's storage may be missing, full or forbidden: then nothing is kept. */

export type KeepStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface Keep {
  /** What was put there, or null; of unknown shape, for an older version may have put it. */
  read(): unknown;
  /** Null removes it. */
  write(value: unknown): void;
}

export function createKeep(storage: KeepStorage | null, key: string): Keep {
  return {
    read() {
      try {
        const kept = storage === null ? null : storage.getItem(key);
        return kept === null ? null : (JSON.parse(kept) as unknown);
      } catch {
        return null;
      }
    },
    write(value) {
      try {
        if (value === null) storage?.removeItem(key);
        else storage?.setItem(key, JSON.stringify(value));
      } catch {
        // Full or forbidden: the connector works on without it, only a reload forgets.
      }
    },
  };
}

/** `localStorage`; reading the property alone throws where the browser forbids it. */
export function browserStorage(): KeepStorage | null {
  try {
    return typeof localStorage === 'undefined' ? null : localStorage;
  } catch {
    return null;
  }
}
