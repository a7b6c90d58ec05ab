import type { Clock, TimerHandle } from '../clock.ts';
import { contactExpires, parseContact, parseExpires } from '../messages/contact.ts';
import type { SipMessage, SipRequest, SipResponse } from '../messages/message.ts';
import { parseTo } from '../messages/nameAddr.ts';
import { serializeUri, type SipUri, type Uri } from '../messages/uri.ts';
import { addressOfRecord } from '../messages/uriCompare.ts';
import { isWebSocket, type Flow } from '../transports/flow.ts';
import { bracket } from '../transports/localAddress.ts';
import { protocolOf } from '../transports/target.ts';

/** One connection has the lines of one phone or small gateway. */
const MAX_BINDINGS_PER_FLOW = 100;
const MAX_BINDINGS = 100_000;
/** How often those that nobody asked for since they expired are looked for. */
const SWEEP_MS = 60_000;

/** Whose a contact is, and until when. */
interface Grant {
  /** The address of record that was registered. */
  owner: string;
  until: number;
}

interface Binding extends Grant {
  key: string;
  flow: Flow;
}

/**
 * Which flow leads to a registered contact. A browser's contact is a name that leads nowhere (`x@y.invalid`, RFC 7118
 * 5.2), and a phone is called by the connection it opened, where there may be no other way to it (RFC 5626): so what was
 * registered over a connection is remembered with it, for as long as the registrar granted.
 *
 * A peer may register what it likes, and calls for somebody else's address must not come to it: besides names that lead
 * nowhere, a contact counts only at the address and by the transport of its own connection. Behind address translation
 * that is not so: there the registrar keeps the address that the request came from. And for as long as it was granted, a
 * contact is its address of record's, which may bring it along to a new connection, and nobody else's.
 */
export class Bindings {
  readonly #clock: Clock;
  /** Who was refreshed last is last. */
  readonly #bindings = new Map<string, Binding>();
  readonly #ofFlow = new Map<Flow, Set<Binding>>();
  /** Those whose connection is gone. */
  readonly #lost = new Map<string, Grant>();
  #sweep: TimerHandle;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Contacts that lead to an open connection. */
  get size(): number {
    return this.#bindings.size;
  }

