/** Diagnostic information while the agent writes it: an explanation, then tasks or questions. */
import type { Suggestion } from '../../../src/protocol/api.ts';
import type { AgentWireCommand } from '../../connector/types.ts';
import { emptyTask, required, TASK_LIMITS, taskErrors, taskFromForm, taskToForm, tooLong } from './task-form.ts';
import type { FieldErrors, TaskForm } from './task-form.ts';

export interface DiagnosisForm {
  explanation: string;
  tasks: TaskForm[];
  /** Where it was taken from; null when it is the agent's own. */
  entryId: string | null;
}

type SendDiagnosis = Extract<AgentWireCommand, { type: 'sendDiagnosis' }>;

export function emptyDiagnosis(question: boolean): DiagnosisForm {
  return { explanation: '', tasks: [emptyTask(question)], entryId: null };
}

export function diagnosisFromSuggestion(suggestion: Suggestion): DiagnosisForm {
  return {
    explanation: suggestion.explanation,
    tasks: suggestion.tasks.map(taskToForm),
    entryId: suggestion.entryId,
  };
}

/** Nothing but questions, which explain themselves: the explanation may stay empty. */
export function asksOnly(tasks: readonly TaskForm[]): boolean {
  return tasks.length > 0 && tasks.every(({ choices }) => choices !== null);
}

/** What keeps it from being sent, by path (`explanation`, `tasks.0.title`); empty when nothing does. */
export function diagnosisErrors(form: DiagnosisForm): FieldErrors {
  const errors: FieldErrors = {};
  const explanation = asksOnly(form.tasks)
    ? tooLong(form.explanation, TASK_LIMITS.explanation)
    : required(form.explanation, TASK_LIMITS.explanation, 'what you think it is, for the viewer');
  if (explanation !== null) errors['explanation'] = explanation;
  if (form.tasks.length > TASK_LIMITS.tasks) {
    errors['tasks'] = `${TASK_LIMITS.tasks} tasks at most. You have ${form.tasks.length}.`;
  }
  form.tasks.forEach((task, i) => Object.assign(errors, taskErrors(task, `tasks.${i}.`)));
  return errors;
}

/** The command; call it only on a form without errors. */
export function diagnosisCommand(form: DiagnosisForm): SendDiagnosis {
  return {
    type: 'sendDiagnosis',
    explanation: form.explanation.trim(),
    tasks: form.tasks.map(taskFromForm),
    ...(form.entryId === null ? {} : { entryId: form.entryId }),
  };
}
