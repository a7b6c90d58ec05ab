import { describe, expect, it } from 'vitest';
import type { CatalogueEntry } from '../../../src/diagnosis/diagnosis.ts';
import { findProblems, isPublishable } from '../../../src/diagnosis/edit.ts';

const fine: CatalogueEntry = {
  id: 'stalled',
  fault: 'playback:stalled',
  model: '*',
  firmware: '*',
  name: 'Weak Wi-Fi',
  explanation: 'The picture arrives slower than it plays. The router is the usual cause.',
  why: '{stalls} stops',
  tasks: [{ title: 'Unplug the router for 30 seconds', check: { kind: 'network' } }],
  unattended: false,
};

function problems(...changes: Partial<CatalogueEntry>[]): string[] {
  return findProblems(changes.map((change) => ({ ...fine, ...change }))).map(
    ({ entryId, field, severity }) => `${severity} ${entryId}.${field}`,
  );
}

describe('findProblems', () => {
  it('[M9] finds nothing in a fine entry', () => {
    expect(problems({})).toEqual([]);
    expect(problems()).toEqual([]);
  });

  it.each([
    [{ model: 'X40' }, { model: 'x40 ' }],
    [{ firmware: '<4.2' }, { firmware: '<4.2.0' }],
    [{ firmware: '4.2*' }, { firmware: '4.2.*' }],
    [{}, {}],
  ])('[M9] an entry that an equal one shadows is an error: %j and %j', (a, b) => {
    expect(problems({ ...a, id: 'first' }, { ...b, id: 'second' })).toEqual(['error second.fault']);
  });

  it('[M9] an entry that is more specific, or on another side of a bound, is none', () => {
    expect(
      problems({ id: 'a' }, { id: 'b', model: 'X40' }, { id: 'c', firmware: '<4.2' }, { id: 'd', firmware: '>=4.2' }),
    ).toEqual([]);
  });

  it.each<[Partial<CatalogueEntry>, string]>([
    [{ model: ' ' }, 'error stalled.model'],
    [{ firmware: '<beta' }, 'error stalled.firmware'],
    [{ firmware: '<4.2*' }, 'error stalled.firmware'],
    [
      { tasks: [{ title: 'Is the light on?', choices: ['Yes', 'No'], check: { kind: 'network' } }] },
      'error stalled.tasks.0.check',
    ],
    [{ tasks: [{ title: 'Is the light on?', choices: ['Yes', 'yes '] }] }, 'error stalled.tasks.0.choices'],
    [{ explanation: 'One. Two. Three.' }, 'warning stalled.explanation'],
    [{ why: 'signal {rssi' }, 'warning stalled.why'],
    [{ unattended: true, tasks: [{ title: 'Wait a minute' }] }, 'warning stalled.unattended'],
    [{ tasks: [{ title: 'Wait' }, { title: 'Wait' }] }, 'warning stalled.tasks.1.title'],
    [{ tasks: [{ title: 'Wait', check: { kind: 'fault', code: 'drm:clock' } }] }, 'warning stalled.tasks.0.check'],
  ])('[M9] %j: %s', (change, expected) => {
    expect(problems(change)).toEqual([expected]);
  });

  it('[B3] a check of a fault that the pattern includes is fine', () => {
    const tasks = [{ title: 'Wait', check: { kind: 'fault', code: 'tr069:9010' } as const }];
    expect(problems({ fault: 'tr069:901*', tasks })).toEqual([]);
  });

  it('[M9] tells them in the order of the entries', () => {
    expect(problems({ id: 'a' }, { id: 'b' }, { id: 'c', model: '' }, { id: 'd', explanation: 'A. B. C.' })).toEqual([
      'error b.fault',
      'error c.model',
      'warning d.explanation',
      'error d.fault',
    ]);
  });

  it('[M9] errors hold back publishing, warnings do not', () => {
    expect(isPublishable(findProblems([{ ...fine, explanation: 'A. B. C.' }]))).toBe(true);
    expect(isPublishable(findProblems([{ ...fine, model: '' }]))).toBe(false);
  });
});
