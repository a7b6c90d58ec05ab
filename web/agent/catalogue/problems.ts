/** What the service found in a draft, or refused in a request, put at the field it is about. */
import type { CatalogueState } from '../../../src/protocol/api.ts';
import type { FieldErrors } from '../tasks/task-form.ts';

type Problems = NonNullable<NonNullable<CatalogueState['draft']>['problems']>;

/** Of one entry, by field; several for one field stand one after the other. */
export function problemsOf(problems: Problems, entryId: string, severity: 'error' | 'warning'): FieldErrors {
  const found: FieldErrors = {};
  for (const problem of problems) {
    if (problem.entryId !== entryId || problem.severity !== severity) continue;
    const { field, message } = problem;
    found[field] = found[field] === undefined ? message : `${found[field]} ${message}`;
  }
  return found;
}

/**
 * The field of this entry that a refusal names: `"entries.3.tasks.0.title" was not understood: …`
 * @param index the entry's place in what was sent
 * @returns null when it is about something else
 */
export function refusedField(message: string, index: number): { field: string; message: string } | null {
  const named = /^"entries\.(\d+)\.([\w.]+)" (.*)$/s.exec(message);
  if (named === null || Number(named[1]) !== index) return null;
  return { field: named[2] ?? '', message: `This ${named[3] ?? ''}` };
}
