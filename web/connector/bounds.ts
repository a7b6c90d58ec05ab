/**
 * Cuts what a host app says down to what the wire takes. A title of 90 letters is no reason to
 * leave a viewer without help.
 */
import type { FaultCondition, ScreenStructure, ServiceContext } from './types.ts';

/** Actions that travel along with a request. */
export const ACTIONS = 12;

type Facts = FaultCondition['detail'];

/** At most `max` characters, without space around them. */
export function cut(text: unknown, max: number): string {
  return String(text).trim().slice(0, max).trim();
}

/** As `cut`; null where nothing is left. */
export function cutOrNull(text: unknown, max: number): string | null {
  return text === null || text === undefined ? null : cut(text, max) || null;
}

/** At most 40 facts; what is neither text, finite number nor yes or no is left out. */
export function boundFacts(facts: Facts | undefined): Facts {
  const bounded: Facts = {};
  const names = Object.keys(facts || {}).filter((name) => name !== '');
  let count = 0;
  for (const name of names) {
    const value = (facts as Facts)[name];
    const isFact = typeof value === 'string' || typeof value === 'boolean' || isFinite(value as number);
    if (!isFact || value === null || count === 40) continue;
    bounded[name.slice(0, 40)] = typeof value === 'string' ? shortened(value) : (value as number | boolean);
    count += 1;
  }
  return bounded;
}

/** A text that is too long ends in "…", so that who reads it knows that there was more. */
function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 198).replace(/\s+\S*$/, '')} …`;
}

export function boundContext(context: ServiceContext): ServiceContext {
  return { serviceState: cut(context.serviceState, 40) || 'unknown', facts: boundFacts(context.facts) };
}

export function boundScreen(path: string[], focused: string | null, actions: string[]): ScreenStructure {
  return {
    path: path
      .slice(0, 8)
      .map((part) => cut(part, 80))
      .filter((part) => part !== ''),
    focused: cutOrNull(focused, 120),
    recentActions: actions,
  };
}

/** Same in every field, however deep, in whatever order the fields stand. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => same(left[name], right[name]));
}
