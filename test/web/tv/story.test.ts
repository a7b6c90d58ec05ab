import { describe, expect, it } from 'vitest';
import type { InteractionView, TvState } from '../../../web/connector/types.ts';
import { helpScreen } from '../../../web/tv/story.ts';
import type { Looking } from '../../../web/tv/story.ts';
import { interaction, line, sam, status, task, timeline, tv } from './fixtures.ts';

const fresh: Looking = { atTasks: false, taskId: null, seenOutcome: null, again: null, answerAnew: null };
const NOW = 100_000;
const see = (state: TvState, looking: Partial<Looking> = {}, asking = false) =>
  helpScreen(state, { ...fresh, ...looking }, asking, NOW);

/** A question that was answered. */
const answered: Partial<InteractionView> = {
  explanations: [{ diagnosisId: 'd1', text: 'Tell us what it is about.', source: 'catalogue', at: 1 }],
  tasks: [task('q', { choices: ['Picture or sound', 'My account'], status: 'answered', choice: 'Picture or sound' })],
  timeline: timeline({ type: 'taskChanged', taskId: 'q', status: 'answered', choice: 'Picture or sound' }),
};

describe('asking for help', () => {
  it('shows nothing of help while there is none', () => {
    expect(see(tv())).toBeNull();
  });

  it('shows that it asks, until the request is committed', () => {
    expect(see(tv(), {}, true)).toMatchObject({ kind: 'asking', offline: false });
  });

  it('says so when the TV is not online', () => {
    const offline = tv({ connection: { kind: 'offline', since: 1, nextTryAt: 2 } });
    expect(see(offline, {}, true)).toMatchObject({ kind: 'asking', offline: true });
  });

  it('[M5] an invitation names who invites, and from where', () => {
    expect(see(tv({ interaction: interaction({ status: status.invited }) }))).toEqual({
      kind: 'invited',
      agent: 'Sam',
      line: 'Help line',
    });
  });
});

describe('waiting', () => {
  const waiting = (more: Partial<TvState> = {}) => tv({ interaction: interaction({ status: status.queued }), ...more });

  it('tells the place, the range and the age', () => {
    expect(see(waiting({ line: line(3, NOW - 1000) }))).toMatchObject({
      kind: 'waiting',
      title: 'You are 3rd in line.',
      wait: 'About 4 to 7 minutes',
      age: { words: 'Updated just now', stale: false },
    });
  });

  it('a number older than 30 s tells its age', () => {
    expect(see(waiting({ line: line(1, NOW - 43_000) }))).toMatchObject({
      title: 'You are next.',
      age: { words: 'Last heard 40 seconds ago', stale: true },
    });
  });

  it('says why the place rose', () => {
    const screen = see(waiting({ line: line(2, NOW, { rose: true }) }));
    expect(screen).toMatchObject({ note: 'Somebody came back to a place we had kept for them.' });
  });

  it('does not promise a time while nobody is there', () => {
    const screen = see(waiting({ line: line(1, NOW, { expected: null }) }));
    expect(screen).toMatchObject({
      title: 'You are first in line.',
      wait: 'Nobody is free to answer yet. Your place is kept.',
    });
  });

  it('[B8] offers tasks only when there are some, and neither phone nor call, which cannot work yet', () => {
    const none = see(waiting({ line: line(1, NOW) }));
    expect(none).toMatchObject({ openTasks: 0 });
    const withTask = see(tv({ interaction: interaction({ status: status.queued, tasks: [task('t1')] }) }));
    expect(withTask).toMatchObject({ kind: 'waiting', openTasks: 1 });
    expect(Object.keys(withTask as object).sort()).toEqual(
      ['age', 'answered', 'kind', 'known', 'note', 'openTasks', 'title', 'wait'].sort(),
    );
  });

  it('keeps the place while a task is tried', () => {
    const state = tv({ interaction: interaction({ status: status.queued, tasks: [task('t1')] }), line: line(2, NOW) });
    expect(see(state, { atTasks: true })).toMatchObject({
      kind: 'task',
      company: { kind: 'line', place: 'You are 2nd in line.' },
    });
  });

  it('acknowledges an answer, and lets it be given otherwise', () => {
    const view = interaction({ status: status.queued, ...answered });
    const state = tv({ interaction: view, line: line(1, NOW) });
    expect(see(state)).toMatchObject({
      kind: 'waiting',
      note: 'We have your answer: Picture or sound.',
      answered: 'q',
      openTasks: 0,
    });
    expect(see(state, { again: 'q' })).toMatchObject({ kind: 'task', task: { id: 'q' }, open: 1 });
  });

  it('says who lost connection, and that the viewer is first', () => {
    const lost = interaction({ status: status.lost, timeline: timeline({ type: 'accepted', agent: sam }) });
    expect(see(tv({ interaction: lost, line: line(1, NOW) }))).toMatchObject({
      title: 'Sam lost connection.',
      note: 'You are first for the next person.',
    });
  });
});

