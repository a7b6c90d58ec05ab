/** A committed event as it goes over the wire: made into text once for all who are to see the same of it. */
import type { StoredEvent } from '../events/ports.ts';
import { forViewer, type InteractionEvent } from '../interaction/event.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { EventMessage } from '../protocol/server.ts';

export class EventFrame {
  readonly #stored: StoredEvent;
  #whole: string | undefined;
  #viewers: string | null | undefined;

  constructor(stored: StoredEvent) {
    this.#stored = stored;
  }

  get seq(): number {
    return this.#stored.seq;
  }

  /** The text for a TV or an agent's computer; null when nothing of the event is the viewer's (M19). */
  for(audience: 'tv' | 'agent'): string | null {
    if (audience === 'agent') return (this.#whole ??= this.#text(this.#stored.event));
    if (this.#viewers === undefined) {
      const shown = forViewer(this.#stored.event);
      if (shown === null) this.#viewers = null;
      else this.#viewers = shown === this.#stored.event ? this.for('agent') : this.#text(shown);
    }
    return this.#viewers;
  }

  #text(event: InteractionEvent): string {
    const { interactionId, seq, at } = this.#stored;
    return JSON.stringify({ v: PROTOCOL_VERSION, type: 'event', interactionId, seq, at, event } satisfies EventMessage);
  }
}
