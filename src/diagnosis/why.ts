/** Why an entry fits, in words for the agent: the fault's facts in the places of the entry's `why`. */
import type { CatalogueEntry } from './diagnosis.ts';
import type { Fault, TvKind } from './lookup.ts';

/** `{rssi}`, `{model}`: the name of a fact. */
const PLACE = /\{([A-Za-z0-9_.-]+)\}/g;

/**
 * Fills `{rssi}` style places with the fault's facts, `{code}`, `{model}` and `{firmware}`.
 *
 * A clause (up to a comma, semicolon or the end of a sentence) whose fact is not known is left
 * out: "signal {rssi} dBm; {stalls} stops" reads "6 stops" when only the stops were counted. When
 * no clause remains, the code, model and firmware are told instead.
 */
export function fillWhy(entry: Pick<CatalogueEntry, 'why'>, fault: Fault | null, tv: TvKind): string {
  const facts = new Map<string, string | number | boolean>([
    ...Object.entries(fault?.detail ?? {}),
    ...(fault ? [['code', fault.code] as const] : []),
    ['model', tv.model],
    ['firmware', tv.firmware],
  ]);
  const clauses = entry.why
    .trim()
    .split(/(?<=[,;.])\s+/)
    .filter((clause) => [...clause.matchAll(PLACE)].every(([, name]) => isTold(facts.get(name ?? ''))));
  if (clauses.length === 0 || clauses[0] === '') return plain(fault, tv);

  const end = entry.why.trim().endsWith('.') ? '.' : '';
  const said = clauses.join(' ').replace(/[,;.]$/, '') + end;
  const started = /^\p{Lu}/u.test(entry.why.trim()) ? said.replace(/^\p{Ll}/u, (first) => first.toUpperCase()) : said;
  // In one pass: what a TV tells is never read as a place again.
  return started.replace(PLACE, (_, name: string) => inWords(facts.get(name) ?? ''));
}

function plain(fault: Fault | null, tv: TvKind): string {
  return `${fault ? fault.code : 'No fault told'} on ${tv.model}, firmware ${tv.firmware}`;
}

function isTold(fact: string | number | boolean | undefined): boolean {
  if (typeof fact === 'string') return fact.trim() !== '';
  return fact !== undefined && !Number.isNaN(fact);
}

/** Two decimals at most, a true minus sign, yes and no. */
function inWords(fact: string | number | boolean): string {
  if (typeof fact === 'boolean') return fact ? 'yes' : 'no';
  if (typeof fact === 'number') return String(Math.round(fact * 100) / 100).replace(/^-/, '−');
  return fact.trim();
}
