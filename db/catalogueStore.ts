/** A centre's catalogue on Postgres; the rules are with the port, src/diagnosis/catalogueStore.ts. */
import type {
  CatalogueStore,
  EditConflict,
  PublishedCatalogue,
  StoredCatalogue,
} from '../src/diagnosis/catalogueStore.ts';
import type { Catalogue } from '../src/diagnosis/diagnosis.ts';
import { shippedCatalogue } from '../src/diagnosis/shipped.ts';
import { inTransaction, type Database, type Queryable } from './database.ts';
import { Memory } from './memory.ts';
import { deleteCatalogueDraft } from './queries/deleteCatalogueDraft.ts';
import { findCatalogue } from './queries/findCatalogue.ts';
import { findCatalogueDraft } from './queries/findCatalogueDraft.ts';
import { findCatalogueVersion } from './queries/findCatalogueVersion.ts';
import { insertCatalogue } from './queries/insertCatalogue.ts';
import { listCatalogueVersions } from './queries/listCatalogueVersions.ts';
import { lockCatalogue } from './queries/lockCatalogue.ts';
import { saveCatalogueDraft } from './queries/saveCatalogueDraft.ts';
import { shipCatalogue } from './queries/shipCatalogue.ts';

export interface DatabaseCatalogueStore extends CatalogueStore {
  /**
   * The catalogue that stands, the shipped one when the centre never published. Kept by version, and
   * the version in the memory: usually costs nothing.
   * @param within a transaction to read in; the pool by default
   */
  current(centreId: string, within?: Queryable): Promise<Catalogue>;
}

/** @param memory where versions are kept; one that nobody tells anything, and so keeps nothing, when left out */
export function createCatalogueStore(database: Database, memory = new Memory()): DatabaseCatalogueStore {
  // A published version never changes, so what was read once stays true.
  const kept = new Map<string, Catalogue>();

  async function current(centreId: string, within?: Queryable): Promise<Catalogue> {
    const latest = () => findCatalogueVersion(within ?? database, centreId);
    // A transaction may see what is not true yet, or not any more.
    const version = await (within === undefined ? memory.recall(['catalogue', centreId], latest) : latest());
    // Not kept: the transaction that ships may still be rolled back.
    if (version === null) return await ship(within ?? database, centreId);
    const known = kept.get(centreId);
    if (known?.version === version) return known;
    const { entries } = await read(within ?? database, centreId, version);
    const catalogue = { version, entries };
    kept.set(centreId, catalogue);
    return catalogue;
  }

  /** Runs an edit alone in its centre, on a centre that has a catalogue. */
  async function edit<T>(centreId: string, work: (db: Queryable, latest: number) => Promise<T>): Promise<T> {
    const result = await inTransaction(database, async (db) => {
      await lockCatalogue(db, centreId);
      const latest = (await findCatalogueVersion(db, centreId)) ?? (await ship(db, centreId)).version;
      return await work(db, latest);
    });
    memory.forget(['catalogue', centreId]);
    return result;
  }

  return {
    current,

    state: (centreId) =>
      inTransaction(database, async (db): Promise<StoredCatalogue> => {
        // Shipping needs to write, and publishing may happen between two reads: one lock serves both.
        await lockCatalogue(db, centreId);
        const latest = (await findCatalogueVersion(db, centreId)) ?? (await ship(db, centreId)).version;
        return {
          published: await read(db, centreId, latest),
          draft: await findCatalogueDraft(db, centreId),
          versions: await listCatalogueVersions(db, centreId),
        };
      }),

    saveDraft: (centreId, { revision, version, entries }, editor) =>
      edit(centreId, async (db, latest) => {
        const draft = await findCatalogueDraft(db, centreId);
        if (draft === null ? revision !== 0 : revision !== draft.revision) {
          return draft === null ? await published(db, centreId, latest) : conflictWith(draft);
        }
        if (version !== undefined && version !== latest) return await published(db, centreId, latest);
        await saveCatalogueDraft(db, centreId, { entries, ...editor });
        return null;
      }),

    publish: (centreId, { revision, note }, editor) =>
      edit(centreId, async (db, latest) => {
        const draft = await findCatalogueDraft(db, centreId);
        if (draft === null) return await published(db, centreId, latest);
        if (draft.revision !== revision) return conflictWith(draft);
        await insertCatalogue(db, centreId, { entries: draft.entries, note, ...editor });
        await deleteCatalogueDraft(db, centreId);
        return null;
      }),

    restore: (centreId, version, editor) =>
      edit(centreId, async (db) => {
        const draft = await findCatalogueDraft(db, centreId);
        if (draft !== null) return conflictWith(draft);
        const earlier = await findCatalogue(db, centreId, version);
        if (earlier === null) return 'noSuchVersion';
        await saveCatalogueDraft(db, centreId, { entries: earlier.entries, ...editor });
        return null;
      }),

    discard: (centreId) => edit(centreId, (db) => deleteCatalogueDraft(db, centreId)),
  };
}

async function ship(db: Queryable, centreId: string): Promise<Catalogue> {
  await shipCatalogue(db, centreId, shippedCatalogue);
  const version = await findCatalogueVersion(db, centreId);
  if (version === null)
    throw new Error(`There is no contact centre ${centreId}; create it before its catalogue is read.`);
  return { version, entries: (await read(db, centreId, version)).entries };
}

async function read(db: Queryable, centreId: string, version: number): Promise<PublishedCatalogue> {
  const found = await findCatalogue(db, centreId, version);
  if (found === null)
    throw new Error(`Version ${version} of the catalogue of ${centreId} is gone; versions are never deleted.`);
  return found;
}

function conflictWith(draft: { by: string; at: number }): EditConflict {
  return { kind: 'draft', by: draft.by, at: draft.at };
}

async function published(db: Queryable, centreId: string, version: number): Promise<EditConflict> {
  const { by, at } = await read(db, centreId, version);
  return { kind: 'published', version, by, at };
}
