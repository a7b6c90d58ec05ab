import { describe, expect, it } from 'vitest';
import { shippedCatalogue } from '../../../../src/diagnosis/shipped.ts';
import { catalogueEntry } from '../../../../src/protocol/api.ts';
import {
  draftChanges,
  emptyEntry,
  entryErrors,
  entryFromForm,
  entryToForm,
  newEntryId,
} from '../../../../web/agent/catalogue/entry-form.ts';
import type { EntryForm } from '../../../../web/agent/catalogue/entry-form.ts';
import { problemsOf, refusedField } from '../../../../web/agent/catalogue/problems.ts';
import { fitsSearch } from '../../../../web/agent/catalogue/search.ts';
import { emptyTask } from '../../../../web/agent/tasks/task-form.ts';

const good: EntryForm = {
  ...emptyEntry(),
  name: 'Weak Wi-Fi',
  fault: 'playback:stalled',
  explanation: 'The signal is weak.',
  tasks: [{ ...emptyTask(), title: 'Move the router closer' }],
};

describe('an entry while it is edited', () => {
  it.each<[string, Partial<EntryForm>]>([
    ['as it is', {}],
    ['any of a kind', { fault: 'drm:*' }],
    ['a code with a star inside', { fault: 'drm:a*b' }],
    ['no namespace', { fault: 'stalled' }],
    ['a family of models', { model: 'X4*' }],
    ['a star in the middle of the model', { model: 'X*4' }],
    ['a bound', { firmware: '<4.2' }],
    ['a wrong bound', { firmware: '=<4.2' }],
    ['an empty firmware', { firmware: '' }],
    ['no name', { name: '' }],
    ['a long why', { why: 'x'.repeat(201) }],
    ['a long explanation', { explanation: 'x'.repeat(301) }],
    ['no tasks', { tasks: [] }],
  ])('%s is judged by the form as by the service', (_, change) => {
    const form = { ...good, ...change };
    const service = catalogueEntry.safeParse(entryFromForm(form, [])).success;
    expect(Object.keys(entryErrors(form)).length === 0).toBe(service);
  });

  it('goes into the form and comes back the same, for every entry that ships, without an error', () => {
    for (const entry of shippedCatalogue) {
      expect(entryErrors(entryToForm(entry))).toEqual({});
      expect(entryFromForm(entryToForm(entry), [])).toEqual(entry);
    }
  });

  it('a new entry gets an id from its name that is not taken', () => {
    expect(newEntryId('Weak Wi-Fi!', [])).toBe('weak-wi-fi');
    expect(newEntryId('Weak Wi-Fi', ['weak-wi-fi', 'weak-wi-fi-2'])).toBe('weak-wi-fi-3');
    expect(newEntryId('弱い', [])).toBe('entry');
    expect(entryFromForm(good, []).id).toBe('weak-wi-fi');
  });

  it('counts what a draft changes', () => {
    const [first, second, third] = shippedCatalogue;
    if (!first || !second || !third) throw new Error('the shipped catalogue has more');
    expect(draftChanges([first, second], [{ ...first, name: 'Else' }, third])).toEqual({
      added: 1,
      changed: 1,
      removed: 1,
    });
  });
});

describe('what the service says of a draft', () => {
  const problems = [
    { entryId: 'a', field: 'fault', severity: 'error' as const, message: 'One.' },
    { entryId: 'a', field: 'fault', severity: 'error' as const, message: 'Two.' },
    { entryId: 'a', field: 'why', severity: 'warning' as const, message: 'Three.' },
    { entryId: 'b', field: 'fault', severity: 'error' as const, message: 'Four.' },
  ];

  it('stands at the field it is about', () => {
    expect(problemsOf(problems, 'a', 'error')).toEqual({ fault: 'One. Two.' });
    expect(problemsOf(problems, 'a', 'warning')).toEqual({ why: 'Three.' });
  });

  it('a refusal is put at its field when it names one of this entry', () => {
    const message = '"entries.3.tasks.0.title" was not understood: too long. Correct it and send it again.';
    expect(refusedField(message, 3)).toEqual({
      field: 'tasks.0.title',
      message: 'This was not understood: too long. Correct it and send it again.',
    });
    expect(refusedField(message, 2)).toBeNull();
    expect(refusedField('Nothing of yours was saved.', 3)).toBeNull();
  });
});

describe('search in the catalogue', () => {
  it('finds every word anywhere: in name, fault, model or a task', () => {
    const entry = entryFromForm({ ...good, model: 'X40*' }, []);
    expect(fitsSearch(entry, '')).toBe(true);
    expect(fitsSearch(entry, 'router X40')).toBe(true);
    expect(fitsSearch(entry, 'router X50')).toBe(false);
  });
});
