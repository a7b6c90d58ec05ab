/** A task while it is being written: every field a text, whatever it will become. */
import type { CatalogueTask, Check, TaskPicture } from '../../../src/diagnosis/diagnosis.ts';

export interface TaskForm {
  /** Tells rows apart while they move; never sent. */
  key: string;
  title: string;
  detail: string;
  picture: TaskPicture | '';
  check: { kind: Check['kind'] | 'none'; seconds: string; url: string; code: string; name: string };
  /** Null for something to do; two to four answers make it a question. */
  choices: string[] | null;
}

/** Messages by field path: `title`, `check.seconds`, `choices.1`; with a prefix inside of larger forms. */
export type FieldErrors = Record<string, string>;

export const TASK_LIMITS = { title: 80, detail: 160, choice: 40, tasks: 8, choices: 4, explanation: 300 } as const;

export const PICTURES: readonly { id: TaskPicture; label: string }[] = [
  { id: 'unplug', label: 'Pulling the plug' },
  { id: 'router', label: 'Router' },
  { id: 'cable', label: 'Cable' },
  { id: 'remote', label: 'Remote' },
  { id: 'wifi', label: 'Wi-Fi' },
  { id: 'restart', label: 'Turning off and on' },
  { id: 'card', label: 'Card' },
];

export const CHECKS: readonly { id: TaskForm['check']['kind']; label: string }[] = [
  { id: 'none', label: 'No check: the viewer says' },
  { id: 'playback', label: 'Play the stream again' },
  { id: 'network', label: 'Reach an address' },
  { id: 'fault', label: 'See whether the fault is gone' },
  { id: 'host', label: 'A check of the TV service' },
];

/** What most questions are answered with. */
export const FIRST_CHOICES: readonly string[] = ['Yes', 'No'];

let made = 0;

/** Unique also among rows that were kept over a reload. */
function newKey(): string {
  made += 1;
  return `${Date.now().toString(36)}-${made}`;
}

export function emptyTask(question = false): TaskForm {
  return {
    key: newKey(),
    title: '',
    detail: '',
    picture: '',
    check: { kind: 'none', seconds: '10', url: '', code: '', name: '' },
    choices: question ? [...FIRST_CHOICES] : null,
  };
}

export function taskToForm(task: CatalogueTask): TaskForm {
  const form = emptyTask();
  const { check } = task;
  return {
    ...form,
    title: task.title,
    detail: task.detail ?? '',
    picture: task.picture ?? '',
    choices: task.choices ? [...task.choices] : null,
    check: {
      ...form.check,
      kind: check?.kind ?? 'none',
      ...(check?.kind === 'playback' ? { seconds: String(check.seconds) } : {}),
      ...(check?.kind === 'network' ? { url: check.url ?? '' } : {}),
      ...(check?.kind === 'fault' ? { code: check.code } : {}),
      ...(check?.kind === 'host' ? { name: check.name } : {}),
    },
  };
}

/** The task as it is sent; call it only on a form without errors. */
export function taskFromForm(form: TaskForm): CatalogueTask {
  const check = form.choices === null ? checkFromForm(form.check) : undefined;
  return {
    title: form.title.trim(),
    ...(form.detail.trim() === '' ? {} : { detail: form.detail.trim() }),
    ...(form.picture === '' ? {} : { picture: form.picture }),
    ...(check === undefined ? {} : { check }),
    ...(form.choices === null ? {} : { choices: form.choices.map((choice) => choice.trim()) }),
  };
}

function checkFromForm(check: TaskForm['check']): Check | undefined {
  switch (check.kind) {
    case 'none':
      return undefined;
    case 'playback':
      return { kind: 'playback', seconds: Number(check.seconds) };
    case 'network':
      return check.url.trim() === '' ? { kind: 'network' } : { kind: 'network', url: check.url.trim() };
    case 'fault':
      return { kind: 'fault', code: check.code.trim() };
    case 'host':
      return { kind: 'host', name: check.name.trim() };
  }
}

/** What keeps a task from being sent, by field; empty when nothing does. */
export function taskErrors(form: TaskForm, prefix = ''): FieldErrors {
  const errors: FieldErrors = {};
  const say = (path: string, message: string | null) => {
    if (message !== null) errors[prefix + path] = message;
  };
  say('title', required(form.title, TASK_LIMITS.title, form.choices === null ? 'what to do' : 'the question'));
  say('detail', tooLong(form.detail, TASK_LIMITS.detail));
  if (form.choices !== null) {
    form.choices.forEach((choice, i) => say(`choices.${i}`, required(choice, TASK_LIMITS.choice, 'an answer')));
    const seen = form.choices.map((choice) => choice.trim().toLowerCase());
    seen.forEach((choice, i) => {
      if (choice !== '' && seen.indexOf(choice) !== i) say(`choices.${i}`, 'This answer is there already.');
    });
  } else {
    checkErrors(form.check, say);
  }
  return errors;
}

function checkErrors(check: TaskForm['check'], say: (path: string, message: string | null) => void): void {
  if (check.kind === 'playback' && !/^([1-9]|[1-5]\d|60)$/.test(check.seconds.trim())) {
    say('check.seconds', 'Enter whole seconds from 1 to 60.');
  }
  if (check.kind === 'network' && check.url.trim() !== '' && !isAddress(check.url.trim())) {
    say('check.url', 'Enter an address that starts with https://, or leave it empty.');
  }
  if (check.kind === 'fault' && (!/^[a-z0-9]+:[A-Za-z0-9._-]+$/.test(check.code.trim()) || check.code.length > 80)) {
    say('check.code', 'Enter a fault code such as playback:stalled.');
  }
  if (check.kind === 'host' && !/^[A-Za-z0-9_-]{1,64}$/.test(check.name.trim())) {
    say('check.name', 'Enter the check’s name: letters, digits, - and _.');
  }
}

function isAddress(typed: string): boolean {
  return typed.length <= 300 && /^https?:\/\/[^\s/]/.test(typed) && URL.canParse(typed);
}

/** "Enter …" when it is empty, its length when it is too long, else null. */
export function required(value: string, max: number, what: string): string | null {
  return value.trim() === '' ? `Enter ${what}.` : tooLong(value, max);
}

export function tooLong(value: string, max: number): string | null {
  const length = value.trim().length;
  return length > max ? `${max} characters at most. You have ${length}.` : null;
}
