import type { Queryable } from '../database.ts';

/** Whose interaction it is, and whether it is over; null when the centre has none of this id. */
export async function findParties(
  db: Queryable,
  centreId: string,
  interactionId: string,
): Promise<{ tvId: string; ended: boolean } | null> {
  const { rows } = await db.query<{ tvId: string; ended: boolean }>({
    name: 'find-parties',
    text: `select tv_id as "tvId", ended_at is not null as ended from interactions where id = $2 and centre_id = $1`,
    values: [centreId, interactionId],
  });
  return rows[0] ?? null;
}
