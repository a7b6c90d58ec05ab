/** The story that the desk's tests tell: bob's living room TV keeps stopping, and Sam helps. */
import type { InteractionEvent } from '../../../../src/interaction/event.ts';
import type { ServiceRequest, TvSummary } from '../../../../src/interaction/facts.ts';
import type { AgentRef, Match } from '../../../../src/interaction/interaction.ts';
import { fold } from '../../../../src/protocol/view.ts';
import type { InteractionView } from '../../../../src/protocol/view.ts';

export const sam: AgentRef = { agentId: 'sam', name: 'Sam' };

export const livingRoomTv: TvSummary = {
  tvId: 'living-room',
  serial: 'X40-0007-2291',
  form: 'set-top-box',
  model: 'X40',
  displayModel: 'Lumen 55',
  firmware: '4.2.1',
  engine: 'Tizen 6.5 / Chromium 85',
  name: 'Living room TV',
  customer: { id: 'bob', name: 'Bob Okafor', address: '12 Harbour Street, Leeds', number: '07700 900123' },
};

export const stalling: ServiceRequest = {
  fault: {
    code: 'playback:stalled',
    title: 'The picture keeps stopping',
    detail: { stalls: 6, rssi: -81, bufferedSeconds: 0.4 },
    since: Date.UTC(2026, 10, 20, 14, 2),
    count: 6,
  },
  screen: {
    path: ['Player', 'Help prompt'],
    focused: 'Yes, get help',
    recentActions: ['OK on Play', 'Right on Subtitles', 'OK on Yes, get help'],
  },
  context: { serviceState: 'playing', facts: { title: 'The Tide Line', position: 734, plan: 'Family' } },
};

const helpLine: Match = {
  queueId: 'help',
  queueName: 'Help line',
  preferredAgentIds: ['sam'],
  preferredUntil: null,
  rule: 'customersLookedAfter',
  reason: 'Sam looks after this customer.',
};

export const unplugRouter = {
  id: 't1',
  title: 'Unplug the router for 30 seconds',
  detail: 'Plug it in again and wait about two minutes. Your place is kept.',
  picture: 'router' as const,
  check: { kind: 'playback' as const, seconds: 20 },
};
export const moveRouter = { id: 't2', title: 'Move the router closer to the TV, in open view' };
const whichRoom = { id: 't3', title: 'Is the router in the same room?', choices: ['Yes', 'No'] };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

type Step = [after: number, event: InteractionEvent];

/**
 * A view built as clients build it, from events.
 * @param from when it was opened; each step says how long after that it happened
 */
export function tell(from: number, steps: Step[], id = 'ix1'): InteractionView {
  let view: InteractionView | null = null;
  let seq = 0;
  for (const [after, event] of steps) {
    seq += 1;
    view = fold(view, { interactionId: id, seq, at: from + after, event });
  }
  if (view === null) throw new Error('a story starts with requested');
  return view;
}

export const asked: Step[] = [[0, { type: 'requested', tv: livingRoomTv, request: stalling, origin: 'viewer' }]];

export const queued = (from: number): Step[] => [
  ...asked,
  [
    1 * SECOND,
    {
      type: 'diagnosisGiven',
      diagnosis: {
        id: 'd1',
        explanation: 'The picture arrives slower than it plays.',
        tasks: [unplugRouter],
        source: { kind: 'catalogue', entryId: 'stalled', catalogueVersion: 3 },
      },
    },
  ],
  [2 * SECOND, { type: 'queued', match: helpLine, priority: 0, arrivedAt: from + 2 * SECOND, why: 'joined' }],
];

export const offered = (from: number, expiresAt: number): Step[] => [
  ...queued(from),
  [5 * MINUTE, { type: 'offered', offerId: 'o1', agent: sam, expiresAt }],
];

export const active = (from: number): Step[] => [
  ...offered(from, from + 5 * MINUTE + 20 * SECOND),
  [5 * MINUTE + 4 * SECOND, { type: 'accepted', agent: sam }],
  [
    5 * MINUTE + 20 * SECOND,
    { type: 'messageSent', from: 'agent', name: 'Sam', text: 'Hello Bob, I am looking at it with you.' },
  ],
  [5 * MINUTE + 40 * SECOND, { type: 'taskChanged', taskId: 't1', status: 'checking' }],
  [6 * MINUTE, { type: 'taskChanged', taskId: 't1', status: 'failed', evidence: 'The picture stopped after 4 s.' }],
  [
    6 * MINUTE + 30 * SECOND,
    {
      type: 'diagnosisGiven',
      diagnosis: {
        id: 'd2',
        explanation: 'The Wi-Fi signal at the TV is weak.',
        tasks: [moveRouter, whichRoom],
        source: { kind: 'agent', agentId: 'sam' },
      },
    },
  ],
  [7 * MINUTE, { type: 'taskChanged', taskId: 't3', status: 'answered', choice: 'No' }],
];

export const lost = (from: number): Step[] => [...active(from), [8 * MINUTE, { type: 'tvLost' }]];

export const fixed = (from: number, how: 'verified' | 'claimed' = 'verified'): Step[] => [
  ...active(from),
  [
    9 * MINUTE,
    how === 'verified'
      ? { type: 'taskChanged', taskId: 't1', status: 'verified', evidence: '20 s of picture without a stop.' }
      : { type: 'taskChanged', taskId: 't2', status: 'claimed' },
  ],
  [
    9 * MINUTE + SECOND,
    { type: 'closureOffered', taskId: how === 'verified' ? 't1' : 't2', how, expiresAt: from + 12 * MINUTE },
  ],
];

export const ended = (from: number, fix: 'verified' | 'claimed' | null, by: 'viewer' | 'agent' = 'agent'): Step[] => [
  ...(fix === null ? active(from) : fixed(from, fix)),
  [10 * MINUTE, { type: 'ended', by, fix }],
];

export const invited = (expiresAt: number): Step[] => [
  [
    0,
    {
      type: 'requested',
      tv: livingRoomTv,
      request: {
        fault: null,
        screen: { path: [], focused: null, recentActions: [] },
        context: { serviceState: 'unknown', facts: {} },
      },
      origin: 'agent',
    },
  ],
  [1, { type: 'invited', agent: sam, match: { ...helpLine, preferredAgentIds: [] }, expiresAt }],
];
