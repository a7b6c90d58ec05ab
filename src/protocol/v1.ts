/**
 * The HTTP API for systems that have no socket: POST /v1/interactions, POST /v1/interactions/:id/commands,
 * GET /v1/interactions/:id, GET /v1/interactions/:id/events. Errors are `ApiError`.
 */
import { z } from 'zod';
import type { ViewerCommand } from '../interaction/command.ts';
import { agentCommand } from './client.ts';
import { faultCondition, id, screenStructure, serviceContext, text } from './facts.ts';
import type { InteractionView } from './view.ts';

/** Help for a TV of the key's centre, asked for by a system: a monitoring, a CRM, a voice assistant. */
export const openBody = z.object({
  /** Of the TV. */
  serial: text(64),
  fault: faultCondition.nullable().default(null),
  screen: screenStructure.default({ path: [], focused: null, recentActions: [] }),
  context: serviceContext.default({ serviceState: 'unknown', facts: {} }),
});

/**
 * What a system may say for a viewer. Not what only the TV itself knows, a check's result, and not
 * the consent that is given on the screen: to an agent's invitation.
 */
const viewerSays = z.discriminatedUnion('type', [
  z.object({ type: z.literal('answerTask'), taskId: id, answer: z.enum(['works', 'stillNot', 'cannot']) }),
  z.object({ type: z.literal('answerQuestion'), taskId: id, choice: text(40) }),
  z.object({ type: z.literal('askForPerson') }),
  z.object({ type: z.literal('confirmFixed') }),
  z.object({ type: z.literal('stillNeedHelp') }),
  z.object({ type: z.literal('leave') }),
  z.object({
    type: z.literal('update'),
    /** Null when the fault is gone. */
    fault: faultCondition.nullable().optional(),
    screen: screenStructure.optional(),
    context: serviceContext.optional(),
  }),
]) satisfies z.ZodType<ViewerCommand>;

/** Who speaks: the viewer of the interaction's TV, or the agent it is with or offered to. */
export const commandBody = z.discriminatedUnion('as', [
  z.object({ as: z.literal('viewer'), command: viewerSays }),
  z.object({ as: z.literal('agent'), agentId: id, command: agentCommand }),
]);

/** As in draft-ietf-httpapi-idempotency-key-header, with or without its quotes. */
export const idempotencyKey = z
  .string()
  .min(8)
  .max(130)
  .regex(/^"?[A-Za-z0-9._:~+/=-]+"?$/, '8 to 128 letters, digits and .-_:~+/=')
  .transform((key) => key.replace(/^"|"$/g, ''));

export const eventsQuery = z.object({
  /** The last `seq` that is known. */
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** The answer to both commands: it is committed. */
export interface Taken {
  interactionId: string;
}

/** An interaction as its events tell it. */
export type InteractionTold = Omit<InteractionView, 'timeline'>;
