/** An entry of the catalogue while a supervisor edits it. The rules are the service's own (src/protocol/api.ts). */
import type { CatalogueEntry } from '../../../src/diagnosis/diagnosis.ts';
import { emptyTask, required, TASK_LIMITS, taskErrors, taskFromForm, taskToForm, tooLong } from '../tasks/task-form.ts';
import type { FieldErrors, TaskForm } from '../tasks/task-form.ts';

export interface EntryForm extends Omit<CatalogueEntry, 'tasks'> {
  tasks: TaskForm[];
}

const ENTRY_LIMITS = { name: 60, fault: 80, model: 60, firmware: 40, why: 200 } as const;

export function emptyEntry(): EntryForm {
  return {
    id: '',
    fault: '',
    model: '*',
    firmware: '*',
    name: '',
    explanation: '',
    why: '',
    tasks: [emptyTask()],
    unattended: false,
  };
}

export function entryToForm(entry: CatalogueEntry): EntryForm {
  return { ...entry, tasks: entry.tasks.map(taskToForm) };
}

/**
 * The entry as it is saved; call it only on a form without errors.
 * @param taken ids of the other entries: a new entry gets one from its name that is not among them
 */
export function entryFromForm(form: EntryForm, taken: readonly string[]): CatalogueEntry {
  return {
    id: form.id === '' ? newEntryId(form.name, taken) : form.id,
    fault: form.fault.trim(),
    model: form.model.trim(),
    firmware: form.firmware.trim(),
    name: form.name.trim(),
    explanation: form.explanation.trim(),
    why: form.why.trim(),
    tasks: form.tasks.map(taskFromForm),
    unattended: form.unattended,
  };
}

/** "Weak Wi-Fi" → "weak-wi-fi", "weak-wi-fi-2" when that is taken. */
export function newEntryId(name: string, taken: readonly string[]): string {
  const base =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 56) || 'entry';
  let id = base;
  for (let i = 2; taken.includes(id); i += 1) id = `${base}-${i}`;
  return id;
}

/** What keeps an entry from being saved, by field; empty when nothing does. */
export function entryErrors(form: EntryForm): FieldErrors {
  const errors: FieldErrors = {};
  const say = (path: string, message: string | null) => {
    if (message !== null) errors[path] = message;
  };
  say('name', required(form.name, ENTRY_LIMITS.name, 'a short name'));
  say('explanation', required(form.explanation, TASK_LIMITS.explanation, 'the explanation for the viewer'));
  say('why', tooLong(form.why, ENTRY_LIMITS.why));
  if (!/^[a-z0-9]+:([A-Za-z0-9._-]+\*?|\*)$/.test(form.fault.trim()) || form.fault.length > ENTRY_LIMITS.fault) {
    say('fault', 'Enter a fault code such as playback:stalled, or drm:* for all of a kind.');
  }
  say(
    'model',
    pattern(form.model, ENTRY_LIMITS.model, /^[^*]+\*?$|^\*$/, 'Enter * for any, or a model such as X40 or X4*.'),
  );
  say(
    'firmware',
    pattern(
      form.firmware,
      ENTRY_LIMITS.firmware,
      /^(\*|(<|<=|>|>=)?[0-9A-Za-z._-]+\*?)$/,
      'Enter * for any, or a version such as 4.2*, <4.2 or >=4.2.1.',
    ),
  );
  if (form.tasks.length === 0) say('tasks', 'Add a task: an entry has at least one.');
  if (form.tasks.length > TASK_LIMITS.tasks) {
    say('tasks', `${TASK_LIMITS.tasks} tasks at most. You have ${form.tasks.length}.`);
  }
  form.tasks.forEach((task, i) => Object.assign(errors, taskErrors(task, `tasks.${i}.`)));
  return errors;
}

function pattern(value: string, max: number, form: RegExp, message: string): string | null {
  return form.test(value.trim()) ? tooLong(value, max) : message;
}

/** How many entries a draft adds, changes and removes. */
export function draftChanges(
  published: readonly CatalogueEntry[],
  draft: readonly CatalogueEntry[],
): { added: number; changed: number; removed: number } {
  const before = new Map(published.map((entry) => [entry.id, JSON.stringify(entry)]));
  let added = 0;
  let changed = 0;
  for (const entry of draft) {
    const was = before.get(entry.id);
    if (was === undefined) added += 1;
    else if (was !== JSON.stringify(entry)) changed += 1;
    before.delete(entry.id);
  }
  return { added, changed, removed: before.size };
}
