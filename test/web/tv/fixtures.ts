/** What the living-room TV's connector may say, for any moment of the story. */
import type { InteractionView, TvState } from '../../../web/connector/types.ts';

export const sam = { agentId: 'sam', name: 'Sam' };
const match = {
  queueId: 'help',
  queueName: 'Help line',
  preferredAgentIds: [],
  preferredUntil: null,
  rule: 'queue',
  reason: '',
} as const;

export const status = {
  queued: { kind: 'queued', match: { ...match, preferredAgentIds: [] }, arrivedAt: 1, why: 'joined' },
  lost: { kind: 'queued', match: { ...match, preferredAgentIds: [] }, arrivedAt: 1, why: 'agentLost' },
  invited: { kind: 'invited', agent: sam, match: { ...match, preferredAgentIds: [] }, expiresAt: 9 },
  active: { kind: 'active', agent: sam, since: 1 },
} satisfies Record<string, InteractionView['status']>;

type TaskView = InteractionView['tasks'][number];

export function task(id: string, more: Partial<TaskView> = {}): TaskView {
  return {
    id,
    diagnosisId: 'd1',
    title: 'Unplug the TV for 30 seconds',
    check: { kind: 'playback', seconds: 10 },
    status: 'todo',
    ...more,
  };
}

export function interaction(more: Partial<InteractionView> = {}): InteractionView {
  return {
    id: 'i1',
    seq: 1,
    openedAt: 1,
    origin: 'viewer',
    tv: {
      tvId: 'tv1',
      serial: 'S1',
      form: 'all-in-one',
      model: 'X40',
      displayModel: null,
      firmware: '4.2.1',
      engine: 'Chromium 120',
      name: 'Living room TV',
      customer: null,
    },
    request: {
      fault: null,
      screen: { path: [], focused: null, recentActions: [] },
      context: { serviceState: 'playing', facts: {} },
    },
    faultGoneAt: null,
    match: null,
    explanations: [],
    tasks: [],
    messages: [],
    closure: null,
    tvLostAt: null,
    status: { kind: 'selfService' },
    timeline: [],
    ...more,
  };
}

export function tv(more: Partial<TvState> = {}): TvState {
  return {
    connection: { kind: 'online' },
    pairing: null,
    registered: { tvId: 'tv1', name: 'Living room TV', centreName: 'Bright TV' },
    faults: [],
    interaction: null,
    line: null,
    agentWriting: false,
    checking: null,
    unsent: 0,
    ...more,
  };
}

export function line(
  place: number,
  receivedAt: number,
  more: Partial<NonNullable<TvState['line']>> = {},
): TvState['line'] {
  return {
    v: 1,
    type: 'line',
    interactionId: 'i1',
    place,
    of: 5,
    expected: { low: 240, high: 420 },
    rose: false,
    receivedAt,
    ...more,
  };
}

/** Things that happened, one after another. */
export function timeline(...events: InteractionView['timeline'][number]['event'][]): InteractionView['timeline'] {
  return events.map((event, index) => ({ seq: index + 1, at: 1000 + index, event }));
}
