/**
 * What of all that an agent hears belongs to that agent now. The agent's own record (`work`) is
 * the truth; between an event and the record that follows it, the event's state decides.
 */
import type { Work } from '../../src/agent/agent.ts';
import type { EventMessage } from '../../src/protocol/server.ts';
import { fold } from '../../src/protocol/view.ts';
import type { InteractionView } from './types.ts';

/** Views of what is no longer this agent's, kept in case it is offered again without its whole story. */
const HIDDEN = 50;

export class AgentInteractions {
  private agentId = '';
  private readonly views = new Map<string, InteractionView>();
  private work: string[] | null = null;
  /** The latest of this agent's that ended. */
  lastEnded: InteractionView | null = null;
  /** Not this agent's any more, though the last status may still name them. */
  private readonly released = new Set<string>();

  /** A new connection: what is hidden was not resumed, so its story may have gaps. */
  begin(agentId: string): void {
    this.agentId = agentId;
    this.work = null;
    for (const view of this.views.values()) if (!this.isMine(view)) this.views.delete(view.id);
  }

  take(message: EventMessage): void {
    const { event, interactionId: id } = message;
    const before = this.views.get(id) ?? null;
    const view = fold(before, message);
    if (view === null || view === before) return;
    if (event.type === 'closed' || event.type === 'abandoned') {
      if (before !== null && this.isMine(before)) this.lastEnded = view;
      this.views.delete(id);
      this.released.delete(id);
      return;
    }
    this.views.delete(id);
    this.views.set(id, view);
    if (event.type === 'offerEnded' && event.agentId === this.agentId) this.released.add(id);
    if (event.type === 'offered' || event.type === 'invited' || event.type === 'accepted') this.released.delete(id);
    this.trim();
  }

  resumed(open: string[]): void {
    for (const id of [...this.views.keys()]) if (!open.includes(id) && !this.work?.includes(id)) this.views.delete(id);
  }

  setWork(work: Work[]): void {
    const now = work.map(({ interactionId }) => interactionId);
    for (const id of this.work ?? []) if (!now.includes(id)) this.released.add(id);
    for (const id of now) if (!this.work?.includes(id)) this.released.delete(id);
    this.work = now;
  }

  /** The earliest first. @param last returned again when nothing of it changed */
  shown(last: InteractionView[]): InteractionView[] {
    const mine = [...this.views.values()].filter((view) => this.isMine(view));
    mine.sort((a, b) => a.openedAt - b.openedAt);
    return mine.length === last.length && mine.every((view, at) => view === last[at]) ? last : mine;
  }

  private isMine(view: InteractionView): boolean {
    if (this.released.has(view.id)) return false;
    if (this.work?.includes(view.id)) return true;
    const { status } = view;
    return 'agent' in status && status.agent?.agentId === this.agentId;
  }

  private trim(): void {
    const hidden = [...this.views.values()].filter((view) => !this.isMine(view));
    for (const view of hidden.slice(0, -HIDDEN)) {
      this.views.delete(view.id);
      this.released.delete(view.id);
    }
  }
}
