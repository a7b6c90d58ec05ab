/** The fault conditions that stand, whoever raised them: the video, the network, the host app. */
import { boundFacts, cut } from './bounds.ts';
import type { FaultCondition } from './types.ts';

/** More stand at once on no TV; the oldest makes room. */
const LIMIT = 20;
const CODE = /^[a-z0-9]+:[A-Za-z0-9._-]+$/;

export interface RaisedFault {
  /** `namespace:name`, 80 characters at most. */
  code: string;
  /** In the viewer's words, 80 characters at most. */
  title: string;
  detail?: FaultCondition['detail'];
}

export interface Faults {
  /** The latest seen first. */
  readonly standing: FaultCondition[];
  /** Seen once more: counts, and keeps since when. Throws a TypeError for a code that is no code. */
  raise(fault: RaisedFault): void;
  clear(code: string): void;
  stands(code: string): boolean;
  /** The fault of this code as it was last, standing or not: a viewer may say yes a moment after it cleared. */
  recall(code: string): FaultCondition | null;
}

export function createFaults(onChange: (standing: FaultCondition[]) => void): Faults {
  let standing: FaultCondition[] = [];
  let last: FaultCondition[] = [];

  const others = (list: FaultCondition[], code: string): FaultCondition[] => list.filter((one) => one.code !== code);
  const find = (list: FaultCondition[], code: string): FaultCondition | undefined =>
    list.filter((one) => one.code === code)[0];

  return {
    get standing() {
      return standing;
    },
    raise({ code, title, detail }) {
      if (typeof code !== 'string' || code.length > 80 || !CODE.test(code)) {
        throw new TypeError(`"${code}" is no fault code. Write namespace:name, such as vendor:tuner-lock.`);
      }
      const known = find(standing, code);
      const fault: FaultCondition = {
        code,
        title: cut(title, 80) || code,
        detail: boundFacts(detail),
        since: known === undefined ? Date.now() : known.since,
        count: known === undefined ? 1 : known.count + 1,
      };
      standing = [fault].concat(others(standing, code)).slice(0, LIMIT);
      last = [fault].concat(others(last, code)).slice(0, LIMIT);
      onChange(standing);
    },
    clear(code) {
      if (find(standing, code) === undefined) return;
      standing = others(standing, code);
      onChange(standing);
    },
    stands(code) {
      return find(standing, code) !== undefined;
    },
    recall(code) {
      return find(last, code) || null;
    },
  };
}
