/**
 * What clients say: TVs, agents. One envelope, one discriminated union; each message is parsed
 * here once, at the edge, and trusted inside.
 */
import { z } from 'zod';
import type { ViewerCommand } from '../interaction/command.ts';
import {
  agentTold,
  faultCondition,
  id,
  screenStructure,
  serviceContext,
  serviceRequest,
  taskDraft,
  text,
  tvTold,
} from './facts.ts';
import { agentLive, tvLive } from './live.ts';

/** `v` is checked before the rest, so that a client from the future gets a clear answer. */
const envelope = { v: z.literal(1), id };

/** Where a client was: the last `seq` it saw of each interaction it still shows. */
const resume = z.array(z.object({ interactionId: id, seq: z.number().int().min(0) })).max(20);

/** Of a secret no length is asked: a wrong one that is short is not accepted, as any wrong one, and is understood. */
const tvCredentials = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('secret'), serial: text(64), secret: z.string().min(1).max(128) }),
  z.object({ kind: z.literal('session'), token: z.string().min(16).max(128) }),
]);

/** An agent's browser carries its session in a cookie; other agent software sends it here. */
const agentCredentials = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cookie') }),
  z.object({ kind: z.literal('session'), token: z.string().min(16).max(128) }),
]);

/**
 * The client takes an event with `re` for the acknowledgement of its command, where the command led to one. Left out,
 * every command is answered by `ack`.
 */
const answeredByEvents = z.literal(true).optional();

const registerTv = z.object({
  ...envelope,
  type: z.literal('registerTv'),
  credentials: tvCredentials,
  told: tvTold,
  resume,
  answeredByEvents,
});

const registerAgent = z.object({
  ...envelope,
  type: z.literal('registerAgent'),
  credentials: agentCredentials,
  told: agentTold,
  resume,
  answeredByEvents,
});

const viewerCommand = z.discriminatedUnion('type', [
  z.object({ type: z.literal('answerTask'), taskId: id, answer: z.enum(['works', 'stillNot', 'cannot']) }),
  z.object({ type: z.literal('answerQuestion'), taskId: id, choice: text(40) }),
  z.object({
    type: z.literal('reportCheck'),
    taskId: id,
    result: z.enum(['verified', 'failed', 'unavailable']),
    evidence: text(200),
  }),
  z.object({ type: z.literal('askForPerson') }),
  z.object({ type: z.literal('confirmFixed') }),
  z.object({ type: z.literal('stillNeedHelp') }),
  z.object({ type: z.literal('leave') }),
  z.object({ type: z.literal('acceptInvitation') }),
  z.object({ type: z.literal('declineInvitation') }),
  z.object({ type: z.literal('sendMessage'), text: text(300) }),
  z.object({
    type: z.literal('update'),
    fault: faultCondition.nullable().optional(),
    screen: screenStructure.optional(),
    context: serviceContext.optional(),
  }),
]) satisfies z.ZodType<ViewerCommand>;

/** The TV asks for help. Its id is the message's; the acknowledgement carries the interaction's. */
const request = z.object({ ...envelope, type: z.literal('request'), request: serviceRequest });

const viewer = z.object({ ...envelope, type: z.literal('viewer'), interactionId: id, command: viewerCommand });

const disposition = z.enum(['fixedVerified', 'fixedClaimed', 'followUp', 'passedOn', 'customerLeft']);

export const agentCommand = z.discriminatedUnion('type', [
  z.object({ type: z.literal('accept'), offerId: id }),
  z.object({ type: z.literal('decline'), offerId: id, reason: z.string().max(200).optional() }),
  z.object({
    type: z.literal('sendDiagnosis'),
    /** Empty where the tasks say all: a question explains itself. */
    explanation: z.string().trim().max(300),
    tasks: z.array(taskDraft).max(8),
    /** Set when it was taken from the catalogue, edited or not. */
    entryId: id.optional(),
  }),
  z.object({ type: z.literal('withdrawTask'), taskId: id }),
  z.object({ type: z.literal('sendMessage'), text: text(300) }),
  z.object({ type: z.literal('end') }),
  z.object({ type: z.literal('close'), disposition, note: z.string().max(4000) }),
]);
export type AgentWireCommand = z.infer<typeof agentCommand>;

const agent = z.object({ ...envelope, type: z.literal('agent'), interactionId: id, command: agentCommand });

const setPresence = z.object({
  ...envelope,
  type: z.literal('setPresence'),
  wish: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('ready') }),
    z.object({ kind: z.literal('away'), reason: text(60) }),
  ]),
});

/** An agent starts the interaction with a registered TV (M7). */
const invite = z.object({ ...envelope, type: z.literal('invite'), tvId: id });

const ping = z.object({ ...envelope, type: z.literal('ping') });

/** What a TV may send. */
export const tvMessage = z.discriminatedUnion('type', [registerTv, request, viewer, tvLive, ping]);
/** What an agent's computer may send. */
export const agentMessage = z.discriminatedUnion('type', [registerAgent, agent, setPresence, invite, agentLive, ping]);
/** What may stand first on a connection. */
export const registerMessage = z.discriminatedUnion('type', [registerTv, registerAgent]);

export type TvMessage = z.infer<typeof tvMessage>;
export type AgentMessage = z.infer<typeof agentMessage>;
export type RegisterMessage = z.infer<typeof registerMessage>;
export type ClientMessage = TvMessage | AgentMessage;