  /** Notes what a 2xx to a REGISTER granted. */
  granted(request: SipRequest, response: SipResponse, flow: Flow): void {
    if (!flow.reliable || flow.closed) return;
    const owner = ownerOf(request);
    if (owner === undefined) return;
    const granted = grantedBy(response);
    const grantedToAll = expiresOf(response);
    const askedForAll = expiresOf(request);
    for (const contact of request.headers.every('contact', parseContact)) {
      if (contact === '*') {
        for (const binding of this.#ofFlow.get(flow) ?? []) if (binding.owner === owner) this.#forget(binding);
        continue;
      }
      const key = keyOf(contact.uri);
      if (key === undefined || !leadsBy(flow, contact.uri)) continue;
      const seconds = granted.get(key) ?? grantedToAll ?? contactExpires(contact) ?? askedForAll ?? 3600;
      this.#set({ key, flow, owner, until: this.#clock.now() + seconds * 1000 });
    }
  }

  /** The open flow to whoever registered this URI. */
  find(uri: Uri): Flow | undefined {
    if (this.#bindings.size === 0) return undefined;
    const key = keyOf(uri);
    const binding = key === undefined ? undefined : this.#bindings.get(key);
    return binding && this.#isLive(binding) ? binding.flow : undefined;
  }

  flowClosed(flow: Flow): void {
    for (const binding of this.#ofFlow.get(flow) ?? []) {
      this.#forget(binding);
      const [oldest] = this.#lost.size >= MAX_BINDINGS ? this.#lost.keys() : [];
      if (oldest !== undefined) this.#lost.delete(oldest);
      this.#lost.set(binding.key, { owner: binding.owner, until: binding.until });
    }
  }

  /** Forgets those that have expired. */
  sweep(): void {
    for (const binding of this.#bindings.values()) if (!this.#isLive(binding)) this.#forget(binding);
    for (const [key, grant] of this.#lost) if (!this.#isLive(grant)) this.#lost.delete(key);
    this.#sweep = undefined;
    this.#sweepLater();
  }

  /** Stops the timer. */
  close(): void {
    this.#clock.stop(this.#sweep);
  }

  #sweepLater(): void {
    if (this.#bindings.size + this.#lost.size > 0) this.#sweep ??= this.#clock.start(SWEEP_MS, sweepBindings, this);
  }

  #set(binding: Binding): void {
    const { key, owner, flow } = binding;
    const known = this.#bindings.get(key);
    const grant = known ?? this.#lost.get(key);
    if (grant && grant.owner !== owner && known?.flow !== flow && this.#isLive(grant)) return;
    this.#lost.delete(key);
    if (known) this.#forget(known);
    if (!this.#isLive(binding)) return;
    this.#makeRoom(flow);
    this.#bindings.set(key, binding);
    const others = this.#ofFlow.get(flow);
    if (others) others.add(binding);
    else this.#ofFlow.set(flow, new Set([binding]));
    this.#sweepLater();
  }

  /** Where there are too many, the one that was refreshed longest ago gives way. */
  #makeRoom(flow: Flow): void {
    const others = this.#ofFlow.get(flow);
    const crowd = others && others.size >= MAX_BINDINGS_PER_FLOW ? others : undefined;
    const [oldest] = crowd ?? (this.#bindings.size >= MAX_BINDINGS ? this.#bindings.values() : []);
    if (oldest) this.#forget(oldest);
  }

  #forget(binding: Binding): void {
    const { key, flow } = binding;
    this.#bindings.delete(key);
    const others = this.#ofFlow.get(flow);
    others?.delete(binding);
    if (others?.size === 0) this.#ofFlow.delete(flow);
  }

  #isLive({ until }: Grant): boolean {
    return until > this.#clock.now();
  }
}

function sweepBindings(bindings: Bindings): void {
  bindings.sweep();
}

/** The address of record that a REGISTER is about (RFC 3261 10.2). */
function ownerOf({ headers }: SipRequest): string | undefined {
  const uri = headers.first('to', parseTo)?.uri;
  return uri && (isSip(uri) ? addressOfRecord(uri) : serializeUri(uri));
}

/** Whether what is sent to this contact can be meant for this flow's peer and nobody else. */
function leadsBy(flow: Flow, uri: Uri): boolean {
  if (!isSip(uri)) return false;
  if (leadsNowhere(uri)) return true;
  return uri.host === bracket(flow.remote.address) && transportOf(uri) === (isWebSocket(flow) ? 'ws' : flow.protocol);
}

/** RFC 2606 2, RFC 7118 5.2 */
function leadsNowhere({ host }: SipUri): boolean {
  return host.endsWith('.invalid');
}

/** Seconds by contact, where the registrar says them for each (RFC 3261 10.3 step 8). */
function grantedBy(response: SipResponse): Map<string, number> {
  const granted = new Map<string, number>();
  for (const contact of response.headers.readAll('contact', parseContact)) {
    if (contact === '*') continue;
    const key = keyOf(contact.uri);
    const seconds = contactExpires(contact);
    if (key !== undefined && seconds !== undefined) granted.set(key, seconds);
  }
  return granted;
}

/** Seconds for all of a message's contacts that do not say their own. */
function expiresOf({ headers }: SipMessage): number | undefined {
  const expires = headers.get('expires');
  return expires === undefined ? undefined : parseExpires(expires);
}

/** What stays the same in a contact however its parameters change: user, host and port, and the transport to them. */
function keyOf(uri: Uri): string | undefined {
  if (!isSip(uri)) return undefined;
  const at = `${uri.user ?? ''}@${uri.host}:${String(uri.port ?? '')}`;
  return leadsNowhere(uri) ? at : `${transportOf(uri) ?? ''}|${at}`;
}

/** Over TLS a WebSocket is named as it is without (RFC 7118 5.2). */
function transportOf(uri: SipUri): string | undefined {
  const protocol = protocolOf(uri);
  return protocol === 'wss' ? 'ws' : protocol;
}

function isSip(uri: Uri): uri is SipUri {
  return uri.scheme === 'sip' || uri.scheme === 'sips';
}
