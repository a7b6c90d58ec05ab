import { describe, expect, it } from 'vitest';
import type { TvListed } from '../../../../src/protocol/api.ts';
import { inviteBlocker, lastHeardWords, told, tvLine } from '../../../../web/agent/tvs/tv-words.ts';

const tv: TvListed = {
  id: 'living-room',
  name: 'Living room TV',
  serial: 'X40-1',
  model: 'X40',
  firmware: '4.2.1',
  customerName: null,
  connected: true,
  lastHeardAt: 5,
  openInteractionId: null,
};

describe('[M7] whether help can be offered', () => {
  it('to a TV that is online and free; else it says why not', () => {
    expect(inviteBlocker(tv, true)).toBeNull();
    expect(inviteBlocker(tv, false)).toContain('You are not online');
    expect(inviteBlocker({ ...tv, connected: false }, true)).toContain('This TV is not online');
    expect(inviteBlocker({ ...tv, openInteractionId: 'ix9' }, true)).toContain('Help is open');
  });

  it('a TV that never connected has told nothing, and says so', () => {
    expect(tvLine({ ...tv, customerName: 'Bob' })).toBe('X40 · 4.2.1 · Bob');
    expect(tvLine({ ...tv, model: '', firmware: '', customerName: 'Bob' })).toBe('Bob');
    expect(tvLine({ ...tv, model: '', firmware: '' })).toBe('X40-1');
    expect(told('')).toBe('Not told yet');
  });

  it('says when the TV was last heard', () => {
    const at = (ms: number) => `at ${ms}`;
    expect(lastHeardWords(tv, at)).toBe('Online');
    expect(lastHeardWords({ ...tv, connected: false }, at)).toBe('Last heard at 5');
    expect(lastHeardWords({ ...tv, connected: false, lastHeardAt: null }, at)).toBe('Never heard');
  });
});
