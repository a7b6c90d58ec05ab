import type { CatalogueDraft } from '../../src/diagnosis/catalogueStore.ts';
import type { Queryable } from '../database.ts';

export async function findCatalogueDraft(db: Queryable, centreId: string): Promise<CatalogueDraft | null> {
  const { rows } = await db.query<CatalogueDraft>(
    `select revision, entries, edited_by as by, edited_at as at from catalogue_drafts where centre_id = $1`,
    [centreId],
  );
  return rows[0] ?? null;
}
