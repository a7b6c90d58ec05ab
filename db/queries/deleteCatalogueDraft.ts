import type { CatalogueDraft } from '../../src/diagnosis/catalogueStore.ts';
import type { Queryable } from '../database.ts';

/** @returns what was deleted */
export async function deleteCatalogueDraft(db: Queryable, centreId: string): Promise<CatalogueDraft | null> {
  const { rows } = await db.query<CatalogueDraft>(
    `delete from catalogue_drafts where centre_id = $1
     returning revision, entries, edited_by as by, edited_at as at`,
    [centreId],
  );
  return rows[0] ?? null;
}
