import { describe, expect, it } from 'vitest';
import { createNoteStore } from '../../../../web/agent/wrapup/note-store.ts';

const DAY = 24 * 3_600_000;

function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    key: (i) => [...kept.keys()][i] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    clear: () => kept.clear(),
  };
}

describe('notes that are not saved yet', () => {
  it('come back after a reload, until they are saved', () => {
    const kept = storage();
    createNoteStore('sam', kept, () => 0).keep('ix1', 'Router restarted.');
    const after = createNoteStore('sam', kept, () => DAY);
    expect(after.read('ix1')).toBe('Router restarted.');
    expect(after.read('ix2')).toBeNull();
    after.forget('ix1');
    expect(after.read('ix1')).toBeNull();
  });

  it('are shown to nobody else at the same computer', () => {
    const kept = storage();
    createNoteStore('sam', kept, () => 0).keep('ix1', 'Router restarted.');
    expect(createNoteStore('priya', kept, () => 0).read('ix1')).toBeNull();
  });

  it('are forgotten after a week, and other things in the storage are left alone', () => {
    const kept = storage();
    kept.setItem('somebody.else', 'stays');
    kept.setItem('couchline.note.sam.ix0', 'not ours to read');
    createNoteStore('sam', kept, () => 0).keep('ix1', 'Old.');
    createNoteStore('sam', kept, () => 8 * DAY);
    expect(kept.length).toBe(1);
    expect(kept.getItem('somebody.else')).toBe('stays');
  });

  it('do no harm where the browser keeps nothing', () => {
    const full = {
      ...storage(),
      setItem: () => {
        throw new Error('QuotaExceeded');
      },
    };
    const notes = createNoteStore('sam', full, () => 0);
    expect(() => notes.keep('ix1', 'x')).not.toThrow();
    expect(createNoteStore('sam', null, () => 0).read('ix1')).toBeNull();
  });
});
