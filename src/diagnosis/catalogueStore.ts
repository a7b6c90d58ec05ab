/**
 * Where a centre's catalogue is kept, as editing it needs it: versions are only ever added, and
 * one draft stands beside them. Rules of editing:
 *
 *   - Whoever saves, publishes says which revision was read; another one in between is a conflict.
 *   - Publishing makes the draft the next version; a draft of an earlier version is made only where
 *     no draft stands. Nothing is overwritten unseen.
 *   - A centre that never published has the shipped catalogue as version 1.
 */
import type { Catalogue, CatalogueEntry } from './diagnosis.ts';

/** Who edits, and when, in milliseconds since the epoch. */
export interface Editor {
  by: string;
  at: number;
}

export interface PublishedCatalogue extends Catalogue, Editor {
  note: string;
}

/** A version without its entries, only their number. */
export interface CatalogueVersion extends Editor {
  version: number;
  note: string;
  entries: number;
}

export interface CatalogueDraft extends Editor {
  /** Given by the store; no two drafts of a centre ever have the same. */
  revision: number;
  entries: CatalogueEntry[];
}

/** What is published, what is being edited, and what was before: the latest first, at most 100. */
export interface StoredCatalogue {
  published: PublishedCatalogue;
  draft: CatalogueDraft | null;
  versions: CatalogueVersion[];
}

/** Why an edit was not taken; nothing changed. */
export type EditConflict =
  /** Another draft stands, saved by somebody meanwhile. */
  | { kind: 'draft'; by: string; at: number }
  /** No draft of that revision stands; what is published now. */
  | { kind: 'published'; version: number; by: string; at: number };

/** Each method is one transaction; edits answer null when they were taken. */
export interface CatalogueStore {
  state(centreId: string): Promise<StoredCatalogue>;
  /**
   * @param edit.revision of the draft that was read, 0 when there was none
   * @param edit.version the published one that a new draft was made from; left out, it is not compared
   */
  saveDraft(
    centreId: string,
    edit: { revision: number; version?: number | undefined; entries: CatalogueEntry[] },
    editor: Editor,
  ): Promise<EditConflict | null>;
  /** The draft becomes the next version and is gone. */
  publish(centreId: string, edit: { revision: number; note: string }, editor: Editor): Promise<EditConflict | null>;
  /** Makes a draft of an earlier version, where no draft stands. */
  restore(centreId: string, version: number, editor: Editor): Promise<EditConflict | 'noSuchVersion' | null>;
  /** @returns what was discarded; null when there was nothing */
  discard(centreId: string): Promise<CatalogueDraft | null>;
}
