import type { Queryable } from '../database.ts';

/** Whose TV an interaction of this centre is on; null when the centre has none of this id. */
export async function findInteractionTv(
  db: Queryable,
  centreId: string,
  interactionId: string,
): Promise<{ tvId: string; serial: string } | null> {
  const { rows } = await db.query<{ tvId: string; serial: string }>({
    name: 'find-interaction-tv',
    text: `select tvs.id as "tvId", tvs.serial from interactions i join tvs on tvs.id = i.tv_id
           where i.id = $2 and i.centre_id = $1`,
    values: [centreId, interactionId],
  });
  return rows[0] ?? null;
}
