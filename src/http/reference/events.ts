/** Schemas of what happens in an interaction: src/interaction/event.ts and src/protocol/view.ts, in writing. */
import { z } from 'zod';
import type { Diagnosis, Task } from '../../diagnosis/diagnosis.ts';
import type { InteractionEvent } from '../../interaction/event.ts';
import type { TvSummary } from '../../interaction/facts.ts';
import type { Match } from '../../interaction/interaction.ts';
import { check, faultCondition, screenStructure, serviceContext, serviceRequest } from '../../protocol/facts.ts';
import { EVENT_TYPES, type EventType } from '../../protocol/eventTypes.ts';
import type { InteractionTold } from '../../protocol/v1.ts';
import { exact } from './exact.ts';

const at = z.number().int().meta({ description: 'Milliseconds since the epoch.' });
const seconds = at.nullable();

const tvSummary = exact<TvSummary>()(
  z.object({
    tvId: z.string(),
    serial: z.string(),
    form: z.enum(['all-in-one', 'set-top-box']),
    model: z.string(),
    displayModel: z.string().nullable(),
    firmware: z.string(),
    engine: z.string(),
    name: z.string(),
    customer: z
      .object({ id: z.string(), name: z.string(), address: z.string().nullable(), number: z.string().nullable() })
      .nullable(),
  }),
).meta({ id: 'Tv', description: 'The TV as it was when help was asked for.' });

const task = exact<Task>()(
  z.object({
    id: z.string(),
    title: z.string(),
    detail: z.string().optional(),
    picture: z.enum(['unplug', 'router', 'cable', 'remote', 'wifi', 'restart', 'card']).optional(),
    check: check.optional(),
    choices: z.array(z.string()).optional(),
  }),
);

const diagnosis = exact<Diagnosis>()(
  z.object({
    id: z.string(),
    explanation: z.string(),
    tasks: z.array(task),
    source: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('catalogue'), entryId: z.string(), catalogueVersion: z.number().int() }),
      z.object({ kind: z.literal('agent'), agentId: z.string(), entryId: z.string().optional() }),
    ]),
  }),
).meta({ id: 'Diagnosis' });

const match = exact<Match>()(
  z.object({
    queueId: z.string(),
    queueName: z.string(),
    preferredAgentIds: z.array(z.string()),
    preferredUntil: seconds,
    rule: z.enum(['namedRepresentative', 'customersLookedAfter', 'queue']),
    reason: z.string(),
  }),
).meta({ id: 'Match', description: 'Why it goes to this queue and these agents.' });

const agentRef = z.object({ agentId: z.string(), name: z.string() }).meta({ id: 'Agent' });

const taskStatus = z
  .enum(['todo', 'checking', 'verified', 'claimed', 'failed', 'notHelped', 'cannot', 'answered', 'withdrawn'])
  .meta({ id: 'TaskStatus' });
const how = z.enum(['verified', 'claimed']);
const disposition = z.enum(['fixedVerified', 'fixedClaimed', 'followUp', 'passedOn', 'customerLeft']);

const of = <const T extends EventType, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...shape }).meta({
    id: `Event_${type}`,
    title: type,
    description: `${EVENT_TYPES[type]}.`,
  });

/** Every event, as it is kept, relayed and delivered. */
export const interactionEvent = exact<InteractionEvent>()(
  z.discriminatedUnion('type', [
    of('requested', { tv: tvSummary, request: serviceRequest, origin: z.enum(['viewer', 'agent']) }),
    of('diagnosisGiven', { diagnosis }),
    of('queued', {
      match,
      priority: z.number().int(),
      arrivedAt: at,
      why: z.enum(['joined', 'declined', 'offerExpired', 'agentLost', 'stillNeedsHelp']),
    }),
    of('offered', { offerId: z.string(), agent: agentRef, expiresAt: at }),
    of('offerEnded', {
      offerId: z.string(),
      agentId: z.string(),
      why: z.enum(['declined', 'expired', 'agentLost', 'viewerLeft', 'fixed']),
    }),
    of('accepted', { agent: agentRef }),
    of('invited', { agent: agentRef, match, expiresAt: at }),
    of('taskChanged', {
      taskId: z.string(),
      status: taskStatus,
      choice: z.string().optional(),
      evidence: z.string().optional(),
    }),
    of('closureOffered', { taskId: z.string(), how, expiresAt: at }),
    of('closureDeclined', {}),
    of('updated', {
      fault: faultCondition.nullable().optional(),
      screen: screenStructure.optional(),
      context: serviceContext.optional(),
    }),
    of('messageSent', { from: z.enum(['agent', 'viewer']), name: z.string(), text: z.string() }),
    of('tvLost', {}),
    of('tvBack', {}),
    of('ended', { by: z.enum(['viewer', 'agent']), fix: how.nullable() }),
    of('closed', { by: z.enum(['viewer', 'agent', 'service']), disposition, note: z.string() }),
    of('abandoned', {
      reason: z.enum([
        'left',
        'absent',
        'invitationDeclined',
        'invitationWithdrawn',
        'invitationUnanswered',
        'agentLost',
      ]),
    }),
  ]),
).meta({ id: 'InteractionEvent' });

/** An interaction as GET /v1/interactions/:id tells it. */
export const interactionTold = exact<InteractionTold>()(
  z.object({
    id: z.string(),
    seq: z.number().int(),
    openedAt: at,
    origin: z.enum(['viewer', 'agent']),
    tv: tvSummary,
    request: serviceRequest,
    faultGoneAt: seconds,
    match: match.nullable(),
    explanations: z.array(
      z.object({ diagnosisId: z.string(), text: z.string(), source: z.enum(['catalogue', 'agent']), at }),
    ),
    tasks: z.array(
      task.extend({
        diagnosisId: z.string(),
        status: taskStatus,
        choice: z.string().optional(),
        evidence: z.string().optional(),
      }),
    ),
    messages: z.array(z.object({ from: z.enum(['agent', 'viewer']), name: z.string(), text: z.string(), at })),
    closure: z.object({ taskId: z.string(), how, expiresAt: at }).nullable(),
    tvLostAt: seconds,
    status: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('selfService') }),
      z.object({ kind: z.literal('queued'), match, arrivedAt: at, why: z.string() }),
      z.object({ kind: z.literal('offered'), offerId: z.string(), agent: agentRef, expiresAt: at }),
      z.object({ kind: z.literal('invited'), agent: agentRef, match, expiresAt: at }),
      z.object({ kind: z.literal('active'), agent: agentRef, since: at }),
      z.object({
        kind: z.literal('wrapUp'),
        agent: agentRef.nullable(),
        since: at,
        by: z.enum(['viewer', 'agent']),
        fix: how.nullable(),
      }),
      z.object({ kind: z.literal('closed'), disposition, note: z.string(), at }),
      z.object({ kind: z.literal('abandoned'), reason: z.string(), at }),
    ]),
  }),
).meta({ id: 'Interaction' });
