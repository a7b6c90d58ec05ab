/** What a webhook's receiver gets: CloudEvents 1.0 in structured JSON, one event an envelope. */
import type { InteractionEvent } from '../../interaction/event.ts';
import type { StoredEvent } from '../ports.ts';

/** Stands before every type. The product's own domain name turned round, as CloudEvents asks. */
export const TYPE_PREFIX = 'com.couchline.';

/** `Content-Type` of a structured JSON CloudEvent. */
export const CLOUD_EVENT_TYPE = 'application/cloudevents+json; charset=utf-8';

export interface CloudEvent<T = unknown> {
  specversion: '1.0';
  /** With `source`, names the event once and for all: who gets it twice knows it by this. */
  id: string;
  /** `/centres/{id}/interactions/{id}` */
  source: string;
  /** `com.couchline.interaction.{type of the event}` */
  type: string;
  /** The TV's serial. */
  subject: string;
  /** RFC 3339. */
  time: string;
  datacontenttype: 'application/json';
  /** CloudEvents' sequence extension: `seq` in ten digits, so that it sorts as text. */
  sequence: string;
  data: T;
}

/** A committed event as its receiver reads it: whole, as it happened (M8). */
export function toCloudEvent(
  { interactionId, seq, at, event }: StoredEvent,
  about: { centreId: string; serial: string },
): CloudEvent<InteractionEvent> {
  return {
    specversion: '1.0',
    id: `${interactionId}/${seq}`,
    source: `/centres/${about.centreId}/interactions/${interactionId}`,
    type: `${TYPE_PREFIX}interaction.${event.type}`,
    subject: about.serial,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    sequence: String(seq).padStart(10, '0'),
    data: event,
  };
}

/** What a supervisor sends to see whether an endpoint listens. It belongs to no interaction. */
export function testCloudEvent(about: { id: string; centreId: string; endpointId: string; at: number; by: string }) {
  return {
    specversion: '1.0',
    id: about.id,
    source: `/centres/${about.centreId}/webhooks/${about.endpointId}`,
    type: `${TYPE_PREFIX}webhook.test`,
    subject: about.endpointId,
    time: new Date(about.at).toISOString(),
    datacontenttype: 'application/json',
    sequence: '0000000001',
    data: { type: 'test', sentBy: about.by },
  } satisfies CloudEvent;
}
