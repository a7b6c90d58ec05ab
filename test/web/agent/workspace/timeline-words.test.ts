import { describe, expect, it } from 'vitest';
import { timelineLines, type TimelineLine } from '../../../../web/agent/workspace/timeline-words.ts';
import { active, asked, ended, invited, livingRoomTv, queued, stalling, tell } from '../support/story.ts';

const FROM = Date.UTC(2026, 10, 22, 14, 0);
const say = (line: TimelineLine) =>
  `${line.who}${line.side === undefined ? '' : ':'} ${line.text}${line.detail === undefined ? '' : ` / ${line.detail}`}`;

describe('the timeline in words', () => {
  it('tells the story in order, and keeps what the viewer said apart from what the TV saw [B3]', () => {
    expect(timelineLines(tell(FROM, ended(FROM, 'verified')), 'all').map(say)).toEqual([
      'The viewer asked for help: The picture keeps stopping / Stalls 6, Wi-Fi signal −81 dBm, buffered 0.4 s',
      'Automatic help sent 1 task: Unplug the router for 30 seconds / The picture arrives slower than it plays.',
      'Couchline put the viewer in line for Help line',
      'Couchline offered it to Sam',
      'Sam joined',
      'Sam: Hello Bob, I am looking at it with you.',
      'The viewer says it works, and the TV is checking: Unplug the router for 30 seconds',
      'The TV still sees the fault after: Unplug the router for 30 seconds / The picture stopped after 4 s.',
      'Sam sent 2 tasks: Move the router closer to the TV, in open view · Is the router in the same room? / The Wi-Fi signal at the TV is weak.',
      'The viewer answered “No”: Is the router in the same room?',
      'The TV verified: Unplug the router for 30 seconds / 20 s of picture without a stop.',
      'Couchline asked the viewer whether help can end: the fix is verified',
      'Sam ended help / Fixed: the TV checked.',
    ]);
  });

  it('tells a question that has no explanation in one line [IX15]', () => {
    const tasks = [{ id: 'q', title: 'Is the light on?', choices: ['Yes', 'No'] }];
    const diagnosis = { id: 'd3', explanation: '', tasks, source: { kind: 'agent' as const, agentId: 'sam' } };
    const view = tell(FROM, [...active(FROM), [8 * 60_000, { type: 'diagnosisGiven', diagnosis }]]);
    expect(timelineLines(view, 'all').map(say).at(-1)).toBe('Sam sent 1 question: Is the light on?');
  });

  it('filters to messages and to tasks', () => {
    const view = tell(FROM, active(FROM));
    expect(timelineLines(view, 'messages').map((line) => line.side)).toEqual(['agent']);
    expect(timelineLines(view, 'tasks').every((line) => line.kind === 'task')).toBe(true);
    expect(timelineLines(view, 'tasks')).toHaveLength(5);
  });

  it('names every way back into the line [IX6]', () => {
    const match = { queueId: 'help', queueName: 'Help line', preferredAgentIds: [], preferredUntil: null, reason: '' };
    const back = (why: 'declined' | 'offerExpired' | 'agentLost' | 'stillNeedsHelp') =>
      timelineLines(
        tell(FROM, [
          ...asked,
          [1, { type: 'queued', match: { ...match, rule: 'queue' }, priority: 0, arrivedAt: FROM, why }],
        ]),
        'all',
      ).at(-1)?.text;
    expect((['declined', 'offerExpired', 'agentLost', 'stillNeedsHelp'] as const).map(back)).toEqual([
      'put the viewer back in line for Help line: the offer was declined',
      'put the viewer back in line for Help line: the offer was not answered',
      'put the viewer back in line for Help line: the agent lost connection',
      'put the viewer back in line for Help line: the fix did not hold',
    ]);
  });

  it('says who started it when it was the agent [M7]', () => {
    expect(timelineLines(tell(FROM, invited(FROM + 60_000)), 'all').map(say)).toEqual([
      'Couchline opened this for Living room TV',
      'Sam asked the viewer: Would you like to begin?',
    ]);
  });

  it('shows new faults and screens, and leaves out what says nothing to people [M10]', () => {
    const view = tell(FROM, [
      ...queued(FROM),
      [1, { type: 'updated', context: stalling.context }],
      [2, { type: 'updated', screen: { ...stalling.screen, focused: 'No, keep watching' } }],
      [2, { type: 'updated', screen: { path: ['Settings', 'Network'], focused: null, recentActions: [] } }],
      [2, { type: 'updated', screen: { path: ['Settings', 'Network'], focused: 'Wi-Fi', recentActions: [] } }],
      [
        3,
        { type: 'updated', fault: { code: 'tr069:9002', title: 'The box restarted', detail: {}, since: 0, count: 1 } },
      ],
    ]);
    expect(timelineLines(view, 'all').slice(3).map(say)).toEqual([
      'The TV shows Settings › Network',
      'The TV has a new fault: The box restarted',
    ]);
  });

  it('folds screen after screen into one line, until something else happens [M10]', () => {
    const shows = (...path: string[]) => ({ type: 'updated' as const, screen: { ...stalling.screen, path } });
    const view = tell(FROM, [
      ...queued(FROM),
      [3_000, shows('Help', 'Asking for help')],
      [4_000, shows('Help', 'Waiting')],
      [5_000, shows('Help', 'Task 1')],
      [6_000, { type: 'tvLost' }],
      [7_000, { type: 'tvBack' }],
      [8_000, shows('Help', 'Waiting')],
    ]);
    const lines = timelineLines(view, 'all').slice(3);
    expect(lines.map(say)).toEqual([
      'The TV shows Help › Task 1 / Before that: Help › Asking for help · Help › Waiting',
      'The TV is not online',
      'The TV is online again',
      'The TV shows Help › Waiting',
    ]);
    expect(lines[0]).toMatchObject({ seq: view.seq - 3, at: FROM + 5_000 });
    const many = tell(FROM, [
      ...queued(FROM),
      ...[1, 2, 3, 4, 5].map((n) => [n, shows(`Page ${n}`)] as [number, ReturnType<typeof shows>]),
    ]);
    expect(timelineLines(many, 'all').slice(3).map(say)).toEqual([
      'The TV shows Page 5 / Before that: … · Page 2 · Page 3 · Page 4',
    ]);
  });

  it('speaks plainly when no fault is known', () => {
    const view = tell(FROM, [
      [0, { type: 'requested', tv: livingRoomTv, request: { ...stalling, fault: null }, origin: 'viewer' }],
    ]);
    expect(timelineLines(view, 'all').map(say)).toEqual(['The viewer asked for help']);
  });
});
