import type { Flow } from '../transports/flow.ts';

/** Who made a message: it came from the network, or was sent for an application. */
type Source = 'network' | 'application';

/**
 * The fields that go before every message: `source|bytes|protocol|address|port|time`. As the daemon does, a WebSocket
 * is told as tcp; its Via tells the difference.
 */
export function describe(source: Source, bytes: number, flow: Flow, now: number): string {
  const { protocol, remote } = flow;
  const told = protocol === 'ws' || protocol === 'wss' ? 'tcp' : protocol;
  return `${source}|${String(bytes)}|${told}|${remote.address}|${String(remote.port)}|${timeOfDay(now)}`;
}

let second = -1;
let secondText = '';

/** UTC as `hh:mm:ss.microseconds`. */
export function timeOfDay(now: number): string {
  const whole = Math.floor(now / 1000);
  if (whole !== second) {
    second = whole;
    secondText = new Date(whole * 1000).toISOString().slice(11, 19);
  }
  return `${secondText}.${String((now - whole * 1000) * 1000).padStart(6, '0')}`;
}
