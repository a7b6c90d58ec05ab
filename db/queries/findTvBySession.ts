import type { TvRecord } from '../../src/registration/ports.ts';
import type { Queryable } from '../database.ts';
import { tvColumns, tvOfRow, tvTables, type TvRow } from './tvRow.ts';

/** Null when the session is unknown, over, revoked, or not a TV's. */
export async function findTvBySession(
  database: Queryable,
  tokenHash: Buffer,
  now: number,
): Promise<{ tv: TvRecord; expiresAt: number } | null> {
  const { rows } = await database.query<TvRow & { expires_at: number }>({
    name: 'find-tv-by-session',
    text: `select ${tvColumns}, sessions.expires_at
     from sessions
     join (${tvTables}) on tvs.id = sessions.subject_id and tvs.centre_id = sessions.centre_id
     where sessions.token_hash = $1 and sessions.kind = 'tv' and sessions.revoked_at is null and sessions.expires_at > $2`,
    values: [tokenHash, now],
  });
  const row = rows[0];
  return row === undefined ? null : { tv: tvOfRow(row), expiresAt: row.expires_at };
}
