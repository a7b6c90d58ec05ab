/** How a registered connection is answered. */
import type { ZodError } from 'zod';
import type { Answer } from '../events/ports.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { Connection } from './connection.ts';
import type { Session } from './session.ts';

/**
 * Says how a command ended once it is committed, or known not to be.
 * @param under what became of it; nothing is told of it before this is called
 */
export async function answer(session: Session, re: string, under: Promise<Answer>): Promise<void> {
  const { connection } = session;
  session.asks(re);
  const result = await under;
  const answered = session.isAnswered();
  if (!result.ok) return connection.refuse(re, result.code, result.message, result.retry);
  if (answered) return;
  const { interactionId } = result;
  connection.send({ v: PROTOCOL_VERSION, type: 'ack', re, ...(interactionId === null ? {} : { interactionId }) });
}

/** Says where a message departs from its schema; too many of them end the connection. */
export function refuseMalformed(connection: Connection, raw: object, error: ZodError): void {
  const { id } = raw as { id?: string };
  const [first] = error.issues;
  const where = first?.path.join('.');
  connection.refuse(
    id ?? null,
    'malformed',
    `This message is not understood${where ? ` at ${where}` : ''}: ${first?.message ?? 'unknown'}. Mend it and send it under a new id.`,
  );
  connection.offend('malformed', 'too many messages that are not understood');
}

/** A live frame that could not be passed on, for it came from outside of a talk. */
export function refuseLive(connection: Connection): void {
  connection.refuse(
    null,
    'notFound',
    'What is live goes between a TV and the agent who helps it. This help is not under way, or is with somebody else.',
  );
}
