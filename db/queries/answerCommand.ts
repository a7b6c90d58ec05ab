import type { Queryable } from '../database.ts';

/** Keeps which interaction a taken command opened or spoke to. */
export async function answerCommand(
  db: Queryable,
  senderId: string,
  commandId: string,
  interactionId: string,
): Promise<void> {
  await db.query({
    name: 'answer-command',
    text: `update commands_taken set interaction_id = $3 where sender_id = $1 and command_id = $2`,
    values: [senderId, commandId, interactionId],
  });
}
