import type { TakenCommand } from '../../src/events/ports.ts';
import type { Queryable } from '../database.ts';

/** Which of these commands were taken before, and what they opened or spoke to. */
export async function listTaken(
  db: Queryable,
  commands: Omit<TakenCommand, 'interactionId'>[],
): Promise<TakenCommand[]> {
  const { rows } = await db.query<TakenCommand>({
    name: 'list-taken',
    text: `select t.sender_id as "senderId", t.command_id as "commandId", t.interaction_id as "interactionId"
           from commands_taken t
           join unnest($1::text[], $2::text[]) as asked (sender_id, command_id) using (sender_id, command_id)`,
    values: [commands.map((one) => one.senderId), commands.map((one) => one.commandId)],
  });
  return rows;
}
