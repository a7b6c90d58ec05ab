import { describe, expect, it } from 'vitest';
import type { Commit } from '../../../src/events/ports.ts';
import type { InteractionEvent } from '../../../src/interaction/event.ts';
import type { Interaction } from '../../../src/interaction/interaction.ts';
import type { LineBoard } from '../../../src/realtime/lineBoard.ts';
import { createRelay } from '../../../src/realtime/relay.ts';
import { Roster } from '../../../src/realtime/roster.ts';
import { Talks } from '../../../src/realtime/talks.ts';

/** Which centres' lines are looked at anew after a commit of these events. */
function linesAfter(...events: InteractionEvent[]): string[] {
  const changed: string[] = [];
  const roster = new Roster(
    () => Promise.resolve(),
    () => {},
  );
  const lineBoard = { changed: (id: string) => changed.push(id) } as unknown as LineBoard;
  const relay = createRelay(roster, lineBoard, new Talks());
  const state = { kind: 'active', agent: { agentId: 'sam', name: 'Sam' } };
  const interaction = { id: 'i', tv: { tvId: 'living-room' }, state } as unknown as Interaction;
  const commit: Commit = {
    interactions: [
      {
        centreId: 'north',
        interaction,
        events: events.map((event, index) => ({ interactionId: 'i', seq: index + 1, at: 1, event })),
        agentBefore: null,
        agentNow: null,
      },
    ],
    agents: [],
  };
  relay.committed(commit);
  return changed;
}

describe('the line of a centre', () => {
  const message: InteractionEvent = { type: 'messageSent', from: 'agent', name: 'Sam', text: 'Hello' };

  it('is not read anew for a message', () => {
    expect(linesAfter(message)).toEqual([]);
  });

  it('is read anew when somebody leaves it, whatever else happened', () => {
    const accepted: InteractionEvent = { type: 'accepted', agent: { agentId: 'sam', name: 'Sam' } };
    expect(linesAfter(message, accepted)).toEqual(['north']);
  });
});
