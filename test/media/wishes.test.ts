import { describe, expect, it } from 'vitest';
import type { Seat } from '../../media/sectionPlan.ts';
import { Wishes, type Wish } from '../../media/wishes.ts';

const sam: Seat = { legId: 'sam', kind: 'video' };
const alice: Seat = { legId: 'alice', kind: 'video' };
const wish = (more: Partial<Wish> = {}): Wish => ({
  codec: 'opus',
  held: false,
  ufrag: 'k2x8q0',
  seats: [sam],
  ...more,
});

function agreed(): Wishes {
  const wishes = new Wishes();
  wishes.agree(wish());
  return wishes;
}

describe('what was agreed on', () => {
  it('falls short of nothing before there was an offer', () => {
    expect(new Wishes().fallShort(wish(), [sam])).toBe(false);
  });

  it.each([
    ['as before', wish(), [], false],
    ['another codec', wish({ codec: 'PCMU' }), [], true],
    ['a hold', wish({ held: true }), [], true],
    ['new paths (RFC 8445 9)', wish({ ufrag: 'other0' }), [], true],
    ['somebody who finds a section', wish({ seats: [sam, alice] }), [], false],
    ['somebody who finds none', wish({ seats: [sam, alice] }), [alice], true],
  ])('falls short of %s: %#', (_what, wanted, seatless, short) => {
    expect(agreed().fallShort(wanted, seatless)).toBe(short);
  });

  it('falls not short of whom the peer rejected, but of whoever comes then', () => {
    const wishes = agreed();
    wishes.settle([sam]);
    expect(wishes.fallShort(wish(), [sam])).toBe(false);
    expect(wishes.fallShort(wish({ seats: [sam, alice] }), [sam, alice])).toBe(true);
  });

  it('falls not short of what was offered twice in vain, until something else is wished or agreed on', () => {
    const wishes = agreed();
    const wanted = wish({ codec: 'PCMU' });
    wishes.withdraw(wanted);
    expect(wishes.fallShort(wanted, [])).toBe(true);
    wishes.withdraw(wanted);
    expect(wishes.fallShort(wanted, [])).toBe(false);
    expect(wishes.fallShort(wish({ codec: 'PCMA' }), [])).toBe(true);
    wishes.agree(wish());
    expect(wishes.fallShort(wanted, [])).toBe(true);
  });

  it('is nothing any more when our end is gone under the first offer', () => {
    const wishes = new Wishes();
    wishes.lose(wish());
    expect(wishes.fallShort(wish(), [])).toBe(true);
  });
});
