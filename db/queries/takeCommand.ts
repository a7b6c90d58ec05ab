import type { Queryable } from '../database.ts';

/** Notes a command as taken, unless it was. @returns null when new, else what it opened */
export async function takeCommand(
  db: Queryable,
  senderId: string,
  commandId: string,
): Promise<{ interactionId: string | null } | null> {
  const { rowCount } = await db.query({
    name: 'take-command',
    text: `insert into commands_taken (sender_id, command_id) values ($1, $2) on conflict do nothing`,
    values: [senderId, commandId],
  });
  if (rowCount === 1) return null;
  const { rows } = await db.query<{ interactionId: string | null }>({
    name: 'taken-command',
    text: `select interaction_id as "interactionId" from commands_taken where sender_id = $1 and command_id = $2`,
    values: [senderId, commandId],
  });
  return rows[0] ?? { interactionId: null };
}
