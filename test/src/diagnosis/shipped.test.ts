import { describe, expect, it } from 'vitest';
import type { CatalogueEntry } from '../../../src/diagnosis/diagnosis.ts';
import { findProblems } from '../../../src/diagnosis/edit.ts';
import { lookup } from '../../../src/diagnosis/lookup.ts';
import { shippedCatalogue } from '../../../src/diagnosis/shipped.ts';
import { fillWhy } from '../../../src/diagnosis/why.ts';
import { catalogueEntry, draftBody } from '../../../src/protocol/api.ts';

const tv = { model: 'X40', firmware: '4.2.1' };
const catalogue = { version: 1, entries: shippedCatalogue };
const first = (code: string, { model, firmware } = tv): CatalogueEntry | undefined =>
  lookup(catalogue, { fault: { code, detail: {} }, model, firmware })[0];

/** Never on a screen (screens.md, 4). */
const BANNED =
  /\boops\b|\binvalid\b|\bfailed to\b|\busers?\b|\bsimply\b|\bjust\b|\bshould\b|!|\btickets?\b|\brepresentatives?\b|\bprocedures?\b|\bsessions?\b|\bphysicians?\b|power[- ]cycle|\breboot|\bresolved\b|connectivity/i;
/** For agents only. */
const NOT_FOR_VIEWERS = /\bfirmware\b|\bqueue\b/i;
const VERBS =
  /^(Are|Ask|Choose|Connect|Delete|Did|Do|Does|Go|Hold|Is|Leave|Look|Move|Open|Pause|Press|Put|Remove|Sign|Stop|Take|Turn|Type|Unplug|Use) /;

const viewerTexts = shippedCatalogue.flatMap((entry) => [
  [entry.id, entry.explanation] as const,
  ...entry.tasks.flatMap((task) =>
    [task.title, task.detail ?? '', ...(task.choices ?? [])].map((text) => [entry.id, text] as const),
  ),
]);
const agentTexts = shippedCatalogue.flatMap((entry) => [
  [entry.id, entry.name] as const,
  [entry.id, entry.why] as const,
]);

describe('the shipped catalogue', () => {
  it('[M9] has entries enough for all families', () => {
    expect(shippedCatalogue.length).toBeGreaterThanOrEqual(30);
    const families = new Set(shippedCatalogue.map((entry) => entry.fault.split(':')[0]));
    expect([...families].sort()).toEqual(
      ['account', 'app', 'drm', 'help', 'network', 'playback', 'tr069', 'usp', 'vendor'].sort(),
    );
  });

  it.each(shippedCatalogue.map((entry) => [entry.id, entry] as const))(
    '[M9] %s fits the schema as it is',
    (_, entry) => {
      expect(catalogueEntry.parse(entry)).toEqual(entry);
    },
  );

  it('[M9] can be published: no errors, no warnings', () => {
    expect(draftBody.safeParse({ revision: 0, entries: shippedCatalogue }).success).toBe(true);
    expect(findProblems(shippedCatalogue)).toEqual([]);
  });

  it('[M9] speaks in the house’s voice', () => {
    expect([...viewerTexts, ...agentTexts].filter(([, text]) => BANNED.test(text))).toEqual([]);
    expect(viewerTexts.filter(([, text]) => NOT_FOR_VIEWERS.test(text))).toEqual([]);
  });

  it('[M9] titles start with a verb and are questions where answers are wanted', () => {
    for (const { tasks } of shippedCatalogue) {
      for (const { title, choices } of tasks) {
        expect(title).toMatch(VERBS);
        expect(title.endsWith('?')).toBe(choices !== undefined);
        expect(title).not.toMatch(/\.$/);
      }
    }
  });

  it('[M9] the why is a sentence with all facts, and with none', () => {
    for (const entry of shippedCatalogue) {
      const places = [...entry.why.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
      const all = Object.fromEntries(places.map((name) => [name, 7]));
      for (const detail of [all, {}]) {
        const said = fillWhy(entry, { code: entry.fault, detail }, tv);
        expect(said).not.toMatch(/[{}]|^\W|[,;:]$|\s\s/);
        expect(said.length).toBeGreaterThan(5);
      }
    }
  });

  it.each([
    'playback:stalled',
    'playback:network',
    'playback:decode',
    'playback:source',
    'network:offline',
    'drm:key-missing',
    'account:expired',
    'tr069:9002',
    'vendor:tuner-lock',
    'vendor:no-signal',
    'vendor:smartcard',
    'vendor:overheat',
    'vendor:disk-full',
  ])('[B3] the first diagnosis of %s starts with something to do or to tell, and has a check', (code) => {
    const entry = first(code);
    expect(entry?.fault).toBe(code);
    expect(entry?.tasks.some((task) => task.check !== undefined)).toBe(true);
  });

  it.each(['playback:new', 'network:new', 'account:new', 'drm:new', 'app:new', 'tr069:9999', 'usp:7999', 'vendor:new'])(
    '[M9] %s, which nobody described, gets general advice',
    (code) => {
      expect(first(code)?.fault).toMatch(/\*$/);
    },
  );

  it('[M9] knows the models and firmwares of their own', () => {
    expect(first('playback:stalled', { model: 'X40', firmware: '4.1.9' })?.id).toBe('stalled-x40-wifi-sleep');
    expect(first('playback:stalled', { model: 'X40', firmware: '4.2.1' })?.id).toBe('stalled-x40-band');
    expect(first('playback:stalled', { model: 'Y10', firmware: '4.1.9' })?.id).toBe('stalled');
    expect(first('network:offline', { model: 'STB-200', firmware: '1.0' })?.id).toBe('offline-stb');
  });

  it.each(['account:expired', 'account:signed-out', 'app:update-required'])('[M11] %s needs no human', (code) => {
    expect(first(code)?.unattended).toBe(true);
  });

  it.each(['playback:stalled', 'network:offline', 'vendor:smartcard', 'account:payment', 'app:crash'])(
    '[M11] %s goes on to a person',
    (code) => {
      expect(first(code)?.unattended).toBe(false);
    },
  );

  it('[M9] asks what it is about when nothing is known to be wrong', () => {
    const [entry] = lookup(catalogue, { fault: null, ...tv });
    expect(entry?.tasks[0]?.choices).toHaveLength(4);
  });
});
