/** A committed event as it goes over the wire: made into a frame once for all who are to see the same of it. */
import type { StoredEvent } from '../events/ports.ts';
import { forViewer, type InteractionEvent } from '../interaction/event.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { EventMessage } from '../protocol/server.ts';
import { textFrame } from './textFrame.ts';

/** As text and, once somebody is to have it, as a frame. */
interface Shown {
  text: string;
  frame: Buffer | null;
}

/** How every event's text begins. */
const BEGINNING = `{"v":${PROTOCOL_VERSION},"type":"event",`;

export class EventFrame {
  readonly #stored: StoredEvent;
  #whole: Shown | undefined;
  #viewers: Shown | null | undefined;

  constructor(stored: StoredEvent) {
    this.#stored = stored;
  }

  get seq(): number {
    return this.#stored.seq;
  }

  /** Whose command it can be the answer of. */
  get answers(): StoredEvent['answers'] {
    return this.#stored.answers;
  }

  /** The frame for a TV or an agent's computer; null when nothing of the event is the viewer's (M19). */
  for(audience: 'tv' | 'agent'): Buffer | null {
    const shown = this.#shownTo(audience);
    return shown && (shown.frame ??= textFrame(shown.text));
  }

  /** The same, as the answer to the command of this id: for its sender alone. */
  answering(commandId: string, audience: 'tv' | 'agent'): Buffer | null {
    const shown = this.#shownTo(audience);
    return shown && textFrame(`${BEGINNING}"re":${JSON.stringify(commandId)},${shown.text.slice(BEGINNING.length)}`);
  }

  #shownTo(audience: 'tv' | 'agent'): Shown | null {
    if (audience === 'agent') return (this.#whole ??= this.#show(this.#stored.event));
    if (this.#viewers === undefined) {
      const shown = forViewer(this.#stored.event);
      if (shown === null) this.#viewers = null;
      else this.#viewers = shown === this.#stored.event ? this.#shownTo('agent') : this.#show(shown);
    }
    return this.#viewers;
  }

  #show(event: InteractionEvent): Shown {
    const { interactionId, seq, at } = this.#stored;
    const message: EventMessage = { v: PROTOCOL_VERSION, type: 'event', interactionId, seq, at, event };
    return { text: JSON.stringify(message), frame: null };
  }
}
