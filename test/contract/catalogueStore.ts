/** What every store of catalogues does, whatever stands behind it. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CatalogueStore } from '../../src/diagnosis/catalogueStore.ts';
import type { CatalogueEntry } from '../../src/diagnosis/diagnosis.ts';
import { shippedCatalogue } from '../../src/diagnosis/shipped.ts';

interface Opened {
  store: CatalogueStore;
  /** A centre that nobody has edited yet. */
  newCentre(): Promise<string>;
}

const alice = { by: 'Alice Moreau', at: 1_000 };
const bob = { by: 'Bob Okafor', at: 2_000 };

function entries(name: string): CatalogueEntry[] {
  return [
    {
      id: 'stalled',
      fault: 'playback:stalled',
      model: '*',
      firmware: '*',
      name,
      explanation: 'The picture stops.',
      why: '{stalls} stops',
      tasks: [{ title: 'Unplug the router for 30 seconds', check: { kind: 'network' } }],
      unattended: false,
    },
  ];
}

export function catalogueStoreContract(what: string, open: () => Opened): void {
  describe(`${what} as a store of catalogues`, () => {
    let opened: Opened;
    let store: CatalogueStore;
    let centre: string;

    beforeAll(() => {
      opened = open();
      store = opened.store;
    });
    beforeEach(async () => {
      centre = await opened.newCentre();
    });

    /** Saves the first draft and tells its revision. */
    async function draft(name = 'Draft', revision = 0): Promise<number> {
      expect(await store.saveDraft(centre, { revision, entries: entries(name) }, alice)).toBeNull();
      return (await store.state(centre)).draft?.revision ?? 0;
    }

    it('[M9] a centre starts with the shipped catalogue as version 1', async () => {
      const state = await store.state(centre);
      expect(state.published).toMatchObject({ version: 1, entries: shippedCatalogue, by: 'Couchline' });
      expect(state.draft).toBeNull();
      expect(state.versions).toMatchObject([{ version: 1, entries: shippedCatalogue.length }]);
      expect(await store.state(centre)).toEqual(state);
    });

    it('[M9] a draft says who saved it and when, and changes nothing that is published', async () => {
      await draft('Weak Wi-Fi');
      const state = await store.state(centre);
      expect(state.draft).toMatchObject({ entries: entries('Weak Wi-Fi'), ...alice });
      expect(state.published.version).toBe(1);
    });

    it('[M9] each save has a revision of its own; the one before is a conflict that names who was faster', async () => {
      const first = await draft();
      expect(await store.saveDraft(centre, { revision: first, entries: entries('by Bob') }, bob)).toBeNull();
      const late = await store.saveDraft(centre, { revision: first, entries: entries('late') }, alice);
      expect(late).toEqual({ kind: 'draft', ...bob });
      const { draft: kept } = await store.state(centre);
      expect(kept).toMatchObject({ entries: entries('by Bob'), ...bob });
      expect(kept?.revision).not.toBe(first);
    });

    it('[M9] of two supervisors who save at once, one is taken', async () => {
      const revision = await draft();
      const answers = await Promise.all([
        store.saveDraft(centre, { revision, entries: entries('by Alice') }, alice),
        store.saveDraft(centre, { revision, entries: entries('by Bob') }, bob),
      ]);
      expect(answers.filter((answer) => answer === null)).toHaveLength(1);
      const winner = answers[0] === null ? alice : bob;
      expect(answers.find((answer) => answer !== null)).toEqual({ kind: 'draft', ...winner });
    });

    it('[M9] of two first drafts at once, one is taken', async () => {
      const answers = await Promise.all([
        store.saveDraft(centre, { revision: 0, entries: entries('by Alice') }, alice),
        store.saveDraft(centre, { revision: 0, entries: entries('by Bob') }, bob),
      ]);
      expect(answers.filter((answer) => answer === null)).toHaveLength(1);
    });

    it('[M9] publishing makes the next version and removes the draft', async () => {
      const revision = await draft('Weak Wi-Fi');
      expect(await store.publish(centre, { revision, note: 'Wi-Fi first' }, bob)).toBeNull();
      const state = await store.state(centre);
      expect(state.published).toEqual({ version: 2, entries: entries('Weak Wi-Fi'), note: 'Wi-Fi first', ...bob });
      expect(state.draft).toBeNull();
      expect(state.versions).toMatchObject([{ version: 2, entries: 1, note: 'Wi-Fi first', ...bob }, { version: 1 }]);
    });

    it('[M9] publishing twice makes one version, also at once', async () => {
      const revision = await draft();
      const answers = await Promise.all([
        store.publish(centre, { revision, note: '' }, bob),
        store.publish(centre, { revision, note: '' }, bob),
      ]);
      expect(answers).toContain(null);
      expect(answers).toContainEqual({ kind: 'published', version: 2, ...bob });
      expect(await store.publish(centre, { revision, note: '' }, alice)).toMatchObject({ version: 2 });
      expect((await store.state(centre)).published.version).toBe(2);
    });

    it('[M9] a draft that changed meanwhile is not published', async () => {
      const revision = await draft();
      await store.saveDraft(centre, { revision, entries: entries('by Bob') }, bob);
      expect(await store.publish(centre, { revision, note: '' }, alice)).toEqual({ kind: 'draft', ...bob });
      expect((await store.state(centre)).published.version).toBe(1);
    });

    it('[M9] a revision of a draft that was published or discarded never fits a later draft', async () => {
      const stale = [await draft()];
      await store.publish(centre, { revision: stale[0] ?? 0, note: '' }, bob);
      stale.push(await draft());
      await store.discard(centre);
      await draft('Newest');
      for (const revision of stale) {
        expect(await store.saveDraft(centre, { revision, entries: entries('stale') }, bob)).toMatchObject({
          kind: 'draft',
        });
      }
      expect((await store.state(centre)).draft?.entries).toEqual(entries('Newest'));
    });

    it('[M9] saving what was published meanwhile is a conflict, and so is a new draft of an older version', async () => {
      const revision = await draft();
      await store.publish(centre, { revision, note: '' }, bob);
      const conflict = { kind: 'published', version: 2, ...bob };
      expect(await store.saveDraft(centre, { revision, entries: entries('late') }, alice)).toEqual(conflict);
      const onOld = { revision: 0, version: 1, entries: entries('on version 1') };
      expect(await store.saveDraft(centre, onOld, alice)).toEqual(conflict);
      expect((await store.state(centre)).draft).toBeNull();
      expect(await store.saveDraft(centre, { ...onOld, version: 2 }, alice)).toBeNull();
    });

    it('[M9] a discarded draft is handed back, and can be put back', async () => {
      expect(await store.discard(centre)).toBeNull();
      await draft('Precious');
      const discarded = await store.discard(centre);
      expect(discarded).toMatchObject({ entries: entries('Precious'), ...alice });
      expect((await store.state(centre)).draft).toBeNull();
      const back = { revision: 0, entries: discarded?.entries ?? [] };
      expect(await store.saveDraft(centre, back, bob)).toBeNull();
      expect((await store.state(centre)).draft?.entries).toEqual(entries('Precious'));
    });

    it('[M9] an earlier version is restored as a draft, never over another draft', async () => {
      await store.publish(centre, { revision: await draft(), note: '' }, alice);
      expect(await store.restore(centre, 1, bob)).toBeNull();
      const state = await store.state(centre);
      expect(state.draft).toMatchObject({ entries: shippedCatalogue, ...bob });
      expect(state.published.version).toBe(2);
      expect(await store.restore(centre, 2, alice)).toEqual({ kind: 'draft', ...bob });
      await store.discard(centre);
      expect(await store.restore(centre, 3, alice)).toBe('noSuchVersion');
    });

    it('[M9] one centre never sees another’s', async () => {
      const other = await opened.newCentre();
      const revision = await draft('Ours');
      expect((await store.state(other)).draft).toBeNull();
      expect(await store.publish(other, { revision, note: '' }, bob)).toMatchObject({ kind: 'published', version: 1 });
      expect(await store.saveDraft(other, { revision, entries: entries('Theirs') }, bob)).not.toBeNull();
      expect(await store.discard(other)).toBeNull();
      await store.publish(centre, { revision, note: '' }, alice);
      expect(await store.restore(other, 2, bob)).toBe('noSuchVersion');
      expect((await store.state(other)).versions).toHaveLength(1);
      expect((await store.state(centre)).published.entries).toEqual(entries('Ours'));
    });

    it('[M9] an empty catalogue can be published', async () => {
      await store.saveDraft(centre, { revision: 0, entries: [] }, alice);
      const { draft: empty } = await store.state(centre);
      expect(await store.publish(centre, { revision: empty?.revision ?? 0, note: '' }, alice)).toBeNull();
      expect((await store.state(centre)).published.entries).toEqual([]);
    });
  });
}
