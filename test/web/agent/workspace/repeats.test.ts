import { describe, expect, it } from 'vitest';
import type { Suggestion } from '../../../../src/protocol/api.ts';
import { parted, worthSending } from '../../../../web/agent/workspace/repeats.ts';

const suggestion = (titles: string[], sent = false): Suggestion => ({
  entryId: titles.join(),
  name: 'Weak Wi-Fi',
  explanation: 'The signal is weak.',
  why: 'Wi-Fi signal −81 dBm',
  tasks: titles.map((title) => ({ title, detail: '' })),
  sent,
});
const onTv = [
  { title: 'Restart the router', status: 'todo' },
  { title: 'Move the router', status: 'withdrawn' },
] as const;

describe('a task that stands on the TV already', () => {
  it('[M9] is told apart from those that are news, whatever the spaces and capitals', () => {
    const { fresh, repeated } = parted(suggestion(['restart  the Router.', 'Come closer', 'Move the router']), onTv);
    expect(repeated.map(({ title }) => title)).toEqual(['restart  the Router.']);
    expect(fresh.map(({ title }) => title)).toEqual(['Come closer', 'Move the router']);
  });

  it('[M9] is suggested no more where nothing else is; what was sent as a whole can be sent again', () => {
    const shown = worthSending(
      [suggestion(['Restart the router']), suggestion(['Come closer']), suggestion(['Restart the router'], true)],
      onTv,
    );
    expect(shown.map(({ tasks, sent }) => [tasks[0]?.title, sent])).toEqual([
      ['Come closer', false],
      ['Restart the router', true],
    ]);
  });
});
