import { describe, expect, it } from 'vitest';
import type { InteractionEvent } from '../../../src/interaction/event.ts';
import { fold, type InteractionView } from '../../../src/protocol/view.ts';
import { livingRoom, request, stalled } from '../interaction/story.ts';

/** The view after these events, one a second. */
function viewOf(...events: InteractionEvent[]): InteractionView | null {
  return events.reduce<InteractionView | null>(
    (view, event, n) => fold(view, { interactionId: 'i1', seq: n + 1, at: (n + 1) * 1000, event }),
    null,
  );
}

const requested: InteractionEvent = { type: 'requested', tv: livingRoom, request, origin: 'viewer' };

describe('[M4] the view of an interaction', () => {
  it('begins with the request and with nothing else', () => {
    expect(viewOf({ type: 'tvBack' })).toBeNull();
    expect(viewOf(requested)).toMatchObject({ id: 'i1', seq: 1, openedAt: 1000, status: { kind: 'selfService' } });
  });

  it('takes an event once, however often it comes', () => {
    const view = viewOf(requested, { type: 'tvLost' });
    expect(fold(view, { interactionId: 'i1', seq: 2, at: 9000, event: { type: 'tvBack' } })).toBe(view);
  });

  it('[B6] keeps a fault that is gone, says since when, and forgets that when it is back', () => {
    const gone = viewOf(requested, { type: 'updated', fault: null });
    expect(gone).toMatchObject({ request: { fault: stalled }, faultGoneAt: 2000 });
    const back = fold(gone, { interactionId: 'i1', seq: 3, at: 3000, event: { type: 'updated', fault: stalled } });
    expect(back?.faultGoneAt).toBeNull();
  });

  it('of a screen update leaves the fault as it was', () => {
    const screen = { path: ['Shelf'], focused: null, recentActions: [] };
    const view = viewOf(requested, { type: 'updated', fault: null }, { type: 'updated', screen });
    expect(view).toMatchObject({ faultGoneAt: 2000, request: { fault: stalled, screen } });
  });
});
