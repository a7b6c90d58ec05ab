/** Schemas of what webhooks carry: src/events/webhooks/cloudEvent.ts, in writing. */
import { z } from 'zod';
import { TYPE_PREFIX, type CloudEvent } from '../../events/webhooks/cloudEvent.ts';
import type { InteractionEvent } from '../../interaction/event.ts';
import { exact } from './exact.ts';
import { interactionEvent } from './events.ts';

const envelope = {
  specversion: z.literal('1.0'),
  id: z.string().meta({ description: 'With `source`, names the event once and for all: drop what came before.' }),
  source: z.string().meta({ description: '/centres/{id}/interactions/{id}' }),
  subject: z.string().meta({ description: 'The TV’s serial.' }),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  sequence: z.string().meta({ description: 'Counts within the interaction, in ten digits: 0000000001, …' }),
};

/** One event of an interaction. */
export const interactionCloudEvent = exact<CloudEvent<InteractionEvent>>()(
  z.object({
    ...envelope,
    type: z.string().meta({ description: `${TYPE_PREFIX}interaction. and the type of the event.` }),
    data: interactionEvent,
  }),
).meta({ id: 'InteractionCloudEvent', description: 'CloudEvents 1.0, structured JSON.' });

/** What a supervisor sends to see whether an endpoint listens. */
export const testCloudEvent = z
  .object({
    ...envelope,
    type: z.literal(`${TYPE_PREFIX}webhook.test`),
    data: z.object({ type: z.literal('test'), sentBy: z.string() }),
  })
  .meta({ id: 'TestCloudEvent' });
