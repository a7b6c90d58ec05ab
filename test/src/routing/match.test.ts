import { describe, expect, it } from 'vitest';
import { matchTv } from '../../../src/routing/match.ts';
import type { Queue, TvFacts } from '../../../src/routing/routing.ts';
import { person } from './people.ts';

const NOW = 1_000_000;
const PREFER = { preferMs: 60_000 };

const queue = (id: string, order: number, rules: Partial<Queue> = {}): Queue => ({
  id,
  name: `The ${id} line`,
  order,
  operator: '*',
  model: '*',
  region: '*',
  skills: [],
  ...rules,
});
const tv: TvFacts = {
  operator: 'Northnet',
  model: 'X40',
  region: 'Kent',
  customerId: 'sam',
  wantedRepresentative: null,
};
const help = queue('help', 9);
const alice = person('alice', { name: 'Alice Moss', customersLookedAfter: ['sam'] });
const priya = person('priya', { name: 'Priya Nair' });

describe('the rule that applies first', () => {
  it('[RT1] is the representative wanted, before those who look after the customer', () => {
    const match = matchTv({ ...tv, wantedRepresentative: 'Priya Nair' }, [help], [alice, priya], NOW, PREFER);
    expect(match).toEqual({
      queueId: 'help',
      queueName: 'The help line',
      preferredAgentIds: ['priya'],
      preferredUntil: NOW + 60_000,
      rule: 'namedRepresentative',
      reason: 'The viewer asked for Priya Nair.',
    });
  });

  it.each(['priya', ' priya nair ', 'PRIYA  NAIR', 'PriyaNair'])(
    '[RT1] finds the representative wanted as "%s"',
    (wanted) => {
      const match = matchTv({ ...tv, wantedRepresentative: wanted }, [help], [alice, priya], NOW, PREFER);
      expect(match.preferredAgentIds).toEqual(['priya']);
    },
  );

  it('[RT1] prefers all who share the name, but one alone by id', () => {
    const other = person('priya-2', { name: 'Priya Nair' });
    const both = matchTv({ ...tv, wantedRepresentative: 'Priya Nair' }, [help], [priya, other], NOW, PREFER);
    expect(both.preferredAgentIds).toEqual(['priya', 'priya-2']);
    expect(both.reason).toBe('The viewer asked for Priya Nair, a name that 2 agents have.');
    const one = matchTv({ ...tv, wantedRepresentative: 'priya-2' }, [help], [priya, other], NOW, PREFER);
    expect(one.preferredAgentIds).toEqual(['priya-2']);
  });

  it.each([
    [1, 'Ann looks after this customer.'],
    [2, 'Ann and Ben look after this customer.'],
    [3, 'Ann, Ben and Cem look after this customer.'],
    [5, 'Ann, Ben and 3 others look after this customer.'],
  ])('[RT1] is then who looks after the customer: %i', (count, reason) => {
    const carers = ['Ann', 'Ben', 'Cem', 'Dee', 'Eli']
      .slice(0, count)
      .map((name) => person(name, { customersLookedAfter: ['sam'] }));
    const match = matchTv({ ...tv, wantedRepresentative: 'Nobody Here' }, [help], [priya, ...carers], NOW, PREFER);
    expect(match).toMatchObject({ rule: 'customersLookedAfter', reason, preferredUntil: NOW + 60_000 });
    expect(match.preferredAgentIds).toEqual(carers.map((one) => one.agentId));
  });

  it('[RT1] is the queue alone for a customer nobody looks after, or who is not known', () => {
    for (const customerId of ['kim', null]) {
      const match = matchTv({ ...tv, customerId, wantedRepresentative: '  ' }, [help], [alice, priya], NOW, PREFER);
      expect(match).toMatchObject({ rule: 'queue', preferredAgentIds: [], preferredUntil: null });
    }
  });
});

describe('the queue', () => {
  const place = (queues: Queue[], facts: Partial<TvFacts> = {}) =>
    matchTv({ ...tv, ...facts }, queues, [], NOW, PREFER);

  it.each<[Partial<Queue>, string]>([
    [{}, 'The own line is there for every TV.'],
    [{ model: 'X*' }, 'Model X40 belongs to The own line.'],
    [{ model: 'x40' }, 'Model X40 belongs to The own line.'],
    [{ operator: 'north*', region: 'Kent' }, 'Operator Northnet and region Kent belong to The own line.'],
    [
      { operator: 'Northnet', model: 'X4*', region: 'K*' },
      'Operator Northnet, model X40 and region Kent belong to The own line.',
    ],
  ])('[RT1] %o fits, and says why', (rules, reason) => {
    expect(place([help, queue('own', 1, rules)])).toMatchObject({ queueId: 'own', reason });
  });

  it.each<Partial<Queue>>([
    { model: 'X4' },
    { model: 'Y*' },
    { operator: 'Southnet' },
    { model: 'X40', region: 'Essex' },
  ])('[RT1] %o does not fit', (rules) => {
    expect(place([queue('own', 1, rules), help]).queueId).toBe('help');
  });

  it('[RT1] is the first by order of those that fit', () => {
    expect(place([queue('second', 2), queue('first', 1), queue('third', 3)]).queueId).toBe('first');
  });

  it('[RT1] with a rule on what was not told does not fit, unless it fits all', () => {
    const told = { operator: null, region: null };
    expect(place([queue('own', 1, { operator: 'North*' }), queue('any', 2)], told).queueId).toBe('any');
  });

  it('[RT1] last in order takes what fits none, and says so', () => {
    const match = place([queue('second', 2, { model: 'Z*' }), queue('first', 1, { model: 'Y*' })]);
    expect(match.queueId).toBe('second');
    expect(match.reason).toBe("No queue's rules fit model X40; The second line is last in order and takes the rest.");
  });

  it('[RT1] must be there', () => {
    expect(() => place([])).toThrow('no queue');
  });
});
