/** Schemas of what the service says, for documents and tests alone: clients need none, and the wire has types. */
import type { z } from 'zod';

/**
 * Holds a schema against the type it describes, both ways: neither can gain or lose anything without the other.
 *
 *     const ack = exact<Ack>()(z.object({ … }));
 */
export function exact<T>() {
  return <S extends z.ZodType<T>>(schema: [T] extends [z.output<S>] ? S : never): S => schema;
}