describe('tasks', () => {
  const tasks = [task('t1'), task('t2'), task('t3', { status: 'notHelped' })];

  it('[M10] one at a time; arrows lead to the other open ones', () => {
    expect(see(tv({ interaction: interaction({ tasks }) }))).toMatchObject({
      kind: 'task',
      task: { id: 't1', number: 1 },
      previous: null,
      next: 't2',
      open: 2,
    });
    expect(see(tv({ interaction: interaction({ tasks }) }), { taskId: 't2' })).toMatchObject({
      task: { id: 't2', number: 2 },
      previous: 't1',
      next: null,
    });
  });

  it('[M10] a task that was withdrawn makes room for the next', () => {
    const left = [task('t1', { status: 'withdrawn' }), task('t2')];
    expect(see(tv({ interaction: interaction({ tasks: left }) }), { taskId: 't1' })).toMatchObject({
      task: { id: 't2', number: 2 },
    });
  });

  it('[M11] when nothing is left to try by oneself, a person is offered', () => {
    const tried = interaction({ tasks: [task('t1', { status: 'cannot' })] });
    expect(see(tv({ interaction: tried }))).toMatchObject({ kind: 'selfService', title: 'That did not help yet.' });
  });

  it('with an agent the task says who sees the screen, and what was said last', () => {
    const helped = interaction({
      status: status.active,
      explanations: [{ diagnosisId: 'd1', text: 'The Wi-Fi is weak here.', source: 'agent', at: 1 }],
      tasks: [task('t1')],
      messages: [{ from: 'agent', name: 'Sam', text: 'One thing to try.', at: 1 }],
    });
    expect(see(tv({ interaction: helped }))).toMatchObject({
      company: { kind: 'agent', name: 'Sam', lastMessage: 'One thing to try.' },
    });
  });

  it.each([
    ['three short ones', [80, 80, 80], 3],
    ['of many, the last three', [9, 9, 9, 9, 9], 3],
    ['two, when they are longer', [150, 150, 150], 2],
    ['the last, when it is as long as may be', [40, 300, 300], 1],
  ])('messages: %s', (_, lengths, shown) => {
    const messages = lengths.map(
      (length, at) => ({ from: 'agent', name: 'Sam', text: `${at}`.repeat(length), at }) as const,
    );
    const seen = see(tv({ interaction: interaction({ status: status.active, messages: [...messages] }) }));
    expect(seen).toMatchObject({ messages: messages.slice(-shown) });
  });

  it('questions carry their answers', () => {
    const asked = interaction({ tasks: [task('q', { choices: ['Green', 'Red'] })] });
    expect(see(tv({ interaction: asked }))).toMatchObject({ task: { choices: ['Green', 'Red'] } });
  });
});

