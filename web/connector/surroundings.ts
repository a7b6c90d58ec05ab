/** What the connector needs of the browser around it; tests put their own in its place. */

/** As the faces are called: options first, then what differs from the browser. */
export interface Surroundings {
  WebSocket: new (url: string) => WebSocket;
  fetch: (url: string, init?: RequestInit) => Promise<Response>;
  /** 0 ≤ n < 1; spreads reconnecting clients. */
  random: () => number;
  /** Where `online` and `offline` are heard; null outside of a browser. */
  window: EventTarget | null;
  /** Where `visibilitychange` is heard; null outside of a browser. */
  document: (EventTarget & { readonly visibilityState: string }) | null;
  navigator: BrowserNavigator | null;
}

/** The few properties of `navigator` that are read; each may be missing on an old TV. */
export interface BrowserNavigator {
  userAgent?: string;
  onLine?: boolean;
  /** Gigabytes, rounded by the browser to a power of two. */
  deviceMemory?: number;
  mediaDevices?: { enumerateDevices?: () => Promise<{ kind: string }[]> };
}

export function browser(): Surroundings {
  return {
    WebSocket,
    fetch: (url, init) => fetch(url, init),
    random: Math.random,
    window: typeof window === 'undefined' ? null : window,
    document: typeof document === 'undefined' ? null : document,
    navigator: typeof navigator === 'undefined' ? null : navigator,
  };
}

/** Listens, on the way down too: errors of a <source> do not bubble. Gives back how to stop. */
export function listen(target: EventTarget | null, type: string, heard: (event: Event) => void): () => void {
  if (target === null) return () => undefined;
  // Engines before Chromium 49 take the object for `true`, which means the same.
  const onTheWayDown = { capture: true };
  target.addEventListener(type, heard, onTheWayDown);
  return () => {
    target.removeEventListener(type, heard, onTheWayDown);
  };
}
