import { beforeEach, describe, expect, it } from 'vitest';
import { Negotiation } from '../../media/negotiation.ts';

let needed: boolean;
let told: number;
let negotiation: Negotiation<string>;

beforeEach(() => {
  needed = true;
  told = 0;
  negotiation = new Negotiation(
    () => needed,
    () => told++,
  );
});

const later = () => new Promise((resolve) => setImmediate(resolve));
const offer = () => negotiation.making(() => Promise.resolve(negotiation.begin('offer')));

describe('offers, one at a time (RFC 3264 4)', () => {
  it('are asked for where one is needed, once for several reasons', () => {
    needed = false;
    negotiation.check();
    expect(told).toBe(0);
    needed = true;
    negotiation.check();
    negotiation.check();
    expect(told).toBe(1);
  });

  it('are asked for again when the one under way was answered', async () => {
    negotiation.check();
    await offer();
    negotiation.check();
    expect(told).toBe(1);
    negotiation.end();
    negotiation.check();
    expect(told).toBe(2);
  });

  it('are not asked for while one is being made, which will have in it what is wanted', async () => {
    const made = negotiation.making(async () => {
      await later();
      negotiation.check();
      negotiation.begin('offer');
    });
    negotiation.check();
    await made;
    expect(told).toBe(0);
  });

  it('are asked for again when one was given up and is needed still', async () => {
    await offer();
    negotiation.withdraw();
    await later();
    expect(told).toBe(1);
  });

  it('are not asked for when one is given up for another', async () => {
    await offer();
    negotiation.withdraw();
    await offer();
    await later();
    expect(told).toBe(0);
  });

  it('are not given up twice', async () => {
    await offer();
    negotiation.withdraw();
    negotiation.withdraw();
    await later();
    await offer();
    expect(negotiation.offered).toBe('offer');
    expect(told).toBe(1);
  });

  it('begin anew at another place', async () => {
    await offer();
    negotiation.reset();
    negotiation.check();
    expect([negotiation.offered, told]).toEqual([null, 1]);
  });
});
