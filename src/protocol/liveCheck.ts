/**
 * The schemas of live.ts as plain conditions: a tenth of the time, on the one path where that is much.
 * They take exactly what the schemas take, which a test holds them to; what is refused is looked at
 * again by the schema, for the words that say why.
 */

/** An object out of JSON.parse, not looked at yet. */
export type Fields = Readonly<Record<string, unknown>>;

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const STATES: readonly unknown[] = ['playing', 'paused', 'stalled'];

/** @param message an object out of JSON.parse */
export function isTvLive(message: object): boolean {
  const fields = message as Fields;
  for (const key in fields) {
    const value = fields[key];
    if (key === 'playback' ? !isPlayback(value) : key === 'screen' ? !isScreen(value) : !isCommon(key, value)) {
      return false;
    }
  }
  return 'v' in fields && 'type' in fields && 'interactionId' in fields;
}

/** @param message an object out of JSON.parse */
export function isAgentLive(message: object): boolean {
  const fields = message as Fields;
  for (const key in fields) if (!isCommon(key, fields[key])) return false;
  return 'v' in fields && 'type' in fields && 'interactionId' in fields;
}

function isCommon(key: string, value: unknown): boolean {
  switch (key) {
    case 'v':
      return value === 1;
    case 'type':
      return value === 'live';
    case 'interactionId':
      return isId(value);
    case 'writing':
      return typeof value === 'boolean';
    default:
      return false;
  }
}

function isPlayback(value: unknown): boolean {
  if (!isObject(value)) return false;
  let there = 0;
  for (const key in value) {
    if (!isOfPlayback(key, value[key])) return false;
    there += 1;
  }
  return there === 5;
}

function isOfPlayback(key: string, value: unknown): boolean {
  switch (key) {
    case 'state':
      return STATES.includes(value);
    case 'position':
      return isWithin(value, 1e9);
    case 'buffered':
      return isWithin(value, 1e6);
    case 'bitrate':
      return value === null || isWithin(value, 1e7);
    case 'dropped':
      return value === null || (Number.isSafeInteger(value) && (value as number) >= 0);
    default:
      return false;
  }
}

function isScreen(value: unknown): boolean {
  if (!isObject(value)) return false;
  for (const key in value) if (key !== 'path' && key !== 'focused') return false;
  const { path, focused } = value;
  if (focused !== null && !isText(focused, 120)) return false;
  if (!Array.isArray(path) || path.length > 8) return false;
  for (const part of path) if (!isText(part, 80)) return false;
  return true;
}

/** As `id` of facts.ts. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWithin(value: unknown, most: number): boolean {
  return typeof value === 'number' && value >= 0 && value <= most;
}

function isText(value: unknown, most: number): boolean {
  return typeof value === 'string' && value.length <= most;
}
