/** What the page tells the app: `window.COUCHLINE`, with the query string above it. */
import type { TvConnectorOptions } from '../connector/types.ts';

export interface TvConfig {
  url: string;
  /** Null when the page tells neither a serial and secret, nor to pair: then it pairs. */
  credentials: TvConnectorOptions['credentials'];
  told: TvConnectorOptions['told'];
  /** Where the clip lies, with a slash at the end. */
  clip: string;
  /** Screens change at once. */
  lessMovement: boolean;
}

type Credentials = TvConnectorOptions['credentials'];

const REFUSED = 'couchline.refused';

/**
 * The credentials to begin with: those of the page, unless the viewer has paired the TV because they were not taken.
 * @param store what `pairInstead` wrote to; null where a TV has none
 */
export function credentialsOf({ credentials }: TvConfig, store: Pick<Storage, 'getItem'> | null): Credentials {
  return store !== null && store.getItem(REFUSED) === JSON.stringify(credentials) ? 'pair' : credentials;
}

/** From the next start on the TV pairs in place of these credentials; with others it begins as it is told. */
export function pairInstead({ credentials }: TvConfig, store: Pick<Storage, 'setItem'>): void {
  store.setItem(REFUSED, JSON.stringify(credentials));
}

type Given = Partial<Record<string, string>>;

const NAMES = [
  'url',
  'serial',
  'secret',
  'pair',
  'model',
  'display',
  'form',
  'firmware',
  'wanted',
  'operator',
  'region',
  'clip',
  'still',
];

/** `a=1&b=two+words` → its names and values; TVs of 2017 have no URLSearchParams. */
function parseQuery(query: string): Given {
  const given: Given = {};
  for (const pair of query.replace(/^\?/, '').split('&')) {
    const at = pair.indexOf('=');
    const name = at === -1 ? pair : pair.slice(0, at);
    if (NAMES.indexOf(name) === -1) continue;
    const value = at === -1 ? '' : pair.slice(at + 1).replace(/\+/g, ' ');
    try {
      given[name] = decodeURIComponent(value);
    } catch {
      given[name] = value;
    }
  }
  return given;
}

/**
 * @param page what the page's script set, or undefined
 * @param query `location.search`
 * @param origin the page's own, where the service is unless told otherwise
 */
export function readConfig(page: unknown, query: string, origin: string): TvConfig {
  const given: Given = {};
  if (typeof page === 'object' && page !== null) {
    for (const name of NAMES) {
      const value = (page as Record<string, unknown>)[name];
      if (typeof value === 'string') given[name] = value;
    }
  }
  const asked = parseQuery(query);
  for (const name of NAMES) if (asked[name] !== undefined) given[name] = asked[name];
  const { serial, secret, pair } = given;
  return {
    url: given['url'] || origin,
    credentials: serial && secret && pair === undefined ? { serial, secret } : 'pair',
    told: {
      model: given['model'] || 'X40',
      displayModel: given['display'] || null,
      form: given['form'] === 'set-top-box' ? 'set-top-box' : 'all-in-one',
      firmware: given['firmware'] || '4.2.1',
      operator: given['operator'] || null,
      region: given['region'] || null,
      wantedRepresentative: given['wanted'] || null,
    },
    clip: given['clip'] || '/tv/clip/',
    lessMovement: given['still'] !== undefined,
  };
}
