import type { Session } from '../../src/registration/ports.ts';
import type { Queryable } from '../database.ts';

/** Also deletes the subject's sessions that are over, and all but its `keep` newest, this one among them. */
export async function insertSession(database: Queryable, session: Session, keep: number): Promise<void> {
  await database.query({
    name: 'insert-session',
    text: `with surplus as (
       delete from sessions
       where subject_id = $4 and centre_id = $2
         and (expires_at <= $5 or revoked_at is not null or token_hash in (
           select token_hash from sessions
           where subject_id = $4 and expires_at > $5 and revoked_at is null
           order by created_at desc, token_hash offset $7
         ))
     )
     insert into sessions (token_hash, centre_id, kind, subject_id, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6)`,
    values: [
      session.tokenHash,
      session.centreId,
      session.kind,
      session.subjectId,
      session.createdAt,
      session.expiresAt,
      keep - 1,
    ],
  });
}
