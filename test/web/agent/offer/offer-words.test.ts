import { describe, expect, it } from 'vitest';
import { offerAloud, offerTitle, offerWords } from '../../../../web/agent/offer/offer-words.ts';
import { active, asked, offered, tell } from '../support/story.ts';

const FROM = Date.UTC(2026, 10, 22, 14, 0);

describe('an offer in words', () => {
  it('shows queue, fault, model, firmware, reason, and the wait since the line was joined [IX5, IX6]', () => {
    expect(offerWords(tell(FROM, offered(FROM, FROM + 320_000)))).toEqual({
      offerId: 'o1',
      expiresAt: FROM + 320_000,
      queue: 'Help line',
      fault: 'The picture keeps stopping',
      model: 'X40',
      firmware: '4.2.1',
      reason: 'You look after this customer.',
      arrivedAt: FROM + 2_000,
    });
  });

  it.each([
    [
      'customersLookedAfter',
      ['p'],
      'Priya looks after this customer.',
      'Priya looks after this customer and is not free now, so you are asked.',
    ],
    [
      'customersLookedAfter',
      ['p', 'q'],
      'Priya and Quinn look after this customer.',
      'Priya and Quinn look after this customer and are not free now, so you are asked.',
    ],
    [
      'namedRepresentative',
      ['p'],
      'The viewer asked for Priya.',
      'The viewer asked for Priya. Not free now, so you are asked.',
    ],
    ['queue', [], 'Help line is there for every TV.', 'Help line is there for every TV.'],
  ] as const)(
    'says to who is not preferred why they are asked: %s %j [RT2]',
    (rule, preferredAgentIds, reason, said) => {
      const view = tell(FROM, offered(FROM, FROM + 320_000));
      if (view.match === null) throw new Error('it is matched');
      const match = { ...view.match, rule, preferredAgentIds: [...preferredAgentIds], reason };
      expect(offerWords({ ...view, match })?.reason).toBe(said);
    },
  );

  it.each([
    ['customersLookedAfter', ['sam'], 'You look after this customer.'],
    ['customersLookedAfter', ['p', 'sam'], 'You and others look after this customer.'],
    ['namedRepresentative', ['sam'], 'The viewer asked for you.'],
  ] as const)('speaks to who is preferred as “you”: %s %j [RT2]', (rule, preferredAgentIds, said) => {
    const view = tell(FROM, offered(FROM, FROM + 320_000));
    if (view.match === null) throw new Error('it is matched');
    const match = { ...view.match, rule, preferredAgentIds: [...preferredAgentIds], reason: 'Sam is meant.' };
    expect(offerWords({ ...view, match })?.reason).toBe(said);
  });

  it('is null unless it is offered', () => {
    expect(offerWords(tell(FROM, asked))).toBeNull();
    expect(offerWords(tell(FROM, active(FROM)))).toBeNull();
  });

  it('is said once, with the wait in words and both keys', () => {
    const words = offerWords(tell(FROM, offered(FROM, FROM + 320_000)));
    if (words === null) throw new Error('it is offered');
    expect(offerAloud(words, FROM + 302_000)).toBe(
      'Offer from Help line: The picture keeps stopping. X40, firmware 4.2.1. Waited 5 minutes. ' +
        'Alt Shift A accepts, Alt Shift D declines.',
    );
    expect(offerTitle(words, FROM + 312_000)).toBe('Offer: The picture keeps stopping · waited 5:10');
  });
});
