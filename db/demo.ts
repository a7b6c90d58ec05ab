/**
 * The demo contact centre: two agents, three queues, a customer and a TV, so that a fresh checkout can be
 * tried at once. Its passwords and the TV's secret are fixed and public: they stand in this file and are
 * printed at every start. So it is created only where it is wanted (DEMO in src/config.ts), and never with
 * DEMO=off.
 */
import { shippedCatalogue } from '../src/diagnosis/shipped.ts';
import { ConflictError } from '../src/registration/errors.ts';
import type { Centre, Customer } from '../src/registration/ports.ts';
import type { NewAgent, Registration } from '../src/registration/registration.ts';
import type { Queue } from '../src/routing/routing.ts';
import type { Database } from './database.ts';
import { insertCentre } from './queries/insertCentre.ts';
import { insertCustomer } from './queries/insertCustomer.ts';
import { insertQueue } from './queries/insertQueue.ts';
import { shipCatalogue } from './queries/shipCatalogue.ts';

/** What a person needs to try the demo. */
export interface DemoAccess {
  centre: Centre;
  agents: { name: string; email: string; password: string }[];
  tv: { name: string; serial: string; secret: string };
}

const centre: Centre = { id: 'demo-northlight', name: 'Northlight TV' };

/** The specific first: a TV belongs to the first that fits, and everything fits the last. */
const queues: Queue[] = [
  {
    id: 'demo-premium',
    name: 'Premium',
    order: 1,
    operator: 'Northlight Premium*',
    model: '*',
    region: '*',
    skills: ['premium'],
  },
  {
    id: 'demo-set-top-boxes',
    name: 'Set-top boxes',
    order: 2,
    operator: '*',
    model: 'STB*',
    region: '*',
    skills: ['set-top-boxes'],
  },
  { id: 'demo-help-line', name: 'Help line', order: 3, operator: '*', model: '*', region: '*', skills: [] },
];

/** The number is of a range that is never given to anybody. */
const customer: Customer = {
  id: 'demo-alex-morgan',
  reference: 'NL-1001',
  name: 'Alex Morgan',
  address: '12 Harbour Street',
  number: '+447700900123',
};

const sam: NewAgent = {
  email: 'sam@demo.example',
  name: 'Sam Okafor',
  password: 'sam-on-the-line',
  roles: ['agent'],
  skills: ['set-top-boxes'],
  customersLookedAfter: [],
  capacity: 1,
};

const priya: NewAgent = {
  email: 'priya@demo.example',
  name: 'Priya Nair',
  password: 'priya-on-the-line',
  roles: ['agent', 'supervisor'],
  skills: ['set-top-boxes', 'premium'],
  customersLookedAfter: [customer.id],
  capacity: 1,
};

const tv = { name: 'Living room TV', serial: 'DEMO-TV-1', secret: 'demo-secret-of-the-living-room-tv' };

/**
 * Creates what is missing of the demo, and leaves what is there as it is.
 * @returns how to get in
 */
export async function createDemoCentre(
  database: Database,
  registration: Pick<Registration, 'addAgent' | 'provisionTv'>,
): Promise<DemoAccess> {
  await insertCentre(database, centre);
  for (const queue of queues) await insertQueue(database, centre.id, queue);
  await insertCustomer(database, centre.id, customer);
  await shipCatalogue(database, centre.id, shippedCatalogue);
  await unlessThere(registration.addAgent(centre.id, sam));
  await unlessThere(registration.addAgent(centre.id, priya));
  await unlessThere(registration.provisionTv(centre.id, { ...tv, customerId: customer.id }));
  return { centre, agents: [sam, priya].map(({ name, email, password }) => ({ name, email, password })), tv };
}

async function unlessThere(creation: Promise<unknown>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
  }
}
