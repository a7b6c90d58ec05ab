import type { CatalogueEntry } from '../../src/diagnosis/diagnosis.ts';
import type { Queryable } from '../database.ts';

/** Replaces the centre's draft under a new revision. */
export async function saveCatalogueDraft(
  db: Queryable,
  centreId: string,
  draft: { entries: CatalogueEntry[]; by: string; at: number },
): Promise<void> {
  await db.query(
    `insert into catalogue_drafts (centre_id, entries, edited_by, edited_at)
     values ($1, $2::jsonb, $3, $4)
     on conflict (centre_id) do update
        set revision = excluded.revision, entries = excluded.entries,
            edited_by = excluded.edited_by, edited_at = excluded.edited_at`,
    [centreId, JSON.stringify(draft.entries), draft.by, draft.at],
  );
}
