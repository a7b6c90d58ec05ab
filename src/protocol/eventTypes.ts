/** Every type of event with what it says, for lists and documents; free of schemas. */
import type { InteractionEvent } from '../interaction/event.ts';

export type EventType = InteractionEvent['type'];

export const EVENT_TYPES: Readonly<Record<EventType, string>> = {
  requested: 'Help was asked for, or an agent started',
  diagnosisGiven: 'An explanation and tasks were sent to the TV',
  queued: 'It joined the line, or came back to it',
  offered: 'It was offered to an agent',
  offerEnded: 'An offer ended without being accepted',
  accepted: 'An agent took it',
  invited: 'An agent invited the TV',
  taskChanged: 'A task was done, checked or taken back',
  closureOffered: 'A fix was found, and the viewer is asked whether it holds',
  closureDeclined: 'The viewer still needs help',
  updated: 'The TV told something new',
  messageSent: 'The agent or the viewer said something',
  tvLost: 'The TV’s connection was lost',
  tvBack: 'The TV is back',
  ended: 'The talk ended',
  closed: 'It was closed with a disposition',
  abandoned: 'It ended before anybody helped',
};
