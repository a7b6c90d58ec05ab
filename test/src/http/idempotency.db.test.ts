/** The same key again, after a request of which nobody knows whether it took effect. */
import type { Request, Response } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiStore } from '../../../db/apiStore.ts';
import { HttpError } from '../../../src/http/error.ts';
import { once } from '../../../src/http/idempotency.ts';
import type { ApiCaller } from '../../../src/registration/apiKeys.ts';
import { freshDatabase, type FreshDatabase } from '../../support/postgres.ts';

const caller = { keyId: 'crm', centreId: 'north' } as ApiCaller;

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
  await fresh.database.query(`insert into centres (id, name) values ('north', 'North')`);
  await fresh.database.query(
    `insert into api_keys (id, centre_id, name, key_hash, hint, scopes, created_by, created_at)
     values ('crm', 'north', 'CRM', '\\x00', 'abcd', '{viewer}', 'Priya', 0)`,
  );
});
afterAll(() => fresh.drop());

/** A request as it comes to a route. @returns what it was answered, or the error that it ended in */
async function ask(asked: object, act: (commandId: string) => Promise<{ status: number; body: unknown }>) {
  const answered: { status?: number; body?: unknown } = {};
  const res = {
    set: () => res,
    status: (status: number) => ((answered.status = status), res),
    json: (body: unknown) => ((answered.body = body), res),
  };
  const req = { get: () => 'alarm-4711', method: 'POST', baseUrl: '', path: '/v1/interactions' };
  const deps = { store: createApiStore(fresh.database), clock: () => 1_900_000_000_000 };
  const parts = { req: req as unknown as Request, res: res as unknown as Response, caller, asked };
  return await once(parts, deps, act).then(
    () => answered,
    (error: HttpError) => ({ status: error.status, body: error.error }),
  );
}

describe('[M8] a request that failed on our side', () => {
  it('leaves its key to itself: another body is refused with 422, and the same may be repeated at once', async () => {
    const failed = await ask({ serial: 'living-room' }, async () => {
      throw new HttpError(503, 'unavailable', 'Nobody knows whether this was kept.');
    });
    expect(failed).toEqual({ status: 503, body: 'unavailable' });
    const other = await ask({ serial: 'bedroom' }, async () => ({ status: 201, body: 'of the first' }));
    expect(other).toEqual({ status: 422, body: 'keyUsed' });
    const ids: string[] = [];
    const again = await ask({ serial: 'living-room' }, async (id) => (ids.push(id), { status: 201, body: 'done' }));
    expect(again).toEqual({ status: 201, body: 'done' });
    expect(ids).toEqual(['api:crm:alarm-4711']);
  });
});