describe('checks and outcomes', () => {
  it('[B3] a check shows since when and for how long', () => {
    const state = tv({
      interaction: interaction({ tasks: [task('t1', { status: 'checking' })] }),
      checking: { taskId: 't1', startedAt: 90_000 },
    });
    expect(see(state)).toMatchObject({ kind: 'checking', startedAt: 90_000, seconds: 20 });
  });

  it('[B3] after a reload the check goes on from when the viewer answered', () => {
    const view = interaction({
      tasks: [task('t1', { status: 'checking' })],
      timeline: timeline({ type: 'taskChanged', taskId: 't1', status: 'checking' }),
    });
    expect(see(tv({ interaction: view }))).toMatchObject({ kind: 'checking', startedAt: 1000 });
  });

  it('[B3] a check that watches for longer says so', () => {
    const long = task('t1', { status: 'checking', check: { kind: 'playback', seconds: 45 } });
    expect(see(tv({ interaction: interaction({ tasks: [long] }) }))).toMatchObject({ seconds: 45 });
  });

  it.each([
    ['verified', 'Fixed. We checked.'],
    ['claimed', 'You told us it works. We could not check.'],
  ] as const)('[B3] %s: %s', (how, words) => {
    const view = interaction({
      tasks: [task('t1', { status: how })],
      closure: { taskId: 't1', how, expiresAt: 9 },
    });
    expect(see(tv({ interaction: view }))).toMatchObject({ kind: 'closure', how, title: words });
  });

  it('[B3] [IX12] no other task shows between what helped and the offer of closure', () => {
    const view = interaction({
      status: status.active,
      explanations: [{ diagnosisId: 'd1', text: 'The Wi-Fi is weak here.', source: 'agent', at: 1 }],
      tasks: [task('t1', { status: 'verified' }), task('t2')],
      timeline: timeline({ type: 'taskChanged', taskId: 't1', status: 'verified' }),
    });
    expect(see(tv({ interaction: view }))).toMatchObject({ kind: 'closure', how: 'verified' });
  });

  it('[B3] failed: the TV still shows the fault, until it was read', () => {
    const view = interaction({
      tasks: [task('t1', { status: 'failed' }), task('t2')],
      timeline: timeline({ type: 'taskChanged', taskId: 't1', status: 'failed' }),
    });
    expect(see(tv({ interaction: view }))).toMatchObject({
      kind: 'outcome',
      title: 'The TV still shows the fault.',
      openTasks: 1,
    });
    expect(see(tv({ interaction: view }), { seenOutcome: 't1' })).toMatchObject({ kind: 'task', task: { id: 't2' } });
  });

  it.each([
    [0, 'A person can help from here.'],
    [1, 'There is one more thing to try.'],
    [3, 'There are 3 more things to try.'],
  ])('[B3] failed, with %i more to try', (left, text) => {
    const view = interaction({
      tasks: [task('t1', { status: 'failed' }), ...['t2', 't3', 't4'].slice(0, left).map((id) => task(id))],
      timeline: timeline({ type: 'taskChanged', taskId: 't1', status: 'failed' }),
    });
    expect(see(tv({ interaction: view }))).toMatchObject({ kind: 'outcome', text, openTasks: left });
  });

  it('who sees the screen is said while it checks, too', () => {
    const view = interaction({ status: status.active, tasks: [task('t1', { status: 'checking' })] });
    expect(see(tv({ interaction: view }))).toMatchObject({ kind: 'checking', company: { kind: 'agent', name: 'Sam' } });
  });

  it('an outcome that something new came after is not shown', () => {
    const view = interaction({
      status: status.active,
      tasks: [task('t1', { status: 'failed' })],
      timeline: timeline({ type: 'taskChanged', taskId: 't1', status: 'failed' }, { type: 'accepted', agent: sam }),
    });
    expect(see(tv({ interaction: view }))).toMatchObject({ kind: 'connected' });
  });
});

