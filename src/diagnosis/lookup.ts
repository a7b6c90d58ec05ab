/**
 * From a fault to its diagnosis (M9): which entries of a catalogue fit, the most specific first.
 *
 * The order, one key after the other:
 *   1. the fault: the exact code, then the longer prefix (`tr069:90*`), then the whole namespace (`tr069:*`)
 *   2. the model: the exact one, then the longer prefix (`X4*`), then `*`
 *   3. the firmware: as in version.ts
 *   4. the place in the catalogue: what stands earlier goes first
 * What is wrong weighs more than where: an entry for `playback:stalled` on any TV goes before one
 * for `playback:*` on exactly this TV.
 */
import type { Catalogue, CatalogueEntry, Diagnosis } from './diagnosis.ts';
import { compareFirmwarePatterns, firmwareFits, parseFirmwarePattern } from './version.ts';

/** What looking up needs of a fault condition. */
export interface Fault {
  /** `namespace:name`. */
  code: string;
  /** Measured facts: stalls, rssi, httpStatus, … */
  detail: Record<string, string | number | boolean>;
}

/** The TV as far as the catalogue cares. */
export interface TvKind {
  model: string;
  firmware: string;
}

/** Stands for "help was asked for and nothing is known to be wrong"; entries may name it like any other code. */
const NO_FAULT = 'help:asked';

/**
 * All entries that fit, best first. The same catalogue and facts give the same order, always.
 * @param what.fault null when nothing is known to be wrong: looked up as `help:asked`
 */
export function lookup(catalogue: Catalogue, what: { fault: Fault | null } & TvKind): CatalogueEntry[] {
  const code = what.fault?.code ?? NO_FAULT;
  return catalogue.entries
    .filter(
      (entry) =>
        fitsPattern(entry.fault, code) &&
        fitsPattern(entry.model.toLowerCase(), what.model.trim().toLowerCase()) &&
        firmwareFits(parseFirmwarePattern(entry.firmware), what.firmware),
    )
    .sort(compareEntries);
}

/** Below 0 when `a` is the more specific entry; 0 leaves them in the catalogue's order. Total and transitive. */
export function compareEntries(a: CatalogueEntry, b: CatalogueEntry): number {
  return (
    comparePatterns(a.fault, b.fault) ||
    comparePatterns(a.model, b.model) ||
    compareFirmwarePatterns(parseFirmwarePattern(a.firmware), parseFirmwarePattern(b.firmware))
  );
}

/** An entry as it is sent: its tasks get ids, and it remembers where it comes from. */
export function toDiagnosis(entry: CatalogueEntry, catalogueVersion: number, newId: () => string): Diagnosis {
  return {
    id: newId(),
    explanation: entry.explanation,
    tasks: entry.tasks.map((task) => ({ ...task, id: newId() })),
    source: { kind: 'catalogue', entryId: entry.id, catalogueVersion },
  };
}

/** Equal, or beginning with what stands before a trailing `*`. */
export function fitsPattern(pattern: string, value: string): boolean {
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : pattern === value;
}

/** Exact before prefix, the longer prefix before the shorter; the namespace alone and `*` are the shortest. */
function comparePatterns(a: string, b: string): number {
  const [openA, openB] = [a.endsWith('*'), b.endsWith('*')];
  if (openA !== openB) return openA ? 1 : -1;
  return openA ? b.length - a.length : 0;
}
