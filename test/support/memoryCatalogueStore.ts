/** The catalogue's store without a database; test/contract/catalogueStore.ts holds it to the same rules. */
import type {
  CatalogueDraft,
  CatalogueStore,
  EditConflict,
  Editor,
  PublishedCatalogue,
  StoredCatalogue,
} from '../../src/diagnosis/catalogueStore.ts';
import type { CatalogueEntry } from '../../src/diagnosis/diagnosis.ts';
import { shippedCatalogue } from '../../src/diagnosis/shipped.ts';

interface Shelf {
  versions: PublishedCatalogue[];
  draft: CatalogueDraft | null;
}

export function createMemoryCatalogueStore(): CatalogueStore {
  const shelves = new Map<string, Shelf>();
  let revision = 0;

  function shelfOf(centreId: string): Shelf {
    let shelf = shelves.get(centreId);
    if (shelf === undefined) {
      const first = { version: 1, entries: shippedCatalogue, by: 'Couchline', at: 0, note: 'Shipped with the service' };
      shelf = { versions: [first], draft: null };
      shelves.set(centreId, shelf);
    }
    return shelf;
  }

  function latestOf({ versions }: Shelf): PublishedCatalogue {
    const latest = versions[versions.length - 1];
    if (latest === undefined) throw new Error('A shelf starts with a version.');
    return latest;
  }

  function state(centreId: string): StoredCatalogue {
    const shelf = shelfOf(centreId);
    const versions = shelf.versions.map((one) => ({
      version: one.version,
      by: one.by,
      at: one.at,
      note: one.note,
      entries: one.entries.length,
    }));
    return structuredClone({
      published: latestOf(shelf),
      draft: shelf.draft,
      versions: versions.reverse().slice(0, 100),
    });
  }

  function saveDraft(
    centreId: string,
    edit: { revision: number; version?: number | undefined; entries: CatalogueEntry[] },
    editor: Editor,
  ): EditConflict | null {
    const shelf = shelfOf(centreId);
    const { draft } = shelf;
    if (draft !== null && draft.revision !== edit.revision) return draftStands(draft);
    if (draft === null && edit.revision !== 0) return publishedStands(latestOf(shelf));
    if (edit.version !== undefined && edit.version !== latestOf(shelf).version) return publishedStands(latestOf(shelf));
    shelf.draft = structuredClone({ revision: ++revision, entries: edit.entries, ...editor });
    return null;
  }

  function publish(centreId: string, edit: { revision: number; note: string }, editor: Editor): EditConflict | null {
    const shelf = shelfOf(centreId);
    const { draft } = shelf;
    if (draft === null) return publishedStands(latestOf(shelf));
    if (draft.revision !== edit.revision) return draftStands(draft);
    const version = latestOf(shelf).version + 1;
    shelf.versions.push({ version, entries: draft.entries, note: edit.note, ...editor });
    shelf.draft = null;
    return null;
  }

  function restore(centreId: string, version: number, editor: Editor): EditConflict | 'noSuchVersion' | null {
    const shelf = shelfOf(centreId);
    if (shelf.draft !== null) return draftStands(shelf.draft);
    const earlier = shelf.versions.find((one) => one.version === version);
    if (earlier === undefined) return 'noSuchVersion';
    shelf.draft = structuredClone({ revision: ++revision, entries: earlier.entries, ...editor });
    return null;
  }

  function discard(centreId: string): CatalogueDraft | null {
    const shelf = shelfOf(centreId);
    const { draft } = shelf;
    shelf.draft = null;
    return draft;
  }

  return {
    state: (centreId) => Promise.resolve(state(centreId)),
    saveDraft: (centreId, edit, editor) => Promise.resolve(saveDraft(centreId, edit, editor)),
    publish: (centreId, edit, editor) => Promise.resolve(publish(centreId, edit, editor)),
    restore: (centreId, version, editor) => Promise.resolve(restore(centreId, version, editor)),
    discard: (centreId) => Promise.resolve(discard(centreId)),
  };
}

function draftStands({ by, at }: CatalogueDraft): EditConflict {
  return { kind: 'draft', by, at };
}

function publishedStands({ version, by, at }: PublishedCatalogue): EditConflict {
  return { kind: 'published', version, by, at };
}
