/** Those who appear in the tests of the registration component. */
import { hashPassword } from '../../../src/registration/password.ts';
import type { TvTold } from '../../../src/protocol/facts.ts';
import type { NewAgent } from '../../../src/registration/registration.ts';

export const northlight = { id: 'northlight', name: 'Northlight TV' };
export const southbank = { id: 'southbank', name: 'Southbank Clinic' };

export const alice = {
  id: 'alice',
  reference: 'NL-7',
  name: 'Alice Ward',
  address: '1 Mill Lane',
  number: '+447700900001',
};

export const sam: NewAgent = {
  email: 'Sam@northlight.example',
  name: 'Sam Okafor',
  password: 'a long walk by the river',
  roles: ['agent'],
  skills: ['set-top-boxes'],
  customersLookedAfter: [alice.id],
  capacity: 2,
};

/** What the TV in the living room tells. */
export const told: TvTold = {
  form: 'set-top-box',
  model: 'STB-9',
  displayModel: 'Panel 55',
  firmware: '4.2.1',
  engine: 'Chromium 85',
  mac: '00:11:22:aa:bb:cc',
  operator: 'Northlight',
  region: 'north',
  capabilities: { camera: false, microphone: true, webrtc: true, memoryMb: 1024 },
  user: { reference: alice.reference, name: alice.name, address: null, number: null },
  wantedRepresentative: 'Sam Okafor',
};

/** One derivation for all tests that only need a hash to be there. */
export const someHash = await hashPassword('somebody');
