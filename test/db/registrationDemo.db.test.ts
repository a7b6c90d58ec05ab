import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDemoCentre } from '../../db/demo.ts';
import { listQueues } from '../../db/queries/listQueues.ts';
import { createRegistrationStore } from '../../db/registrationStore.ts';
import { createRegistration, type Registration } from '../../src/registration/registration.ts';
import { told } from '../src/registration/people.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';

let postgres: FreshDatabase;
let registration: Registration;

beforeAll(async () => {
  postgres = await freshDatabase();
  const store = createRegistrationStore(postgres.database);
  registration = createRegistration({ store, clock: () => Date.now(), publicUrl: 'http://localhost:8080' });
});
afterAll(() => postgres.drop());

const counts = async () => {
  const tables = ['centres', 'queues', 'customers', 'agents', 'tvs', 'catalogues'];
  const sums = tables.map((table) => `(select count(*)::int from ${table}) as ${table}`);
  const { rows } = await postgres.database.query<Record<string, number>>(`select ${sums.join(', ')}`);
  return rows[0];
};

describe('the demo contact centre', () => {
  it('[M24] is created once, also by two services that start at once', async () => {
    const [one, other] = await Promise.all([
      createDemoCentre(postgres.database, registration),
      createDemoCentre(postgres.database, registration),
    ]);
    expect(other).toEqual(one);
    expect(await createDemoCentre(postgres.database, registration)).toEqual(one);
    expect(await counts()).toEqual({ centres: 1, queues: 3, customers: 1, agents: 2, tvs: 1, catalogues: 1 });
  });

  it('[M1] [M2] lets its TV and its agents in with what it prints', async () => {
    const { centre, agents, tv } = await createDemoCentre(postgres.database, registration);
    for (const { name, email, password } of agents) {
      expect((await registration.signIn(email, password)).me).toMatchObject({ name, centre });
    }
    const { serial, secret } = tv;
    const registered = await registration.registerTv(
      { kind: 'secret', serial, secret },
      { ...told, user: null },
      '::1',
    );
    expect([registered.centre, registered.name]).toEqual([centre, 'Living room TV']);
    const kept = await createRegistrationStore(postgres.database).findTv(centre.id, registered.tvId);
    expect(kept?.customer?.name).toBe('Alex Morgan');
  });

  it('[M3] has an agent who looks after the customer, and a queue for everybody at the end', async () => {
    const { centre, agents } = await createDemoCentre(postgres.database, registration);
    const priya = agents.find(({ name }) => name === 'Priya Nair')!;
    const { token } = await registration.signIn(priya.email, priya.password);
    const { customersLookedAfter, roles } = await registration.registerAgent(token, {
      device: 'Desk',
      appVersion: '1',
    });
    expect(roles).toContain('supervisor');
    const [tv] = await createRegistrationStore(postgres.database).findTvsBySerial('DEMO-TV-1');
    expect(customersLookedAfter).toEqual([tv?.customer?.id]);
    const last = (await listQueues(postgres.database, centre.id)).at(-1);
    expect(last).toMatchObject({ name: 'Help line', operator: '*', model: '*', region: '*', skills: [] });
  });

  it('[M24] leaves alone what somebody changed', async () => {
    await postgres.database.query(`update queues set name = 'First line' where id = 'demo-help-line'`);
    await postgres.database.query(`update tvs set name = 'Kitchen TV'`);
    const { centre } = await createDemoCentre(postgres.database, registration);
    expect((await listQueues(postgres.database, centre.id)).map((queue) => queue.name)).toContain('First line');
    const { rows } = await postgres.database.query('select name from tvs');
    expect(rows).toEqual([{ name: 'Kitchen TV' }]);
  });
});
