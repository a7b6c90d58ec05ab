import { describe, expect, it } from 'vitest';
import type { TvRecord } from '../../../src/registration/ports.ts';
import { hashToken } from '../../../src/registration/tokens.ts';
import { factsOf, summaryOf } from '../../../src/registration/tvRecord.ts';
import { alice, northlight, told } from './people.ts';

const livingRoom: TvRecord = {
  id: 'tv-1',
  centre: northlight,
  serial: 'SER-1',
  secretHash: hashToken('the secret of the TV in the living room'),
  name: 'Living room TV',
  customer: alice,
  told,
  remoteAddress: '192.0.2.7',
  connected: true,
};

describe('a TV’s record', () => {
  it('[M1] is remembered by an interaction with what the TV told and whose it is', () => {
    expect(summaryOf(livingRoom)).toEqual({
      tvId: 'tv-1',
      serial: 'SER-1',
      form: 'set-top-box',
      model: 'STB-9',
      displayModel: 'Panel 55',
      firmware: '4.2.1',
      engine: 'Chromium 85',
      name: 'Living room TV',
      customer: { id: alice.id, name: alice.name, address: alice.address, number: alice.number },
    });
  });

  it('[M3] is matched by what the TV told and whose it is', () => {
    expect(factsOf(livingRoom)).toEqual({
      operator: 'Northlight',
      model: 'STB-9',
      region: 'north',
      customerId: alice.id,
      wantedRepresentative: 'Sam Okafor',
    });
  });

  it('[M23] of one that never registered says nothing the TV did not tell', () => {
    const unheard = { ...livingRoom, told: null, remoteAddress: null, customer: null, connected: false };
    expect(summaryOf(unheard)).toEqual({
      tvId: 'tv-1',
      serial: 'SER-1',
      form: 'all-in-one',
      model: '',
      displayModel: null,
      firmware: '',
      engine: '',
      name: 'Living room TV',
      customer: null,
    });
    expect(factsOf(unheard)).toEqual({
      operator: null,
      model: '',
      region: null,
      customerId: null,
      wantedRepresentative: null,
    });
  });
});
