import { describe, expect, it } from 'vitest';
import { planOffer, seat, type Seat, type SeatedSection } from '../../media/sectionPlan.ts';
import { fc } from '../support/properties.ts';

const AHEAD = { audio: 2, video: 2 };
const SENDS = { audio: true, video: true };

function names(): () => string {
  let next = 0;
  return () => String(next++);
}

const both = (...ids: string[]): Seat[] =>
  ids.flatMap((legId) => [
    { legId, kind: 'audio' as const },
    { legId, kind: 'video' as const },
  ]);

const shown = (sections: readonly SeatedSection[]) =>
  sections.map(({ mid, kind, removed, seat: by }) => `${mid} ${kind} ${removed ? 'removed' : (by?.legId ?? '-')}`);

describe('the sections of a browser’s leg', () => {
  it('are offered before anybody is there: its own first, and one of each kind more', () => {
    const sections = planOffer([], [], AHEAD, SENDS, names());
    expect(shown(sections)).toEqual(['0 audio -', '1 audio -', '2 video -', '3 video -']);
    expect(sections.map(({ sending, receiving }) => [sending, receiving])).toEqual([
      [true, true],
      [true, false],
      [true, true],
      [true, false],
    ]);
    expect(sections.map(({ msid }) => msid?.stream)).toEqual(['-', '-', '-', '-']);
  });

  it('of a TV without a camera that shows pictures receive none', () => {
    const sections = planOffer([], [], AHEAD, { audio: true, video: false }, names());
    expect(sections.filter(({ receiving }) => receiving).map(({ kind }) => kind)).toEqual(['audio']);
  });

  it('of a phone that is only a camera send nothing', () => {
    const sections = planOffer([], [], { audio: 0, video: 0 }, { audio: false, video: true }, names());
    expect(sections).toMatchObject([{ kind: 'video', sending: false, receiving: true, msid: null }]);
  });

  it('seat newcomers without an offer while there is room, and say who stands', () => {
    const sections = planOffer([], [], AHEAD, SENDS, names());
    const two = seat(sections, both('sam', 'alice'));
    expect(two.standing).toEqual([]);
    expect(shown(two.sections)).toEqual(['0 audio sam', '1 audio alice', '2 video sam', '3 video alice']);
    expect(seat(two.sections, both('sam', 'alice', 'bob')).standing).toEqual(both('bob'));
  });

  it('keep everybody where they are when somebody leaves, and seat the next in the gap', () => {
    const nextMid = names();
    const full = planOffer([], both('sam', 'alice', 'bob'), AHEAD, SENDS, nextMid);
    const gap = seat(full, both('alice', 'bob')).sections;
    expect(shown(seat(gap, both('alice', 'bob', 'carol')).sections)).toEqual(
      shown(full).map((section) => section.replace('sam', 'carol')),
    );
  });

  it('that are over are removed with the next offer, never the first; their places come back under new mids', () => {
    const nextMid = names();
    const full = planOffer([], both('sam', 'alice', 'bob', 'carol'), AHEAD, SENDS, nextMid);
    expect(full).toHaveLength(8);
    const few = planOffer(full, both('carol'), AHEAD, SENDS, nextMid);
    expect(shown(few)).toEqual([
      '0 audio -',
      '1 audio removed',
      '2 audio removed',
      '3 audio carol',
      '4 video -',
      '5 video removed',
      '6 video removed',
      '7 video carol',
    ]);
    const again = planOffer(few, both('carol', 'sam', 'alice'), AHEAD, SENDS, nextMid);
    expect(shown(again)).toEqual([
      '0 audio sam',
      '8 audio alice',
      '2 audio removed',
      '3 audio carol',
      '4 video sam',
      '9 video alice',
      '6 video removed',
      '7 video carol',
    ]);
  });

  it('hold everybody exactly once, whoever comes and goes; no mid is used twice, no place moves', () => {
    const ids = fc.subarray(['sam', 'alice', 'bob', 'carol', 'dave', 'erin']);
    fc.assert(
      fc.property(fc.array(ids, { minLength: 1, maxLength: 12 }), (rounds) => {
        const nextMid = names();
        let sections: SeatedSection[] = [];
        const gone = new Set<string>();
        for (const present of rounds) {
          const wanted = both(...present);
          const before = sections;
          sections = planOffer(sections, wanted, AHEAD, SENDS, nextMid);
          for (const one of wanted) {
            const seats = sections.filter(({ seat: by }) => by?.legId === one.legId && by.kind === one.kind);
            expect(seats).toHaveLength(1);
            expect(seats[0]).toMatchObject({ kind: one.kind, removed: false, sending: true });
          }
          expect(sections.length).toBeGreaterThanOrEqual(before.length);
          expect(new Set(sections.map(({ mid }) => mid)).size).toBe(sections.length);
          for (const [at, { mid, kind, removed }] of before.entries()) {
            expect(sections[at]!.kind).toBe(kind);
            if (!removed) expect(sections[at]!.mid).toBe(mid);
            if (sections[at]!.mid !== mid) gone.add(mid);
          }
          expect(sections.some(({ mid }) => gone.has(mid))).toBe(false);
          expect(sections[0]!.removed).toBe(false);
        }
      }),
    );
  });
});
