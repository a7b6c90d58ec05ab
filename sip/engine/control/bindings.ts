import { contactExpires, parseContact, parseExpires } from '../messages/contact.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import type { Uri } from '../messages/uri.ts';
import type { Clock } from '../clock.ts';
import type { Flow } from '../transports/flow.ts';

const MAX_BINDINGS = 100_000;

interface Binding {
  flow: Flow;
  until: number;
}

/**
 * Which flow leads to a registered contact. A browser's contact is a name that leads nowhere (`x@y.invalid`, RFC 7118
 * 5.2), and a phone behind a firewall is reached by the connection it opened alone: so what was registered over a
 * connection is remembered with it, for as long as the registrar granted.
 */
export class Bindings {
  readonly #clock: Clock;
  readonly #bindings = new Map<string, Binding>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#bindings.size;
  }

  /** Notes what a 2xx to a REGISTER or SUBSCRIBE granted. */
  granted(request: SipRequest, response: SipResponse, flow: Flow): void {
    if (!flow.reliable) return;
    const asked = request.headers.get('expires');
    for (const contact of request.headers.every('contact', parseContact)) {
      if (contact === '*') {
        this.#forgetFlow(flow);
        continue;
      }
      const key = keyOf(contact.uri);
      if (key === undefined) continue;
      const seconds =
        this.#grantedFor(response, key) ??
        contactExpires(contact) ??
        (asked === undefined ? 3600 : parseExpires(asked));
      if (seconds <= 0) {
        this.#bindings.delete(key);
      } else if (this.#bindings.has(key) || this.#bindings.size < MAX_BINDINGS) {
        this.#bindings.set(key, { flow, until: this.#clock.now() + seconds * 1000 });
      }
    }
  }

  /** The open flow to whoever registered this URI. */
  find(uri: Uri): Flow | undefined {
    if (this.#bindings.size === 0) return undefined;
    const key = keyOf(uri);
    const binding = key === undefined ? undefined : this.#bindings.get(key);
    if (!binding || key === undefined) return undefined;
    if (!binding.flow.closed && binding.until > this.#clock.now()) return binding.flow;
    this.#bindings.delete(key);
    return undefined;
  }

  flowClosed(flow: Flow): void {
    if (this.#bindings.size > 0) this.#forgetFlow(flow);
  }

  #grantedFor(response: SipResponse, key: string): number | undefined {
    for (const contact of response.headers.readAll('contact', parseContact)) {
      if (contact !== '*' && keyOf(contact.uri) === key) {
        const seconds = contactExpires(contact);
        if (seconds !== undefined) return seconds;
      }
    }
    const expires = response.headers.get('expires');
    return expires === undefined ? undefined : parseExpires(expires);
  }

  #forgetFlow(flow: Flow): void {
    for (const [key, binding] of this.#bindings) if (binding.flow === flow) this.#bindings.delete(key);
  }
}

/** User, host and port: what stays the same in a contact however its parameters change. */
function keyOf(uri: Uri): string | undefined {
  if (uri.scheme !== 'sip' && uri.scheme !== 'sips') return undefined;
  return `${uri.user ?? ''}@${uri.host}:${String(uri.port ?? '')}`;
}
