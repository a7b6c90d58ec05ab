/**
 * An interaction as a client sees it, built from its events alone: what a client shows after a
 * reload is what it showed before. Free of schemas, small enough for a TV.
 */
import type { Task } from '../diagnosis/diagnosis.ts';
import type { InteractionEvent } from '../interaction/event.ts';
import type { ServiceRequest, TvSummary } from '../interaction/facts.ts';
import type { AgentRef, Disposition, Match, TaskStatus } from '../interaction/interaction.ts';

export interface TaskView extends Task {
  diagnosisId: string;
  status: TaskStatus;
  choice?: string;
  evidence?: string;
}

export type ViewStatus =
  | { kind: 'selfService' }
  | { kind: 'queued'; match: Match; arrivedAt: number; why: string }
  | { kind: 'offered'; offerId: string; agent: AgentRef; expiresAt: number }
  | { kind: 'invited'; agent: AgentRef; match: Match; expiresAt: number }
  | { kind: 'active'; agent: AgentRef; since: number }
  | {
      kind: 'wrapUp';
      agent: AgentRef | null;
      since: number;
      by: 'viewer' | 'agent';
      fix: 'verified' | 'claimed' | null;
    }
  | { kind: 'closed'; disposition: Disposition; note: string; at: number }
  | { kind: 'abandoned'; reason: string; at: number };

export interface InteractionView {
  id: string;
  /** The last seen; what a client says when it comes back. */
  seq: number;
  openedAt: number;
  origin: 'viewer' | 'agent';
  tv: TvSummary;
  /** With what was updated since; a fault that is gone stays here. */
  request: ServiceRequest;
  /** Since when the TV does not see the fault any more; null while it does. */
  faultGoneAt: number | null;
  match: Match | null;
  explanations: { diagnosisId: string; text: string; source: 'catalogue' | 'agent'; at: number }[];
  tasks: TaskView[];
  messages: { from: 'agent' | 'viewer'; name: string; text: string; at: number }[];
  closure: { taskId: string; how: 'verified' | 'claimed'; expiresAt: number } | null;
  tvLostAt: number | null;
  status: ViewStatus;
  timeline: { seq: number; at: number; event: InteractionEvent }[];
}

/**
 * The view after one more event. Events already seen change nothing.
 * @param view null before the first event, which is `requested`
 */
export function fold(
  view: InteractionView | null,
  message: { interactionId: string; seq: number; at: number; event: InteractionEvent },
): InteractionView | null {
  const { event, seq, at } = message;
  if (view !== null && seq <= view.seq) return view;
  if (view === null) {
    if (event.type !== 'requested') return null;
    return {
      id: message.interactionId,
      seq,
      openedAt: at,
      origin: event.origin,
      tv: event.tv,
      request: event.request,
      faultGoneAt: null,
      match: null,
      explanations: [],
      tasks: [],
      messages: [],
      closure: null,
      tvLostAt: null,
      status: { kind: 'selfService' },
      timeline: [{ seq, at, event }],
    };
  }
  return { ...view, ...change(view, event, at), seq, timeline: view.timeline.concat({ seq, at, event }) };
}

function change(view: InteractionView, event: InteractionEvent, at: number): Partial<InteractionView> {
  switch (event.type) {
    case 'requested':
    case 'offerEnded':
      return {};
    case 'diagnosisGiven': {
      const { diagnosis } = event;
      const tasks = diagnosis.tasks.map((task): TaskView => ({ ...task, diagnosisId: diagnosis.id, status: 'todo' }));
      return {
        explanations: view.explanations.concat({
          diagnosisId: diagnosis.id,
          text: diagnosis.explanation,
          source: diagnosis.source.kind,
          at,
        }),
        tasks: view.tasks.concat(tasks),
      };
    }
    case 'queued':
      return {
        match: event.match,
        closure: null,
        status: { kind: 'queued', match: event.match, arrivedAt: event.arrivedAt, why: event.why },
      };
    case 'offered':
      return { status: { kind: 'offered', offerId: event.offerId, agent: event.agent, expiresAt: event.expiresAt } };
    case 'invited':
      return {
        match: event.match,
        status: { kind: 'invited', agent: event.agent, match: event.match, expiresAt: event.expiresAt },
      };
    case 'accepted':
      return { status: { kind: 'active', agent: event.agent, since: at } };
    case 'taskChanged':
      return {
        tasks: view.tasks.map((task) =>
          task.id === event.taskId
            ? { ...task, status: event.status, choice: event.choice, evidence: event.evidence }
            : task,
        ),
      };
    case 'closureOffered': {
      const closure = { taskId: event.taskId, how: event.how, expiresAt: event.expiresAt };
      return view.status.kind === 'active' ? { closure } : { closure, status: { kind: 'selfService' } };
    }
    case 'closureDeclined':
      return { closure: null };
    case 'updated':
      return {
        faultGoneAt: event.fault === undefined ? view.faultGoneAt : event.fault === null ? at : null,
        request: {
          fault: event.fault || view.request.fault,
          screen: event.screen || view.request.screen,
          context: event.context || view.request.context,
        },
      };
    case 'messageSent':
      return { messages: view.messages.concat({ from: event.from, name: event.name, text: event.text, at }) };
    case 'tvLost':
      return { tvLostAt: at };
    case 'tvBack':
      return { tvLostAt: null };
    case 'ended':
      return {
        closure: null,
        status: {
          kind: 'wrapUp',
          agent: view.status.kind === 'active' ? view.status.agent : null,
          since: at,
          by: event.by,
          fix: event.fix,
        },
      };
    case 'closed':
      return { closure: null, status: { kind: 'closed', disposition: event.disposition, note: event.note, at } };
    case 'abandoned':
      return { closure: null, status: { kind: 'abandoned', reason: event.reason, at } };
  }
}
