import type { TvRecord } from '../../src/registration/ports.ts';
import type { Queryable } from '../database.ts';
import { tvColumns, tvOfRow, tvTables, type TvRow } from './tvRow.ts';

/** For each session, in their order: null when it is unknown, over at its `now`, revoked, or not a TV's. */
export async function findTvsBySession(
  database: Queryable,
  sessions: { tokenHash: Buffer; now: number }[],
): Promise<({ tv: TvRecord; expiresAt: number } | null)[]> {
  const { rows } = await database.query<TvRow & { token_hash: Buffer; expires_at: number }>({
    name: 'find-tvs-by-session',
    text: `select ${tvColumns}, sessions.token_hash, sessions.expires_at
     from sessions
     join (${tvTables}) on tvs.id = sessions.subject_id and tvs.centre_id = sessions.centre_id
     where sessions.token_hash = any($1::bytea[]) and sessions.kind = 'tv' and sessions.revoked_at is null`,
    values: [sessions.map(({ tokenHash }) => tokenHash)],
  });
  const found = new Map(rows.map((row) => [row.token_hash.toString('base64'), row]));
  return sessions.map(({ tokenHash, now }) => {
    const row = found.get(tokenHash.toString('base64'));
    return row === undefined || row.expires_at <= now ? null : { tv: tvOfRow(row), expiresAt: row.expires_at };
  });
}
