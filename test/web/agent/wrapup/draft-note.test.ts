import { describe, expect, it } from 'vitest';
import { draftNote, NOTE_LIMIT } from '../../../../web/agent/wrapup/draft-note.ts';
import { ended, invited, lost, tell } from '../support/story.ts';

const FROM = Date.UTC(2026, 10, 22, 14, 0);

describe('the drafted note', () => {
  it('says the fault, the device, each task with its result, and the end', () => {
    expect(draftNote(tell(FROM, ended(FROM, 'verified'))).split('\n')).toEqual([
      'The picture keeps stopping. Stalls 6, Wi-Fi signal −81 dBm, buffered 0.4 s. X40, firmware 4.2.1.',
      '- Unplug the router for 30 seconds: verified. 20 s of picture without a stop.',
      '- Move the router closer to the TV, in open view: not answered',
      '- Is the router in the same room? “No”',
      'Messages: 1 from us, 0 from the viewer.',
      'We ended help. The TV checked: fixed.',
    ]);
  });

  it('leaves out what was taken back, and says when the TV was gone', () => {
    const note = draftNote(
      tell(FROM, [
        ...lost(FROM),
        [9 * 60_000, { type: 'tvBack' }],
        [9 * 60_000, { type: 'taskChanged', taskId: 't2', status: 'withdrawn' }],
        [10 * 60_000, { type: 'ended', by: 'viewer', fix: null }],
      ]),
    );
    expect(note).not.toContain('Move the router');
    expect(note).toContain('The TV was not online once.');
    expect(note).toContain('The viewer ended help.');
  });

  it('[M7] says when we started it', () => {
    expect(draftNote(tell(FROM, invited(FROM)))).toBe('We offered help. X40, firmware 4.2.1.');
  });

  it('never grows beyond what can be saved', () => {
    const tasks = Array.from({ length: 60 }, (_, i) => ({ id: `n${i}`, title: 'Unplug the TV '.repeat(5).trim() }));
    const note = draftNote(
      tell(FROM, [
        ...ended(FROM, null).slice(0, -1),
        [
          9 * 60_000,
          {
            type: 'diagnosisGiven',
            diagnosis: { id: 'd9', explanation: 'x', tasks, source: { kind: 'agent', agentId: 'sam' } },
          },
        ],
      ]),
    );
    expect(note).toHaveLength(NOTE_LIMIT);
    expect(note.endsWith('…')).toBe(true);
  });
});
