/** The interactions of one TV, of which one is shown: the one under way, else the one that just ended. */
import type { EventMessage } from '../../src/protocol/server.ts';
import { fold } from '../../src/protocol/view.ts';
import type { Keep } from './keep.ts';
import type { InteractionView } from './types.ts';

/** Ended ones that were dismissed but may still be open for the agent's after-work. */
const DISMISSED = 5;

export interface TvInteractions {
  readonly shown: InteractionView | null;
  take(event: EventMessage): void;
  /** All that was missed was heard; what is not open is forgotten, but an end stays in view until dismissed. */
  resumed(open: string[]): void;
  /** Forgets the shown one, if it ended. */
  dismiss(): void;
  /** Shows what was dismissed before: the viewer came back to it. */
  reopen(id: string): void;
}

/** For the viewer it is over when the talk is; what the agent does after it is not for the TV. */
export function isOver({ status }: InteractionView): boolean {
  return status.kind === 'wrapUp' || status.kind === 'closed' || status.kind === 'abandoned';
}

export function createTvInteractions(keep: Keep): TvInteractions {
  const views = new Map<string, InteractionView>();
  const kept = keep.read();
  let dismissed: string[] = Array.isArray(kept) ? (kept as string[]) : [];

  function setDismissed(ids: string[]): void {
    dismissed = ids.slice(-DISMISSED);
    keep.write(dismissed.length === 0 ? null : dismissed);
  }

  function choose(): InteractionView | null {
    let best: InteractionView | null = null;
    views.forEach((view) => {
      if (dismissed.indexOf(view.id) !== -1) return;
      const better = best === null || Number(isOver(best)) - Number(isOver(view)) || view.openedAt - best.openedAt;
      if (better === true || better > 0) best = view;
    });
    return best;
  }

  return {
    get shown() {
      return choose();
    },
    take(event) {
      const view = fold(views.get(event.interactionId) || null, event);
      if (view === null) return;
      views.set(view.id, view);
      if (!isOver(view)) {
        // A new one under way takes the place of those that ended.
        views.forEach((other) => {
          if (other.id !== view.id && isOver(other)) views.delete(other.id);
        });
      }
    },
    resumed(open) {
      views.forEach((view) => {
        if (open.indexOf(view.id) === -1 && !isOver(view)) views.delete(view.id);
      });
      const still = dismissed.filter((id) => open.indexOf(id) !== -1);
      if (still.length !== dismissed.length) setDismissed(still);
    },
    dismiss() {
      const view = choose();
      if (view === null || !isOver(view)) return;
      if (view.status.kind === 'wrapUp') setDismissed(dismissed.concat(view.id));
      else views.delete(view.id);
    },
    reopen(id) {
      if (dismissed.indexOf(id) !== -1) setDismissed(dismissed.filter((one) => one !== id));
    },
  };
}
