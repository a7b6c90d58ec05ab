/** The desk's pages as addresses under /agent/; the browser's history is the only state. */
import { useSyncExternalStore } from 'react';

export type Route =
  | { page: 'work'; interactionId: string | null }
  | { page: 'tvs'; tvId: string | null }
  | { page: 'catalogue'; entryId: string | null }
  | { page: 'pair'; code: string }
  /** `place` is a webhook's id, or `keys`. */
  | { page: 'admin'; place: string | null }
  | { page: 'calls' }
  /** An address that leads nowhere. */
  | { page: 'nowhere' };

export function parseRoute(pathname: string, search: string): Route {
  const [page, id] = pathname
    .replace(/^\/agent\/?/, '')
    .split('/')
    .map(decode);
  switch (page) {
    case 'tvs':
      return { page, tvId: id || null };
    case 'catalogue':
      return { page, entryId: id || null };
    case 'admin':
      return { page, place: id || null };
    case 'calls':
      return { page };
    case 'pair':
      return { page, code: new URLSearchParams(search).get('code') ?? '' };
    case 'help':
      return { page: 'work', interactionId: id || null };
    case '':
      return { page: 'work', interactionId: null };
    default:
      return { page: 'nowhere' };
  }
}

export function pathOf(route: Route): string {
  switch (route.page) {
    case 'work':
      return route.interactionId === null ? '/agent/' : `/agent/help/${encodeURIComponent(route.interactionId)}`;
    case 'tvs':
      return route.tvId === null ? '/agent/tvs' : `/agent/tvs/${encodeURIComponent(route.tvId)}`;
    case 'catalogue':
      return route.entryId === null ? '/agent/catalogue' : `/agent/catalogue/${encodeURIComponent(route.entryId)}`;
    case 'admin':
      return route.place === null ? '/agent/admin' : `/agent/admin/${encodeURIComponent(route.place)}`;
    case 'calls':
      return '/agent/calls';
    case 'nowhere':
      return '/agent/nowhere';
    case 'pair':
      return route.code === '' ? '/agent/pair' : `/agent/pair?code=${encodeURIComponent(route.code)}`;
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

/** @param how `replace` leaves no step for the Back button */
export function navigate(route: Route, how: 'push' | 'replace' = 'push'): void {
  const path = pathOf(route);
  if (path === location.pathname + location.search) return;
  if (how === 'push') history.pushState(null, '', path);
  else history.replaceState(null, '', path);
  for (const listener of listeners) listener();
}

export function useRoute(): Route {
  const address = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  const [pathname = '', search = ''] = address.split(/(?=\?)/);
  return parseRoute(pathname, search);
}
