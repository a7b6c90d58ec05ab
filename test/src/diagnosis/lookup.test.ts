import { describe, expect, it } from 'vitest';
import type { CatalogueEntry } from '../../../src/diagnosis/diagnosis.ts';
import { compareEntries, lookup, toDiagnosis } from '../../../src/diagnosis/lookup.ts';
import { fc } from '../../support/properties.ts';

function entry(
  id: string,
  { fault = 'playback:stalled', model = '*', firmware = '*' }: Partial<CatalogueEntry> = {},
): CatalogueEntry {
  return {
    id,
    fault,
    model,
    firmware,
    name: id,
    explanation: 'The picture stops.',
    why: '',
    tasks: [{ title: 'Unplug the TV for 30 seconds', check: { kind: 'playback', seconds: 12 } }, { title: 'Wait' }],
    unattended: false,
  };
}

function found(entries: CatalogueEntry[], code: string | null, model = 'X40', firmware = '4.2.1'): string[] {
  const fault = code === null ? null : { code, detail: {} };
  return lookup({ version: 1, entries }, { fault, model, firmware }).map((one) => one.id);
}

describe('lookup', () => {
  it('[M9] puts the exact fault before the longest prefix before the namespace', () => {
    const entries = [
      entry('namespace', { fault: 'tr069:*' }),
      entry('shortPrefix', { fault: 'tr069:9*' }),
      entry('longPrefix', { fault: 'tr069:901*' }),
      entry('exact', { fault: 'tr069:9010' }),
      entry('other', { fault: 'tr069:9002' }),
      entry('otherNamespace', { fault: 'usp:*' }),
    ];
    expect(found(entries, 'tr069:9010')).toEqual(['exact', 'longPrefix', 'shortPrefix', 'namespace']);
    expect(found(entries, 'tr069:9005')).toEqual(['shortPrefix', 'namespace']);
  });

  it('[M9] puts the exact model before the longest prefix before any, without regard to case', () => {
    const entries = [
      entry('any'),
      entry('short', { model: 'X*' }),
      entry('long', { model: 'X4*' }),
      entry('exact', { model: 'x40' }),
      entry('other', { model: 'X41' }),
    ];
    expect(found(entries, 'playback:stalled', ' X40 ')).toEqual(['exact', 'long', 'short', 'any']);
    expect(found(entries, 'playback:stalled', 'Y1')).toEqual(['any']);
  });

  it('[M9] puts the exact firmware before prefixes, bounds and any', () => {
    const entries = [
      entry('any'),
      entry('atLeast', { firmware: '>=4.0' }),
      entry('below5', { firmware: '<5' }),
      entry('below43', { firmware: '<4.3' }),
      entry('prefix', { firmware: '4.*' }),
      entry('longPrefix', { firmware: '4.2*' }),
      entry('exact', { firmware: '4.2.1' }),
      entry('older', { firmware: '<4.2' }),
    ];
    expect(found(entries, 'playback:stalled')).toEqual([
      'exact',
      'longPrefix',
      'prefix',
      'below43',
      'below5',
      'atLeast',
      'any',
    ]);
  });

  it('[M9] weighs the fault above the model above the firmware', () => {
    const entries = [
      entry('namespaceOnThisTv', { fault: 'playback:*', model: 'X40', firmware: '4.2.1' }),
      entry('firmwareOfAnyTv', { firmware: '4.2.1' }),
      entry('model', { model: 'X4*' }),
      entry('plain'),
    ];
    expect(found(entries, 'playback:stalled')).toEqual(['model', 'firmwareOfAnyTv', 'plain', 'namespaceOnThisTv']);
  });

  it('[M9] keeps the order of the catalogue where entries are equally specific', () => {
    const entries = [entry('first', { fault: 'help:asked' }), entry('second', { fault: 'help:asked' })];
    expect(found(entries, 'help:asked')).toEqual(['first', 'second']);
    expect(found([...entries].reverse(), 'help:asked')).toEqual(['second', 'first']);
  });

  it('[M9] looks a request without a fault up as help:asked', () => {
    const entries = [entry('stalled'), entry('help', { fault: 'help:asked' })];
    expect(found(entries, null)).toEqual(['help']);
  });

  it('[M9] finds nothing where nothing fits, and does not take a code for the beginning of another', () => {
    expect(found([entry('stalled')], 'playback:stalled-again')).toEqual([]);
    expect(found([entry('stalled')], 'playback:stall')).toEqual([]);
    expect(found([], 'playback:stalled')).toEqual([]);
  });

  const pattern = (words: string[]) => fc.constantFrom(...words);
  const anyEntry = fc
    .record({
      fault: pattern(['a:*', 'a:b*', 'a:bc*', 'a:bcd', 'a:x']),
      model: pattern(['*', 'X*', 'X4*', 'X40', 'Y*']),
      firmware: pattern(['*', '4*', '4.2*', '4.2.1', '<4.3', '<=4.3', '<5', '>4', '>=4', '>=4.2', 'beta*']),
    })
    .map((kind) => entry('', kind));
  const anyCatalogue = fc
    .array(anyEntry, { maxLength: 12 })
    .map((entries) => entries.map((one, at) => ({ ...one, id: `e${at}` })));

  it('[M9] the order is total: antisymmetric and transitive', () => {
    fc.assert(
      fc.property(anyEntry, anyEntry, anyEntry, (a, b, c) => {
        expect(Math.sign(compareEntries(a, b)) + Math.sign(compareEntries(b, a))).toBe(0);
        if (compareEntries(a, b) <= 0 && compareEntries(b, c) <= 0) {
          expect(compareEntries(a, c)).toBeLessThanOrEqual(0);
        }
        if (compareEntries(a, b) === 0) expect(Math.sign(compareEntries(a, c))).toBe(Math.sign(compareEntries(b, c)));
      }),
    );
  });

  it('[M9] is deterministic, leaves the catalogue as it is, and the best stays the best among fewer', () => {
    fc.assert(
      fc.property(anyCatalogue, (entries) => {
        const before = structuredClone(entries);
        const once = found(entries, 'a:bcd');
        expect(found(entries, 'a:bcd')).toEqual(once);
        expect(entries).toEqual(before);
        const best = once[0];
        const fewer = entries.filter((one, at) => one.id === best || at % 2 === 0);
        expect(found(fewer, 'a:bcd')[0]).toBe(best);
      }),
    );
  });
});

describe('toDiagnosis', () => {
  it('[M9] gives ids to the diagnosis and each task, and remembers entry and version', () => {
    let last = 0;
    const diagnosis = toDiagnosis(entry('stalled'), 7, () => `id${++last}`);
    expect(diagnosis).toEqual({
      id: 'id1',
      explanation: 'The picture stops.',
      tasks: [
        { id: 'id2', title: 'Unplug the TV for 30 seconds', check: { kind: 'playback', seconds: 12 } },
        { id: 'id3', title: 'Wait' },
      ],
      source: { kind: 'catalogue', entryId: 'stalled', catalogueVersion: 7 },
    });
  });
});
