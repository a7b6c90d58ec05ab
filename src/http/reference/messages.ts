/** Schemas of what the service says on a connection: src/protocol/server.ts, in writing. */
import { z } from 'zod';
import type { Presence, Work } from '../../agent/agent.ts';
import { tvLive } from '../../protocol/live.ts';
import type { ServerMessage } from '../../protocol/server.ts';
import { exact } from './exact.ts';
import { interactionEvent } from './events.ts';

const at = z.number().int();
const re = z.string().meta({ description: 'The id of the message that is answered.' });

const presence = exact<Presence>()(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('offline') }),
    z.object({ kind: z.literal('ready') }),
    z.object({ kind: z.literal('ringing') }),
    z.object({ kind: z.literal('helping') }),
    z.object({ kind: z.literal('wrappingUp') }),
    z.object({ kind: z.literal('away'), reason: z.string() }),
    z.object({ kind: z.literal('notAnswering'), since: at }),
  ]),
);

const work = exact<Work>()(
  z.object({ interactionId: z.string(), phase: z.enum(['offered', 'inviting', 'engaged', 'wrapUp']), since: at }),
);

const says = <const T extends ServerMessage['type'], S extends z.ZodRawShape>(type: T, description: string, shape: S) =>
  z.object({ v: z.literal(1), type: z.literal(type), ...shape }).meta({ description });

/** Every message of the service's, to TVs and agents. */
export const serverMessage = exact<ServerMessage>()(
  z.discriminatedUnion('type', [
    says('registered', 'The registration is taken; what was missed follows, then `resumed`.', {
      re,
      centre: z.object({ id: z.string(), name: z.string() }),
      session: z.object({ token: z.string(), expiresAt: at }).nullable(),
      self: z.discriminatedUnion('role', [
        z.object({ role: z.literal('tv'), tvId: z.string(), name: z.string() }),
        z.object({
          role: z.literal('agent'),
          agentId: z.string(),
          name: z.string(),
          roles: z.array(z.enum(['agent', 'supervisor'])),
          skills: z.array(z.string()),
        }),
      ]),
      now: at,
    }),
    says('resumed', 'All that was missed was sent. `open` names what still goes on.', { open: z.array(z.string()) }),
    says(
      'ack',
      'Committed. A client that registered with `answeredByEvents` hears an event with `re` instead, if there is one.',
      { re, interactionId: z.string().optional() },
    ),
    says('refused', 'Not taken; nothing changed.', {
      re: z.string().nullable(),
      code: z.enum([
        'version',
        'malformed',
        'unauthorized',
        'rateLimited',
        'notFound',
        'notYours',
        'wrongState',
        'badReference',
        'ended',
        'busy',
        'unavailable',
      ]),
      message: z.string(),
      retry: z.boolean(),
    }),
    says('event', 'Something happened in an interaction; `seq` grows within it.', {
      interactionId: z.string(),
      seq: z.number().int(),
      at,
      event: interactionEvent,
      re: z.string().optional().meta({
        description: 'The id of the command that is committed with it: for its sender, if `answeredByEvents`.',
      }),
    }),
    says('presence', 'The agent’s own record, whole; a later `version` replaces an earlier.', {
      version: z.number().int(),
      presence,
      work: z.array(work),
    }),
    says('line', 'The TV’s place in the line, now.', {
      interactionId: z.string(),
      place: z.number().int(),
      of: z.number().int(),
      expected: z.object({ low: z.number(), high: z.number() }).nullable(),
      rose: z.boolean(),
    }),
    says('queues', 'How the agent’s queues stand, now.', {
      queues: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          waiting: z.number().int(),
          longestSince: at.nullable(),
          ready: z.number().int(),
        }),
      ),
    }),
    tvLive.meta({
      description: 'What the other side of a talk said, as it came. True for this moment; it is not kept.',
    }),
    says('pong', 'The answer to `ping`.', { re }),
    says('goodbye', 'The service is going down: nothing is lost, come back after a while.', {
      reason: z.string(),
      retryAfterMs: z.number().int(),
    }),
  ]),
);
