/** What TVs and agents do on the bare wire, step by step. */
import type { Diagnosis } from '../../src/diagnosis/diagnosis.ts';
import type { InteractionEvent } from '../../src/interaction/event.ts';
import type { ServiceRequest } from '../../src/interaction/facts.ts';
import type { InteractionView } from '../../src/protocol/view.ts';
import { stalledRequest, type WireClient } from './wire.ts';

type Of<T extends InteractionEvent['type']> = InteractionEvent & { type: T };

/** The TV asks for help. @returns the interaction's id */
export async function ask(tv: WireClient, request: ServiceRequest = stalledRequest): Promise<string> {
  const { interactionId } = await tv.tell({ type: 'request', request });
  if (interactionId === undefined) throw new Error('The acknowledgement named no interaction.');
  return interactionId;
}

/** Waits until the interaction is offered to this agent. */
export async function offered(agent: WireClient, interactionId: string): Promise<InteractionView> {
  return await agent.view(interactionId, ({ status }) => status.kind === 'offered');
}

/** The agent takes the offer of the interaction. */
export async function accept(agent: WireClient, interactionId: string): Promise<void> {
  const { status } = await offered(agent, interactionId);
  if (status.kind !== 'offered') throw new Error(`There is no offer: it is ${status.kind}.`);
  await agent.tell({ type: 'agent', interactionId, command: { type: 'accept', offerId: status.offerId } });
}

/** The agent answers with an explanation and tasks. */
export async function answer(
  agent: WireClient,
  interactionId: string,
  explanation: string,
  tasks: Omit<Diagnosis['tasks'][number], 'id'>[],
): Promise<void> {
  await agent.tell({ type: 'agent', interactionId, command: { type: 'sendDiagnosis', explanation, tasks } });
}

/** The events of an interaction that this side heard, the earliest first. */
export function events(client: WireClient, interactionId: string): InteractionEvent[] {
  return client.heard.flatMap((message) =>
    message.type === 'event' && message.interactionId === interactionId ? [message.event] : [],
  );
}

/** Waits for an event of a type that fits. */
export async function event<T extends InteractionEvent['type']>(
  client: WireClient,
  interactionId: string,
  type: T,
  fits: (event: Of<T>) => boolean = () => true,
): Promise<Of<T>> {
  return await client.until(() =>
    events(client, interactionId).find((one): one is Of<T> => one.type === type && fits(one as Of<T>)),
  );
}

/** The diagnosis that came from an agent's hand. */
export async function diagnosisOfAgent(client: WireClient, interactionId: string): Promise<Diagnosis> {
  const given = await event(
    client,
    interactionId,
    'diagnosisGiven',
    ({ diagnosis }) => diagnosis.source.kind === 'agent',
  );
  return given.diagnosis;
}

/** Asks the service something and waits for the answer: whatever it had to say before has been heard by then. */
export async function heardAll(client: WireClient): Promise<void> {
  const pongs = client.heard.filter(({ type }) => type === 'pong').length;
  client.send({ v: 1, id: 'are-you-there', type: 'ping' });
  await client.until(() => client.heard.filter(({ type }) => type === 'pong')[pongs]);
}
