/**
 * What whoever runs the service sets up before anybody can sign in: centres, their queues and
 * customers. Agents and TVs get their credentials from the registration component.
 */
import { randomUUID } from 'node:crypto';
import { ConflictError } from '../src/registration/errors.ts';
import type { Centre } from '../src/registration/ports.ts';
import type { Queue } from '../src/routing/routing.ts';
import { inTransaction, type Database } from './database.ts';
import { findCustomers } from './queries/findCustomers.ts';
import { insertCentre } from './queries/insertCentre.ts';
import { insertCustomer } from './queries/insertCustomer.ts';
import { insertQueue } from './queries/insertQueue.ts';
import { listCentres, type CentreListed } from './queries/listCentres.ts';
import { listQueues } from './queries/listQueues.ts';

/** The queue that every centre begins with; others come before it. */
const helpLine = { name: 'Help line', order: 1000, operator: '*', model: '*', region: '*', skills: [] };
/** Between queues that were given no place, so that there is room for others. */
const STEP = 10;

export interface Provisioning {
  /** By name. */
  centres(): Promise<CentreListed[]>;
  /**
   * A contact centre with one queue, which every TV fits and every agent belongs to.
   * @throws ConflictError when there is a centre of this id
   */
  createCentre(centre: Centre): Promise<void>;
  /**
   * @param queue.order 1 to 999; null takes the place after the others, before the help line
   * @returns its place
   * @throws ConflictError when the centre has a queue of this name or at this place
   */
  createQueue(centreId: string, queue: Omit<Queue, 'id' | 'order'> & { order: number | null }): Promise<number>;
  /**
   * The ids of the centre's customers, in the order of the references.
   * @throws ConflictError naming the references that nobody has
   */
  customerIds(centreId: string, references: string[]): Promise<string[]>;
  /**
   * The centre's customer of this reference, made when there is none.
   * @returns the name as it is known: another than the one given when the customer was there already
   */
  createCustomer(
    centreId: string,
    customer: { reference: string; name: string },
  ): Promise<{ id: string; name: string }>;
}

/** On a database with the tables of migrations/. */
export function createProvisioning(database: Database): Provisioning {
  return {
    centres: () => listCentres(database),

    async createCentre(centre) {
      await inTransaction(database, async (client) => {
        if (!(await insertCentre(client, centre))) {
          throw new ConflictError(`There is a contact centre ${centre.id} already. Choose another with --id.`);
        }
        await insertQueue(client, centre.id, { id: randomUUID(), ...helpLine });
      });
    },

    async createQueue(centreId, { order: wanted, ...queue }) {
      const there = await listQueues(database, centreId);
      if (there.some(({ name }) => name === queue.name)) {
        throw new ConflictError(`This centre has a queue “${queue.name}” already. Choose another name.`);
      }
      const before = there.map(({ order }) => order).filter((order) => order < helpLine.order);
      const order = wanted ?? Math.max(0, ...before) + STEP;
      if (order >= helpLine.order || !(await insertQueue(database, centreId, { id: randomUUID(), ...queue, order }))) {
        const taken = there.map((one) => `${one.order} “${one.name}”`).join(', ');
        throw new ConflictError(
          `There is no room for a queue at place ${order}. Taken are: ${taken}. Choose another with --order, 1 to 999.`,
        );
      }
      return order;
    },

    async customerIds(centreId, references) {
      const known = new Map(
        (await findCustomers(database, centreId, references)).map(({ reference, id }) => [reference, id]),
      );
      const unknown = references.filter((reference) => !known.has(reference));
      if (unknown.length > 0) {
        throw new ConflictError(
          `This centre has no customer ${unknown.join(', ')}. ` +
            'A customer is made with a TV: tv … --customer-reference … --customer-name …',
        );
      }
      return references.map((reference) => known.get(reference)!);
    },

    async createCustomer(centreId, { reference, name }) {
      const customer = { id: randomUUID(), reference, name, address: null, number: null };
      await insertCustomer(database, centreId, customer);
      return (await findCustomers(database, centreId, [reference]))[0]!;
    },
  };
}
