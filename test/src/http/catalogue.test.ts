import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CatalogueEntry } from '../../../src/diagnosis/diagnosis.ts';
import { shippedCatalogue } from '../../../src/diagnosis/shipped.ts';
import type { ApiError, CatalogueDiscarded, CatalogueState } from '../../../src/protocol/api.ts';
import { catalogueStoreContract } from '../../contract/catalogueStore.ts';
import { openCatalogueApp, type CatalogueApp } from '../../support/catalogueApp.ts';
import { createMemoryCatalogueStore } from '../../support/memoryCatalogueStore.ts';

let centres = 0;
catalogueStoreContract('memory', () => ({
  store: createMemoryCatalogueStore(),
  newCentre: () => Promise.resolve(`centre${++centres}`),
}));

const MINUTE = 60_000;
const entry: CatalogueEntry = {
  id: 'stalled',
  fault: 'playback:stalled',
  model: '*',
  firmware: '*',
  name: 'Weak Wi-Fi',
  explanation: 'The picture stops.',
  why: '{stalls} stops',
  tasks: [{ title: 'Unplug the router for 30 seconds', check: { kind: 'network' } }],
  unattended: false,
};

describe('the catalogue over HTTP', () => {
  let app: CatalogueApp;
  let now: number;

  beforeEach(async () => {
    now = 1_000_000;
    app = await openCatalogueApp({ catalogue: createMemoryCatalogueStore(), clock: () => now });
  });
  afterEach(() => app.close());

  const put = (who: 'alice' | 'bob' | 'eve', revision: number, entries: unknown = [entry]) =>
    app.ask<CatalogueState & ApiError>(who, 'PUT', '/api/catalogue/draft', { revision, entries });
  const publish = (who: 'alice' | 'bob' | 'eve', revision: number, note = '') =>
    app.ask<CatalogueState & ApiError>(who, 'POST', '/api/catalogue/publish', { revision, note });
  const read = async (who: 'alice' | 'sam' | 'eve') =>
    (await app.ask<CatalogueState>(who, 'GET', '/api/catalogue')).body;

  it('[M9] agents read what stands', async () => {
    const state = await read('sam');
    expect(state.published).toMatchObject({ version: 1, entries: shippedCatalogue });
    expect(state.draft).toBeNull();
  });

  it.each([
    ['GET', '/api/catalogue'],
    ['PUT', '/api/catalogue/draft'],
    ['POST', '/api/catalogue/publish'],
    ['DELETE', '/api/catalogue/draft'],
    ['POST', '/api/catalogue/restore'],
  ])('[M9] %s %s is closed to strangers', async (method, path) => {
    const { status, body } = await app.ask<ApiError>('nobody', method, path);
    expect(status).toBe(401);
    expect(body.error).toBe('unauthorized');
  });

  it.each([
    ['PUT', '/api/catalogue/draft', { revision: 0, entries: [entry] }],
    ['POST', '/api/catalogue/publish', { revision: 0, note: '' }],
    ['DELETE', '/api/catalogue/draft', undefined],
    ['POST', '/api/catalogue/restore', { version: 1 }],
  ])('[M9] %s %s is for supervisors', async (method, path, body) => {
    const { status, body: answer } = await app.ask<ApiError>('sam', method, path, body);
    expect(status).toBe(403);
    expect(answer.message).toMatch(/supervisor/);
    expect((await read('alice')).draft).toBeNull();
  });

  it('[M9] a draft is saved, looked at by others, and published by name and time', async () => {
    const saved = await put('alice', 0);
    expect(saved.status).toBe(200);
    expect(saved.body.draft).toMatchObject({ entries: [entry], by: 'Alice Moreau', at: now, problems: [] });
    expect((await read('sam')).draft?.entries).toEqual([entry]);

    now += MINUTE;
    const published = await publish('bob', saved.body.draft?.revision ?? 0, 'Wi-Fi first');
    expect(published.status).toBe(200);
    expect(published.body.published).toEqual({
      version: 2,
      entries: [entry],
      by: 'Bob Okafor',
      at: now,
      note: 'Wi-Fi first',
    });
    expect(published.body.draft).toBeNull();
  });

  it('[M9] of two supervisors editing at once, the second hears who was faster and when', async () => {
    const revision = (await put('alice', 0)).body.draft?.revision ?? 0;
    await put('bob', revision, [{ ...entry, name: 'By Bob' }]);
    now += 3 * MINUTE;
    const late = await put('alice', revision, [{ ...entry, name: 'By Alice' }]);
    expect(late.status).toBe(409);
    expect(late.body).toEqual({
      error: 'conflict',
      message:
        'Bob Okafor saved a draft 3 minutes ago. Nothing of yours was saved. Load that draft, then make your change again.',
    });
    expect((await read('alice')).draft?.entries[0]?.name).toBe('By Bob');
  });

  it('[M9] publishing twice answers the second with what stands', async () => {
    const revision = (await put('alice', 0)).body.draft?.revision ?? 0;
    expect((await publish('alice', revision)).status).toBe(200);
    now += 2 * 60 * MINUTE;
    const again = await publish('alice', revision);
    expect(again.status).toBe(409);
    expect(again.body.message).toBe(
      'That draft is not there any more. Version 2 stands, published by Alice Moreau 2 hours ago. Load it, then make your change again.',
    );
    expect((await read('alice')).published.version).toBe(2);
  });

  it('[M9] a draft with errors is kept with what is wrong, and not published', async () => {
    const saved = await put('alice', 0, [entry, { ...entry, id: 'twin' }, { ...entry, id: 'triplet' }]);
    expect(saved.status).toBe(200);
    expect(saved.body.draft?.problems).toMatchObject([
      { entryId: 'twin', field: 'fault', severity: 'error' },
      { entryId: 'triplet', field: 'fault', severity: 'error' },
    ]);
    const refused = await publish('alice', saved.body.draft?.revision ?? 0);
    expect(refused.status).toBe(422);
    expect(refused.body.error).toBe('unpublishable');
    expect(refused.body.message).toMatch(/^Not published: twin, fault: .* 1 more like this\. The draft is kept\.$/);
    expect(await read('alice')).toMatchObject({ published: { version: 1 }, draft: { by: 'Alice Moreau' } });
  });

  it('[M9] a draft with warnings is published', async () => {
    const saved = await put('alice', 0, [{ ...entry, explanation: 'One. Two. Three.' }]);
    expect(saved.body.draft?.problems).toMatchObject([{ severity: 'warning' }]);
    expect((await publish('alice', saved.body.draft?.revision ?? 0)).status).toBe(200);
  });

  it('[M9] a discarded draft comes back in the answer, and can be put back', async () => {
    await put('alice', 0);
    const { status, body } = await app.ask<CatalogueDiscarded>('bob', 'DELETE', '/api/catalogue/draft');
    expect(status).toBe(200);
    expect(body.draft).toBeNull();
    expect(body.discarded).toEqual({ entries: [entry], by: 'Alice Moreau', at: now });
    expect((await put('bob', 0, body.discarded?.entries)).body.draft?.entries).toEqual([entry]);

    await app.ask('bob', 'DELETE', '/api/catalogue/draft');
    const none = await app.ask<CatalogueDiscarded>('bob', 'DELETE', '/api/catalogue/draft');
    expect(none.body.discarded).toBeNull();
  });

  it('[M9] an earlier version becomes a draft; one that never was is not found', async () => {
    const restore = (version: number) =>
      app.ask<CatalogueState & ApiError>('alice', 'POST', '/api/catalogue/restore', { version });
    await publish('alice', (await put('alice', 0)).body.draft?.revision ?? 0);
    expect((await restore(9)).status).toBe(404);
    const { status, body } = await restore(1);
    expect(status).toBe(200);
    expect(body.draft?.entries).toEqual(shippedCatalogue);
    expect((await restore(1)).status).toBe(409);
  });

  it('[M9] another centre sees and changes nothing of it', async () => {
    const revision = (await put('alice', 0)).body.draft?.revision ?? 0;
    expect((await read('eve')).draft).toBeNull();
    expect((await publish('eve', revision)).status).toBe(409);
    await app.ask('eve', 'DELETE', '/api/catalogue/draft');
    expect((await read('alice')).draft).toMatchObject({ revision });
  });

  it('[M9] takes a whole catalogue of 500 entries, and no more', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, at) => ({
        ...entry,
        id: `e${at}`,
        fault: `vendor:f${at}`,
        tasks: Array.from({ length: 8 }, (_, task) => ({ title: `Do task ${task}`, detail: 'x'.repeat(160) })),
      }));
    expect((await put('alice', 0, many(500))).status).toBe(200);
    const { draft } = await read('alice');
    expect((await put('alice', draft?.revision ?? 0, many(501))).status).toBe(400);
  });

  const draftOf = (change: object) => ({ revision: 0, entries: [{ ...entry, ...change }] });
  it.each<[string, string, unknown, RegExp]>([
    ['PUT', 'draft', undefined, /not understood/],
    ['PUT', 'draft', '{"revision": 0, "entries"', /not JSON/],
    ['PUT', 'draft', [], /not understood/],
    ['PUT', 'draft', { revision: -1, entries: [] }, /"revision"/],
    ['PUT', 'draft', { revision: 0, version: 0, entries: [] }, /"version"/],
    ['PUT', 'draft', draftOf({ fault: 'stalled' }), /"entries\.0\.fault"/],
    ['PUT', 'draft', draftOf({ fault: 'playback:*stalled' }), /"entries\.0\.fault"/],
    ['PUT', 'draft', draftOf({ firmware: '=4' }), /"entries\.0\.firmware"/],
    ['PUT', 'draft', draftOf({ model: 'X*40' }), /"entries\.0\.model"/],
    ['PUT', 'draft', draftOf({ tasks: [] }), /"entries\.0\.tasks"/],
    ['PUT', 'draft', draftOf({ tasks: [{ title: 'x'.repeat(81) }] }), /"entries\.0\.tasks\.0\.title"/],
    ['PUT', 'draft', draftOf({ tasks: [{ title: 'Look', choices: ['One'] }] }), /"entries\.0\.tasks\.0\.choices"/],
    ['PUT', 'draft', { revision: 0, entries: [entry, entry] }, /two entries have the same id/],
    ['POST', 'publish', {}, /"revision"/],
    ['POST', 'publish', { revision: 1, note: 'x'.repeat(201) }, /"note"/],
    ['POST', 'restore', { version: 0 }, /"version"/],
    ['POST', 'restore', { version: '1' }, /"version"/],
  ])('[M9] bad input to %s %s is answered with its field: %j', async (method, route, body, message) => {
    const { status, body: answer } = await app.ask<ApiError>('alice', method, `/api/catalogue/${route}`, body);
    expect(status).toBe(400);
    expect(answer.error).toBe('malformed');
    expect(answer.message).toMatch(message);
    expect((await read('alice')).draft).toBeNull();
  });

  it('[M9] more than two megabytes are not read', async () => {
    const { status } = await app.ask('alice', 'PUT', '/api/catalogue/draft', `"${'x'.repeat(2_100_000)}"`);
    expect(status).toBe(413);
  });
});
