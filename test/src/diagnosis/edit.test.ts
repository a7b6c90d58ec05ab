import { describe, expect, it } from 'vitest';
import type { CatalogueEntry } from '../../../src/diagnosis/diagnosis.ts';
import { findProblems, isPublishable } from '../../../src/diagnosis/edit.ts';
import { lookup } from '../../../src/diagnosis/lookup.ts';
import { fc } from '../../support/properties.ts';

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

  it('[M9] of two entries without a problem, each is first for some TV; of two shadowed ones, only one is', () => {
    const pattern = fc.record({
      fault: fc.constantFrom('a:*', 'a:b*', 'a:b'),
      model: fc.constantFrom('*', 'X4*', 'X40', 'x40'),
      firmware: fc.constantFrom(
        '*',
        '4*',
        '4.2*',
        '4.2.*',
        '4.2',
        '4.2.0',
        '<4.2',
        '<4.2.0',
        '<=4.2',
        '>4',
        '>=4',
        'beta',
      ),
    });
    const tvs = ['a:b', 'a:bc', 'a:x'].flatMap((code) =>
      ['X40', 'X41', 'Y1'].flatMap((model) =>
        ['', 'beta', '3.9', '4', '4.0.1', '4.1', '4.2', '4.2.1', '4.3', '5'].map((firmware) => ({
          fault: { code, detail: {} },
          model,
          firmware,
        })),
      ),
    );
    fc.assert(
      fc.property(pattern, pattern, (a, b) => {
        const entries = [
          { ...fine, ...a, id: 'a', tasks: [{ title: 'Wait' }] },
          { ...fine, ...b, id: 'b', tasks: [{ title: 'Wait' }] },
        ];
        const firsts = new Set(tvs.map((tv) => lookup({ version: 1, entries }, tv)[0]?.id));
        firsts.delete(undefined);
        expect(firsts.size).toBe(isPublishable(findProblems(entries)) ? 2 : 1);
      }),
      { numRuns: 400 },
    );
  });
});
