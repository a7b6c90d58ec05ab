/**
 * The schema of a TV's registration as plain conditions, as liveCheck.ts has those of live frames:
 * thousands of TVs come back at once. They take only what the schema takes as it stands, which a
 * test holds them to; what it would trim, strip or refuse, the schema looks at itself.
 */
import type { RegisterMessage } from './client.ts';
import { isId, isObject, type Fields } from './liveCheck.ts';

const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i;

/** @param message an object out of JSON.parse */
export function isRegisterTv(message: object): message is RegisterMessage & { type: 'registerTv' } {
  const { v, id, type, credentials, told, resume, answeredByEvents } = message as Fields;
  return (
    v === 1 &&
    type === 'registerTv' &&
    isId(id) &&
    isCredentials(credentials) &&
    isTold(told) &&
    isResume(resume) &&
    (answeredByEvents === undefined ? holds(message, 6) : answeredByEvents === true && holds(message, 7))
  );
}

function isCredentials(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { kind, token, serial, secret } = value;
  if (kind === 'session') return isSecret(token, 16) && holds(value, 2);
  return kind === 'secret' && isText(serial, 64) && isSecret(secret, 1) && holds(value, 3);
}

function isTold(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { form, mac, capabilities, user } = value;
  return (
    (form === 'all-in-one' || form === 'set-top-box') &&
    isText(value['model'], 60) &&
    isTextOrNull(value['displayModel'], 60) &&
    isText(value['firmware'], 40) &&
    isText(value['engine'], 120) &&
    (mac === null || (typeof mac === 'string' && MAC.test(mac))) &&
    isTextOrNull(value['operator'], 60) &&
    isTextOrNull(value['region'], 60) &&
    isCapabilities(capabilities) &&
    (user === null || isUser(user)) &&
    isTextOrNull(value['wantedRepresentative'], 80) &&
    holds(value, 11)
  );
}

function isCapabilities(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { camera, microphone, webrtc, memoryMb } = value;
  return (
    typeof camera === 'boolean' &&
    typeof microphone === 'boolean' &&
    typeof webrtc === 'boolean' &&
    (memoryMb === null || (Number.isSafeInteger(memoryMb) && (memoryMb as number) > 0)) &&
    holds(value, 4)
  );
}

function isUser(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { reference, name, address, number } = value;
  return (
    isText(reference, 64) &&
    isText(name, 80) &&
    isTextOrNull(address, 200) &&
    isTextOrNull(number, 32) &&
    holds(value, 4)
  );
}

function isResume(value: unknown): boolean {
  if (!Array.isArray(value) || value.length > 20) return false;
  for (const one of value as unknown[]) {
    if (!isObject(one) || !isId(one['interactionId']) || !holds(one, 2)) return false;
    const { seq } = one;
    if (!Number.isSafeInteger(seq) || (seq as number) < 0) return false;
  }
  return true;
}

/** Whether there are just so many fields; that those which are looked for are there is seen by their values. */
function holds(value: object, count: number): boolean {
  let there = 0;
  for (const _key in value) there += 1;
  return there === count;
}

function isSecret(value: unknown, least: number): boolean {
  return typeof value === 'string' && value.length >= least && value.length <= 128;
}

function isTextOrNull(value: unknown, most: number): boolean {
  return value === null || isText(value, most);
}

/** Trimmed already, as the schema would. */
function isText(value: unknown, most: number): boolean {
  return typeof value === 'string' && value.length >= 1 && value.length <= most && value.trim() === value;
}
