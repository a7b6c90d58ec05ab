import type { Queryable } from '../database.ts';

/** @param passwordHash argon2id in PHC string format */
export async function updatePassword(
  database: Queryable,
  centreId: string,
  agentId: string,
  passwordHash: string,
): Promise<void> {
  await database.query('update agents set password_hash = $3 where centre_id = $1 and id = $2', [
    centreId,
    agentId,
    passwordHash,
  ]);
}
