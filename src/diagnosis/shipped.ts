/** The catalogue that a contact centre starts with. Its words follow the house's voice; a test holds every text to it. */
import type { CatalogueEntry } from './diagnosis.ts';
import { accountEntries } from './shipped/account.ts';
import { appEntries } from './shipped/app.ts';
import { drmEntries } from './shipped/drm.ts';
import { networkEntries } from './shipped/network.ts';
import { playbackEntries } from './shipped/playback.ts';
import { setTopBoxEntries } from './shipped/setTopBox.ts';

export const shippedCatalogue: CatalogueEntry[] = [
  ...playbackEntries,
  ...networkEntries,
  ...accountEntries,
  ...drmEntries,
  ...setTopBoxEntries,
  ...appEntries,
];
