/**
 * Firmware versions and the patterns a catalogue entry may name them by.
 *
 * Makers write versions in many ways ("4.2.1", "v4.2", "4.2.1-b77", "webOS04.30.60",
 * "T-KTM2AKUC-1310.1"), so only the dotted numbers count. What follows them is left out: it names
 * builds as often as previews, and no order of it holds for all makers.
 */

/** The numbers of a version, most significant first; empty when there are none. */
export type Version = bigint[];

/** Reads the first dotted number of a text, or its first number; empty when it has none. */
export function parseVersion(text: string): Version {
  const found = /\d+(?:\.\d+)+/.exec(text) ?? /\d+/.exec(text);
  return found ? found[0].split('.').map(BigInt) : [];
}

/** Below 0 when `a` is older, above 0 when newer; numbers that are left out count as 0, so 4.2 equals 4.2.0. */
export function compareVersions(a: Version, b: Version): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const left = a[at] ?? 0n;
    const right = b[at] ?? 0n;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

/** What an entry's `firmware` says. `text` is in lower case. */
export type FirmwarePattern =
  | { kind: 'any' }
  | { kind: 'exact'; text: string }
  /** `4.2*`: 4.2, 4.2.1, but not 4.20. */
  | { kind: 'prefix'; text: string }
  | { kind: 'bound'; relation: '<' | '<=' | '>' | '>='; version: Version };

/** Reads a pattern as the catalogue's schema lets it through. */
export function parseFirmwarePattern(pattern: string): FirmwarePattern {
  const text = pattern.trim().toLowerCase();
  if (text === '*') return { kind: 'any' };
  const bound = /^(<=|>=|<|>)(.*)$/.exec(text);
  if (bound) {
    return { kind: 'bound', relation: bound[1] as '<' | '<=' | '>' | '>=', version: parseVersion(bound[2] ?? '') };
  }
  return text.endsWith('*') ? { kind: 'prefix', text: text.slice(0, -1) } : { kind: 'exact', text };
}

const NUMERIC = /^\d+(\.\d+)*\.?$/;

/**
 * Whether a TV's firmware is among those a pattern names. A pattern of numbers is compared number
 * by number; one with letters as text without regard to case. A firmware without any number is
 * older or newer than nothing.
 */
export function firmwareFits(pattern: FirmwarePattern, firmware: string): boolean {
  const text = firmware.trim().toLowerCase();
  const version = parseVersion(text);
  switch (pattern.kind) {
    case 'any':
      return true;
    case 'exact':
      if (pattern.text === text) return true;
      return (
        NUMERIC.test(pattern.text) && version.length > 0 && compareVersions(version, parseVersion(pattern.text)) === 0
      );
    case 'prefix': {
      if (!NUMERIC.test(pattern.text)) return text.startsWith(pattern.text);
      const wanted = parseVersion(pattern.text);
      return version.length > 0 && wanted.every((part, at) => (version[at] ?? 0n) === part);
    }
    case 'bound': {
      if (version.length === 0 || pattern.version.length === 0) return false;
      const order = compareVersions(version, pattern.version);
      switch (pattern.relation) {
        case '<':
          return order < 0;
        case '<=':
          return order <= 0;
        case '>':
          return order > 0;
        case '>=':
          return order >= 0;
      }
    }
  }
}

const KIND_ORDER = { exact: 0, prefix: 1, bound: 2, any: 3 } as const;
const RELATION_ORDER = { '<': 0, '<=': 1, '>': 2, '>=': 3 } as const;

/**
 * Below 0 when `a` names fewer versions: exact, then the longer prefix, then bounds, then `*`.
 * Upper bounds stand before lower ones (what is mended by an update is the better guess), the
 * tighter before the wider.
 */
export function compareFirmwarePatterns(a: FirmwarePattern, b: FirmwarePattern): number {
  if (a.kind === 'prefix' && b.kind === 'prefix') return b.text.length - a.text.length;
  if (a.kind === 'bound' && b.kind === 'bound') {
    const upper = a.relation.startsWith('<');
    if (upper !== b.relation.startsWith('<')) return upper ? -1 : 1;
    const order = compareVersions(a.version, b.version);
    if (order !== 0) return upper ? order : -order;
    return RELATION_ORDER[a.relation] - RELATION_ORDER[b.relation];
  }
  return KIND_ORDER[a.kind] - KIND_ORDER[b.kind];
}

/** One text for all patterns that fit the same versions: `4.2`, `04.2.0` and ` 4.2 ` are alike. */
export function canonicalFirmware(pattern: string): string {
  const parsed = parseFirmwarePattern(pattern);
  switch (parsed.kind) {
    case 'any':
      return '*';
    case 'exact':
      return NUMERIC.test(parsed.text) ? `=${withoutZeros(parseVersion(parsed.text))}` : `=${parsed.text}`;
    case 'prefix':
      // Here zeros at the end count: 4.0* is not 4*.
      return NUMERIC.test(parsed.text) ? `${parseVersion(parsed.text).join('.')}*` : `${parsed.text}*`;
    case 'bound':
      return `${parsed.relation}${withoutZeros(parsed.version)}`;
  }
}

function withoutZeros(version: Version): string {
  return version.join('.').replace(/(\.0)+$/, '');
}
