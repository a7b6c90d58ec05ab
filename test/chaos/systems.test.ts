/** What a contact centre's own systems were told is held against what is kept, and differences are found. */
import { describe, expect, it } from 'vitest';
import type { Ledger } from './ledger.ts';
import { checkAsked, checkSent, type Asked } from './systems.ts';

const requested = { type: 'requested', request: { fault: { title: 'Trouble of http-1.' } } };
const ledger = {
  interactions: new Map([
    ['i', { events: [{ event: requested }, { event: { type: 'tvLost' } }, { event: { type: 'tvBack' } }] }],
  ]),
  taken: new Map([['tv api:crm:key-1', 'i']]),
} as unknown as Ledger;

describe('events that were sent', () => {
  it.each([
    ['all, in order', [1, 2, 3], 0],
    ['one left out', [1, 3], 1],
    ['two the wrong way round', [2, 1, 3], 1],
    ['one that is not kept', [1, 2, 3, 4], 1],
    ['none', [], 1],
  ])('%s', (_what, seqs, wrong) => {
    expect(checkSent(ledger, new Map([['i', new Set(seqs)]]))).toHaveLength(wrong);
  });
});

describe('requests by HTTP', () => {
  const asked: Asked = {
    key: 'key-1',
    tvId: 'tv',
    mark: 'Trouble of http-1.',
    answers: [{ status: 201, interactionId: 'i' }],
  };
  const [answer] = asked.answers;
  const twice = { ...ledger, interactions: new Map([...ledger.interactions, ['j', ledger.interactions.get('i')!]]) };
  it.each<[string, Ledger, Partial<Asked>, number]>([
    ['answered as it is kept', ledger, {}, 0],
    ['and again', ledger, { answers: [answer!, answer!] }, 0],
    ['answered and lost', ledger, { key: 'key-2' }, 1],
    ['answered with another the second time', ledger, { answers: [answer!, { status: 201, interactionId: 'j' }] }, 1],
    ['refused the second time', ledger, { answers: [answer!, { status: 404, interactionId: null }] }, 1],
    ['never answered', ledger, { answers: [] }, 1],
    ['in effect twice', twice, {}, 1],
  ])('%s', (_what, kept, more, wrong) => {
    expect(checkAsked(kept, 'crm', [{ ...asked, ...more }])).toHaveLength(wrong);
  });
});
