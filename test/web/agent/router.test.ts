import { describe, expect, it } from 'vitest';
import { parseRoute, pathOf } from '../../../web/agent/router.ts';
import type { Route } from '../../../web/agent/router.ts';

describe('the desk’s addresses', () => {
  it.each<Route>([
    { page: 'work', interactionId: null },
    { page: 'work', interactionId: 'ix1' },
    { page: 'tvs', tvId: null },
    { page: 'tvs', tvId: 'a/b c' },
    { page: 'catalogue', entryId: 'stalled' },
    { page: 'pair', code: '' },
    { page: 'pair', code: 'BCDF-GHJK' },
    { page: 'admin', place: null },
    { page: 'admin', place: 'keys' },
    { page: 'calls' },
    { page: 'nowhere' },
  ])('%j is read back as it was written', (route) => {
    const [path = '', search = ''] = pathOf(route).split(/(?=\?)/);
    expect(parseRoute(path, search)).toEqual(route);
  });

  it.each(['/agent', '/agent/'])('%s leads to work', (path) => {
    expect(parseRoute(path, '')).toEqual({ page: 'work', interactionId: null });
  });

  it.each(['/agent/nothing', '/agent/nowhere/else', '/agent/constructor'])('%s leads nowhere', (path) => {
    expect(parseRoute(path, '')).toEqual({ page: 'nowhere' });
  });
});
