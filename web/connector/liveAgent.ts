/** What TVs tell an agent of the moment, by interaction; forgotten with the talk. */
import type { LiveMessage } from '../../src/protocol/live.ts';
import type { LiveView, Unsubscribe } from './types.ts';
import { createWritingHeard } from './writing.ts';
import type { WritingHeard } from './writing.ts';

interface Known {
  view: LiveView;
  writing: WritingHeard;
}

export class LiveViews {
  private readonly known = new Map<string, Known>();
  private listeners: (() => void)[] = [];

  of(interactionId: string): LiveView | null {
    return this.known.get(interactionId)?.view ?? null;
  }

  subscribe(listener: () => void): Unsubscribe {
    const own = (): void => {
      listener();
    };
    this.listeners = this.listeners.concat(own);
    return () => {
      this.listeners = this.listeners.filter((one) => one !== own);
    };
  }

  take({ interactionId, playback, screen, writing }: LiveMessage): void {
    const known = this.known.get(interactionId) ?? this.begin(interactionId);
    known.view = {
      playback: playback ?? known.view.playback,
      screen: screen ?? known.view.screen,
      writing: known.view.writing,
      receivedAt: Date.now(),
    };
    if (writing === undefined) this.tell();
    else known.writing.hear(writing);
  }

  /** The viewer has said what they were writing. */
  said(interactionId: string): void {
    const known = this.known.get(interactionId);
    if (known?.view.writing === true) known.writing.hear(false);
  }

  /** @param talks the interactions in which this agent helps now */
  keepOnly(talks: readonly string[]): void {
    for (const [interactionId, { writing }] of this.known) {
      if (talks.includes(interactionId)) continue;
      writing.stop();
      this.known.delete(interactionId);
      this.tell();
    }
  }

  private begin(interactionId: string): Known {
    const known: Known = {
      view: { playback: null, screen: null, writing: false, receivedAt: 0 },
      writing: createWritingHeard((writing) => {
        known.view = { ...known.view, writing };
        this.tell();
      }),
    };
    this.known.set(interactionId, known);
    return known;
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
