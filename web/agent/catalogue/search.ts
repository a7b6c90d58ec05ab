import type { CatalogueEntry } from '../../../src/diagnosis/diagnosis.ts';

/** True when every word stands somewhere in the entry: its name, fault, model, firmware, words or tasks. */
export function fitsSearch(entry: CatalogueEntry, search: string): boolean {
  const all = [
    entry.name,
    entry.fault,
    entry.model,
    entry.firmware,
    entry.explanation,
    entry.why,
    ...entry.tasks.map((task) => task.title),
  ]
    .join('\n')
    .toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
