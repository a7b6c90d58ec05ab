import { describe, expect, it } from 'vitest';
import { canBeVerified, outcomeWords, suggestDisposition } from '../../../../web/agent/wrapup/disposition.ts';
import { active, ended, fixed, tell } from '../support/story.ts';

const FROM = Date.UTC(2026, 10, 22, 14, 0);
const MINUTE = 60_000;

describe('how help ended', () => {
  it('[IX13] suggests what the fix was known by', () => {
    expect(suggestDisposition(tell(FROM, ended(FROM, 'verified')))).toBe('fixedVerified');
    expect(suggestDisposition(tell(FROM, ended(FROM, 'claimed')))).toBe('fixedClaimed');
  });

  it('suggests nothing when the record speaks for nothing, and "customer left" when the viewer ended it', () => {
    expect(suggestDisposition(tell(FROM, ended(FROM, null)))).toBeNull();
    expect(suggestDisposition(tell(FROM, ended(FROM, null, 'viewer')))).toBe('customerLeft');
    expect(suggestDisposition(tell(FROM, active(FROM)))).toBeNull();
  });

  it('[IX14] a fix that did not hold counts for nothing', () => {
    const view = tell(FROM, [
      ...fixed(FROM),
      [10 * MINUTE, { type: 'closureDeclined' }],
      [11 * MINUTE, { type: 'ended', by: 'agent', fix: null }],
    ]);
    expect(suggestDisposition(view)).toBeNull();
  });

  it('[B3] "TV verified" can be said only when the TV verified a task', () => {
    expect(canBeVerified(tell(FROM, ended(FROM, 'verified')))).toBe(true);
    expect(canBeVerified(tell(FROM, ended(FROM, 'claimed')))).toBe(false);
    expect(canBeVerified(tell(FROM, ended(FROM, null)))).toBe(false);
  });

  it('has words for what history tells', () => {
    expect([null, 'abandoned', 'fixedVerified'].map(outcomeWords)).toEqual([
      'Still open',
      'Ended before help began',
      'Fixed, TV verified',
    ]);
  });
});
