import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createCatalogueStore } from '../../db/catalogueStore.ts';
import { inTransaction } from '../../db/database.ts';
import { createSuggestionStore } from '../../db/suggestionStore.ts';
import type { CatalogueEntry } from '../../src/diagnosis/diagnosis.ts';
import { shippedCatalogue } from '../../src/diagnosis/shipped.ts';
import { catalogueStoreContract } from '../contract/catalogueStore.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';

const alice = { by: 'Alice Moreau', at: 1_700_000_000_000 };
const [anEntry] = shippedCatalogue as [CatalogueEntry];

let fresh: FreshDatabase;
let centres = 0;
async function newCentre(): Promise<string> {
  const id = `centre${++centres}`;
  await fresh.database.query('insert into centres (id, name) values ($1, $1)', [id]);
  return id;
}

beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

catalogueStoreContract('Postgres', () => ({ store: createCatalogueStore(fresh.database), newCentre }));

describe('the current catalogue', () => {
  async function publish(store: ReturnType<typeof createCatalogueStore>, centre: string, entries: CatalogueEntry[]) {
    expect(await store.saveDraft(centre, { revision: 0, entries }, alice)).toBeNull();
    const { draft } = await store.state(centre);
    expect(await store.publish(centre, { revision: draft?.revision ?? 0, note: '' }, alice)).toBeNull();
  }

  it('[M9] is the shipped one until something is published, then the newest, in every process', async () => {
    const centre = await newCentre();
    const here = createCatalogueStore(fresh.database);
    const there = createCatalogueStore(fresh.database);
    expect(await here.current(centre)).toEqual({ version: 1, entries: shippedCatalogue });
    expect(await there.current(centre)).toEqual({ version: 1, entries: shippedCatalogue });
    await publish(there, centre, [anEntry]);
    expect(await here.current(centre)).toEqual({ version: 2, entries: [anEntry] });
  });

  it('[M9] costs one question while its version stands', async () => {
    const centre = await newCentre();
    const store = createCatalogueStore(fresh.database);
    await publish(store, centre, [anEntry]);
    const first = await store.current(centre);
    const asked = vi.spyOn(fresh.database, 'query');
    expect(await store.current(centre)).toBe(first);
    expect(asked).toHaveBeenCalledTimes(1);
    asked.mockRestore();
  });

  it('[M9] reads within a transaction; one that is rolled back leaves nothing behind', async () => {
    const centre = await newCentre();
    const store = createCatalogueStore(fresh.database);
    const rolledBack = inTransaction(fresh.database, async (client) => {
      expect((await store.current(centre, client)).version).toBe(1);
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    const { rows } = await fresh.database.query('select 1 from catalogues where centre_id = $1', [centre]);
    expect(rows).toEqual([]);
    expect((await store.current(centre)).version).toBe(1);
  });

  it('[M9] two first readers at once get the same', async () => {
    const centre = await newCentre();
    const stores = [createCatalogueStore(fresh.database), createCatalogueStore(fresh.database)];
    const read = await Promise.all(stores.flatMap((store) => [store.current(centre), store.current(centre)]));
    expect(new Set(read.map((one) => one.version))).toEqual(new Set([1]));
    expect((await createCatalogueStore(fresh.database).state(centre)).versions).toHaveLength(1);
  });

  it('[M9] of a centre that is not there says so', async () => {
    await expect(createCatalogueStore(fresh.database).current('nowhere')).rejects.toThrow(/no contact centre nowhere/);
  });

  it('[M9] lists the latest hundred versions', async () => {
    const centre = await newCentre();
    await fresh.database.query(
      `insert into catalogues (centre_id, version, entries, published_by, published_at)
       select $1, n, '[]', 'Alice Moreau', n from generate_series(1, 120) as n`,
      [centre],
    );
    const { versions } = await createCatalogueStore(fresh.database).state(centre);
    expect(versions).toHaveLength(100);
    expect(versions[0]?.version).toBe(120);
  });
});

describe('what suggestions are made from', () => {
  async function interactionIn(centre: string, id: string): Promise<void> {
    await fresh.database.query(
      `insert into tvs (id, centre_id, serial, secret_hash, name) values ($1, $2, $1, '\\x00', 'Living room TV')`,
      [`tv-${id}`, centre],
    );
    await fresh.database.query(
      `insert into interactions (id, centre_id, tv_id, version, snapshot, state, opened_at)
       values ($1, $2, $3, 1, $4, 'active', 1)`,
      [id, centre, `tv-${id}`, { id, centreId: centre, request: { fault: { code: 'playback:stalled' } } }],
    );
  }
  const append = (id: string, seq: number, event: object) =>
    fresh.database.query(`insert into interaction_events (interaction_id, seq, at, event) values ($1, $2, 1, $3)`, [
      id,
      seq,
      event,
    ]);

  it('[M10] the fault is the one told last, of this centre’s interaction alone', async () => {
    const centre = await newCentre();
    const other = await newCentre();
    const store = createSuggestionStore(fresh.database, createCatalogueStore(fresh.database));
    await interactionIn(centre, 'ix1');
    await append('ix1', 1, { type: 'requested', request: { fault: { code: 'playback:stalled' } } });
    expect((await store.interaction(centre, 'ix1'))?.fault?.code).toBe('playback:stalled');

    await append('ix1', 2, { type: 'updated', fault: { code: 'drm:clock' } });
    await append('ix1', 3, { type: 'updated', fault: { code: 'network:dns' } });
    await append('ix1', 4, { type: 'updated', screen: { path: [], focused: null, recentActions: [] } });
    const found = await store.interaction(centre, 'ix1');
    expect(found?.fault?.code).toBe('network:dns');
    expect(found?.interaction.id).toBe('ix1');

    expect(await store.interaction(other, 'ix1')).toBeNull();
    expect(await store.interaction(centre, 'ix2')).toBeNull();
  });

  it('[M9] the catalogue is the centre’s current one', async () => {
    const centre = await newCentre();
    const store = createSuggestionStore(fresh.database, createCatalogueStore(fresh.database));
    expect((await store.catalogue(centre)).entries).toEqual(shippedCatalogue);
  });
});