describe('with an agent, and after', () => {
  const catalogue = { diagnosisId: 'd1', text: 'The signal is weak.', source: 'catalogue', at: 1 } as const;
  const fromSam = { diagnosisId: 'd2', text: 'The router is far away.', source: 'agent', at: 2 } as const;

  it('who came is shown before the tasks that were there already', () => {
    const view = interaction({ status: status.active, explanations: [catalogue], tasks: [task('t1')] });
    expect(see(tv({ interaction: view }))).toMatchObject({ kind: 'connected', agent: 'Sam', openTasks: 1 });
    expect(see(tv({ interaction: view }), { atTasks: true })).toMatchObject({ kind: 'task', task: { id: 't1' } });
  });

  it('[M9] what the agent sends comes to the front, with its own explanation', () => {
    const tasks = [task('t1'), task('t2', { diagnosisId: 'd2' })];
    const view = interaction({ status: status.active, explanations: [catalogue, fromSam], tasks });
    expect(see(tv({ interaction: view }))).toMatchObject({
      kind: 'task',
      task: { id: 't2', number: 2 },
      previous: 't1',
      explanation: 'The router is far away.',
    });
  });

  it('[M9] a question without an explanation stands for itself', () => {
    const asked = { ...fromSam, text: '' };
    const tasks = [task('t1'), task('t2', { diagnosisId: 'd2' })];
    const view = interaction({ status: status.active, explanations: [catalogue, asked], tasks });
    expect(see(tv({ interaction: view }))).toMatchObject({ task: { id: 't2' }, explanation: null });
  });

  it('says who is here', () => {
    expect(see(tv({ interaction: interaction({ status: status.active }) }))).toMatchObject({
      kind: 'connected',
      agent: 'Sam',
    });
  });

  it('does not ask for what was answered, and says who has the answer', () => {
    const view = interaction({ status: status.active, ...answered });
    expect(see(tv({ interaction: view }))).toMatchObject({
      text: 'Sam has your answer: Picture or sound.',
      answeredTask: 'q',
    });
    const todo = interaction({ status: status.active, explanations: [catalogue], tasks: [task('t1')] });
    expect(see(tv({ interaction: todo }))).toMatchObject({ text: 'The signal is weak.' });
    const nothing = interaction({ status: status.active });
    expect(see(tv({ interaction: nothing }))).toMatchObject({
      text: 'Sam reads what this TV told us. Nothing to do for now.',
    });
  });

  it('[M10] what the agent wrote can be answered, and answered anew', () => {
    const asks = { from: 'agent', name: 'Sam Reyes', text: 'Is the light green?', at: 1 } as const;
    const says = { from: 'viewer', name: 'Living room TV', text: 'Yes', at: 2 } as const;
    const asked = tv({ interaction: interaction({ status: status.active, messages: [asks] }) });
    expect(see(asked)).toMatchObject({ toAnswer: 1, answered: null });
    const told = tv({ interaction: interaction({ status: status.active, messages: [asks, says] }) });
    expect(see(told)).toMatchObject({ toAnswer: null, answered: 2, messages: [{ name: 'Sam' }, { name: 'You' }] });
    expect(see(told, { answerAnew: 2 })).toMatchObject({ toAnswer: 2, answered: null });
    expect(see(tv({ interaction: interaction({ status: status.active }) }))).toMatchObject({
      toAnswer: null,
      answered: null,
    });
  });

  it('one for whom it ended without a fix may ask again', () => {
    const wrapUp = { kind: 'wrapUp', agent: sam, since: 1, by: 'agent', fix: null } as const;
    expect(see(tv({ interaction: interaction({ status: wrapUp }) }))).toMatchObject({ mayAskAgain: true });
    const fixed = { ...wrapUp, fix: 'verified' } as const;
    expect(see(tv({ interaction: interaction({ status: fixed }) }))).toMatchObject({ mayAskAgain: false });
  });

  it('says how it ended, verified and claimed apart', () => {
    const closed = (disposition: 'fixedVerified' | 'fixedClaimed' | 'followUp') =>
      see(tv({ interaction: interaction({ status: { kind: 'closed', disposition, note: '', at: 1 } }) }));
    expect(closed('fixedVerified')).toMatchObject({ kind: 'ended', fix: 'verified', text: 'Fixed. We checked.' });
    expect(closed('fixedClaimed')).toMatchObject({ fix: 'claimed', text: 'You told us it works. We could not check.' });
    expect(closed('followUp')).toMatchObject({ fix: null, title: 'Not fixed yet.' });
  });

  it('one who left is not told so', () => {
    const left = interaction({ status: { kind: 'abandoned', reason: 'left', at: 1 } });
    expect(see(tv({ interaction: left }))).toBeNull();
  });

  it('one who was away too long may ask again', () => {
    const absent = interaction({ status: { kind: 'abandoned', reason: 'absent', at: 1 } });
    expect(see(tv({ interaction: absent }))).toMatchObject({ kind: 'ended', mayAskAgain: true });
  });
});
