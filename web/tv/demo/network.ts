/**
 * A network that can be cut: stands between this page and `WebSocket`, `fetch` and
 * `navigator.onLine`, so that the demo's "no network" closes the connector's real connection and
 * keeps every new one from coming about.
 */

export interface Network {
  readonly cut: boolean;
  setCut(cut: boolean): void;
}

/** Reserved for documentation (RFC 5737): nothing ever answers there. */
export const NOWHERE = '192.0.2.1';

/** Must run before anything connects. */
export function watchNetwork(target: Window & typeof globalThis = window): Network {
  const RealSocket = target.WebSocket;
  const realFetch = target.fetch;
  const open: WebSocket[] = [];
  let cut = false;

  function CuttableSocket(address: string | URL, protocols?: string | string[]): WebSocket {
    const to = cut ? `ws://${NOWHERE}:9/` : address;
    const socket = protocols === undefined ? new RealSocket(to) : new RealSocket(to, protocols);
    open.push(socket);
    socket.addEventListener('close', () => {
      const index = open.indexOf(socket);
      if (index !== -1) open.splice(index, 1);
    });
    return socket;
  }
  CuttableSocket.prototype = RealSocket.prototype;
  for (const name of ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED'] as const) {
    Object.defineProperty(CuttableSocket, name, { value: RealSocket[name] });
  }
  target.WebSocket = CuttableSocket as unknown as typeof WebSocket;

  target.fetch = (input, init) =>
    cut ? Promise.reject(new TypeError('The network is cut')) : realFetch.call(target, input, init);

  Object.defineProperty(target.navigator, 'onLine', { configurable: true, get: () => !cut });

  return {
    get cut() {
      return cut;
    },
    setCut(next) {
      if (next === cut) return;
      cut = next;
      if (cut) for (const socket of open.slice()) socket.close();
      target.dispatchEvent(new Event(cut ? 'offline' : 'online'));
    },
  };
}
