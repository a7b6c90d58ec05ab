/**
 * What must hold before a catalogue is published, beyond its schema. A draft may be kept in any
 * state; errors hold back publishing, warnings do not.
 */
import type { CatalogueEntry, CatalogueTask } from './diagnosis.ts';
import { fitsPattern } from './lookup.ts';
import { canonicalFirmware, parseFirmwarePattern } from './version.ts';

export interface CatalogueProblem {
  entryId: string;
  /** The path within the entry: `firmware`, `tasks.0.check`. */
  field: string;
  severity: 'error' | 'warning';
  /** What it is and what to do, for the supervisor. */
  message: string;
}

/** All that is wrong with a draft, in the order of its entries. */
export function findProblems(entries: CatalogueEntry[]): CatalogueProblem[] {
  return [...entries.flatMap(problemsOfEntry), ...findShadowed(entries)].sort(
    (a, b) => place(entries, a.entryId) - place(entries, b.entryId),
  );
}

/** True when nothing holds back publishing. */
export function isPublishable(problems: CatalogueProblem[]): boolean {
  return problems.every((problem) => problem.severity !== 'error');
}

/**
 * Entries that fit exactly the same TVs and faults as an earlier one, however they are written
 * (`X40` and `x40`, `<4.2` and `<4.2.0`): the later is never first. Any other entry that fits all
 * that this one fits is less specific, and goes after it.
 */
function findShadowed(entries: CatalogueEntry[]): CatalogueProblem[] {
  const seen = new Map<string, CatalogueEntry>();
  return entries.flatMap((entry) => {
    const key = JSON.stringify([entry.fault, entry.model.trim().toLowerCase(), canonicalFirmware(entry.firmware)]);
    const earlier = seen.get(key);
    if (earlier === undefined) {
      seen.set(key, entry);
      return [];
    }
    return [
      error(
        entry,
        'fault',
        `"${entry.name}" never comes first: "${earlier.name}" is for the same fault, model and firmware. Remove one, or narrow one.`,
      ),
    ];
  });
}

function problemsOfEntry(entry: CatalogueEntry): CatalogueProblem[] {
  const problems: CatalogueProblem[] = [];
  if (entry.model.trim() === '') {
    problems.push(error(entry, 'model', 'No TV has an empty model. Write * for any model.'));
  }
  const firmware = parseFirmwarePattern(entry.firmware);
  if (firmware.kind === 'bound' && (firmware.version.length === 0 || entry.firmware.trim().endsWith('*'))) {
    problems.push(
      error(
        entry,
        'firmware',
        `"${entry.firmware}" fits no TV. Write a bound with a number and without *, such as <4.2.`,
      ),
    );
  }
  if ((entry.explanation.match(/[.?](\s|$)/g) ?? []).length > 2) {
    problems.push(
      warning(entry, 'explanation', 'More than two sentences are hard to read from the couch. Shorten it.'),
    );
  }
  if (/[{}]/.test(entry.why.replace(/\{[A-Za-z0-9_.-]+\}/g, ''))) {
    problems.push(warning(entry, 'why', 'A brace stands alone and is shown as it is. Write a fact as {rssi}.'));
  }
  if (entry.unattended && !entry.tasks.some((task) => task.check !== undefined)) {
    problems.push(
      warning(entry, 'unattended', 'Nobody is called, and no task has a check: the TV cannot tell whether it helped.'),
    );
  }
  entry.tasks.forEach((task, at) => problems.push(...problemsOfTask(entry, task, at)));
  return problems;
}

function problemsOfTask(entry: CatalogueEntry, task: CatalogueTask, at: number): CatalogueProblem[] {
  const problems: CatalogueProblem[] = [];
  if (entry.tasks.findIndex((other) => other.title === task.title) < at) {
    problems.push(warning(entry, `tasks.${at}.title`, `"${task.title}" stands in this entry twice. Remove one.`));
  }
  if (task.choices !== undefined) {
    if (task.check !== undefined) {
      problems.push(
        error(
          entry,
          `tasks.${at}.check`,
          `"${task.title}" is a question: there is nothing to check. Remove one of them.`,
        ),
      );
    }
    if (new Set(task.choices.map((choice) => choice.trim().toLowerCase())).size < task.choices.length) {
      problems.push(error(entry, `tasks.${at}.choices`, `Two answers to "${task.title}" are the same. Change one.`));
    }
  }
  if (task.check?.kind === 'fault' && !fitsPattern(entry.fault, task.check.code)) {
    problems.push(
      warning(entry, `tasks.${at}.check`, `It checks ${task.check.code}, while the entry is for ${entry.fault}.`),
    );
  }
  return problems;
}

function place(entries: CatalogueEntry[], entryId: string): number {
  return entries.findIndex((entry) => entry.id === entryId);
}

function error(entry: CatalogueEntry, field: string, message: string): CatalogueProblem {
  return { entryId: entry.id, field, severity: 'error', message };
}

function warning(entry: CatalogueEntry, field: string, message: string): CatalogueProblem {
  return { entryId: entry.id, field, severity: 'warning', message };
}
