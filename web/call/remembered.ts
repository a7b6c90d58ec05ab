/**
 * The device that was chosen last, by its kind and a hash of its label: ids change with the browser's
 * data, and what somebody has at home is nobody's business. Storage may be missing, full or forbidden;
 * then nothing is remembered.
 */
import type { Surroundings } from './surroundings.ts';

type DeviceKind = 'audioinput' | 'videoinput' | 'audiooutput';

export interface Remembered {
  /** Of these devices the one that was chosen; null where it is not among them, or has no label yet. */
  among<D extends { label: string }>(devices: D[]): D | null;
  /** Null forgets: the browser's own choice again. */
  remember(label: string | null): void;
}

export function createRemembered(storage: Surroundings['storage'], kind: DeviceKind): Remembered {
  const key = `couchline call ${kind}`;
  return {
    among(devices) {
      let kept: string | null = null;
      try {
        kept = storage && storage.getItem(key);
      } catch {
        return null;
      }
      return (kept !== null && devices.filter(({ label }) => label !== '' && hashOf(kind + label) === kept)[0]) || null;
    },
    remember(label) {
      try {
        if (label === null || label === '') storage?.removeItem(key);
        else storage?.setItem(key, hashOf(kind + label));
      } catch {
        // Full or forbidden: the choice holds until the page is left.
      }
    },
  };
}

/** FNV-1a, 32 bits: enough to tell the devices of one desk apart, too little to find a label by. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}
