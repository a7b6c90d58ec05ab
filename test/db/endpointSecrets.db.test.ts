/** Signing secrets at rest: a database that somebody copies signs nothing. */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEndpointStore } from '../../db/endpointStore.ts';
import { resealSecrets } from '../../db/endpointSecrets.ts';
import { createProvisioning } from '../../db/provisioning.ts';
import { createSecretBox } from '../../db/secretBox.ts';
import { mintSecret } from '../../src/events/webhooks/signature.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';

const centre = 'northlight';
const change = { by: 'Sam', at: 1 };
const [first, second] = [randomBytes(32), randomBytes(32)];
const secrets = { old: mintSecret(), fresh: mintSecret() };

let fresh: FreshDatabase;
beforeEach(async () => {
  fresh = await freshDatabase();
  await createProvisioning(fresh.database).createCentre({ id: centre, name: 'Northlight' });
});
afterEach(async () => {
  await fresh.drop();
});

/** A service with these keys. @returns what it reads */
const service = (...keys: Buffer[]) => createEndpointStore(fresh.database, createSecretBox(keys));
const read = async (id: string, ...keys: Buffer[]) => (await service(...keys).target(centre, id, 0))?.secrets;

/** An endpoint whose secret was rotated, made by a service with these keys. */
async function endpoint(...keys: Buffer[]): Promise<string> {
  const id = randomUUID();
  const wish = { id, url: 'https://crm.example/hooks', description: '', eventTypes: [], secret: secrets.old };
  await service(...keys).insert(centre, wish, change);
  await service(...keys).rotate(centre, id, secrets.fresh, 10, change);
  return id;
}

async function whole(): Promise<string> {
  const { rows } = await fresh.database.query<{ row: string }>('select w::text as row from webhook_endpoints w');
  return rows.map(({ row }) => row).join('\n');
}

it('[M8] no signing secret can be read in the database, neither the new one nor the old', async () => {
  const id = await endpoint(first);
  expect(await whole()).not.toContain('whsec_');
  expect(await read(id, first)).toEqual([secrets.fresh, secrets.old]);
});

it('[M8] secrets from before there was a key are sealed at the next start, and sign as before', async () => {
  const id = await endpoint();
  expect(await whole()).toContain(secrets.fresh);
  expect(await resealSecrets(fresh.database, createSecretBox([first]))).toEqual({ unreadable: 0 });
  expect(await whole()).not.toContain('whsec_');
  expect(await read(id, first)).toEqual([secrets.fresh, secrets.old]);
});

it('[M8] a start with a new key before the old one seals everything anew; the old one is not needed after that', async () => {
  const id = await endpoint(first);
  expect(await resealSecrets(fresh.database, createSecretBox([second, first]))).toEqual({ unreadable: 0 });
  expect(await read(id, second)).toEqual([secrets.fresh, secrets.old]);
  const sealed = await whole();
  await resealSecrets(fresh.database, createSecretBox([second]));
  expect(await whole()).toBe(sealed);
});

it('[M8] what cannot be opened is counted and left as it is; a new secret helps', async () => {
  const id = await endpoint(first);
  const sealed = await whole();
  expect(await resealSecrets(fresh.database, createSecretBox([second]))).toEqual({ unreadable: 1 });
  expect(await whole()).toBe(sealed);
  await expect(read(id, second)).rejects.toThrow('sealed with a key that is not here');
  const newest = mintSecret();
  await service(second).rotate(centre, id, newest, 10, change);
  expect(await read(id, second)).toEqual([newest]);
});
