/**
 * Notes that are not saved yet, kept in this browser so that a reload or a lost connection takes
 * nothing away. A note goes with its agent's id, and is forgotten when saved or after a week.
 */

const PREFIX = 'couchline.note.';
const KEPT_FOR_MS = 7 * 24 * 3_600_000;

type Keeper = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

export interface NoteStore {
  /** Null when nothing is kept. */
  read(interactionId: string): string | null;
  keep(interactionId: string, text: string): void;
  forget(interactionId: string): void;
}

/** @param storage null where the browser allows none: then nothing is kept */
export function createNoteStore(agentId: string, storage: Keeper | null, now: () => number): NoteStore {
  const key = (interactionId: string) => `${PREFIX}${agentId}.${interactionId}`;
  if (storage !== null) sweep(storage, now());
  return {
    read(interactionId) {
      return parse(storage?.getItem(key(interactionId)) ?? null)?.text ?? null;
    },
    keep(interactionId, text) {
      try {
        storage?.setItem(key(interactionId), JSON.stringify({ at: now(), text }));
      } catch {
        // A full or forbidden storage keeps nothing; the note is still on the page.
      }
    },
    forget(interactionId) {
      storage?.removeItem(key(interactionId));
    },
  };
}

function parse(kept: string | null): { at: number; text: string } | null {
  if (kept === null) return null;
  try {
    const value: unknown = JSON.parse(kept);
    if (typeof value !== 'object' || value === null || !('at' in value) || !('text' in value)) return null;
    return typeof value.at === 'number' && typeof value.text === 'string' ? { at: value.at, text: value.text } : null;
  } catch {
    return null;
  }
}

function sweep(storage: Keeper, now: number): void {
  const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i)).filter((key) => key !== null);
  for (const key of keys) {
    if (!key.startsWith(PREFIX)) continue;
    const note = parse(storage.getItem(key));
    if (note === null || now - note.at > KEPT_FOR_MS) storage.removeItem(key);
  }
}
