/** Who may send to a leg: the address and port that were negotiated, and nobody else. */
import { isIPv6, SocketAddress } from 'node:net';

/** An IP address, never a name, and a port. */
export interface Endpoint {
  address: string;
  port: number;
}

export interface Remote extends Endpoint {
  /** Where its RTCP is; null where it shares the port of RTP (RFC 5761). */
  rtcp: Endpoint | null;
}

/**
 * Where telephones stand behind address translation, what they say in SDP is not where their packets come from.
 * With latching, the first packet that is RTP of the leg settles where it stays until another place is negotiated: where
 * it was negotiated, or, if the packet comes from one of the addresses told here, where it came from. Behind a session
 * border controller all calls have one address, so that whoever is heard second there is somebody else.
 */
export interface Latching {
  addresses: readonly string[];
}

/** Lets packets in by where they come from. */
export class Gate {
  #remote: Remote | null = null;
  #latching: Latching | null = null;

  /** Where packets come from and go to; null before anything was negotiated. */
  get remote(): Remote | null {
    return this.#remote;
  }

  /** What was negotiated. A repetition of it does not undo what was latched. */
  negotiated(remote: Remote | null, latching: Latching | null): void {
    this.#remote =
      remote === null ? null : { ...spelt(remote), rtcp: remote.rtcp === null ? null : spelt(remote.rtcp) };
    this.#latching =
      remote === null || latching === null ? null : { addresses: latching.addresses.map((address) => spell(address)) };
  }

  /** Whether RTP from there is the peer's. */
  admits(address: string, port: number): boolean {
    const remote = this.#remote;
    return remote !== null && remote.port === port && remote.address === address;
  }

  /** Whether RTCP from there is the peer's, where it has a port of its own. */
  admitsRtcp(address: string, port: number): boolean {
    const rtcp = this.#remote?.rtcp ?? null;
    return rtcp !== null && rtcp.port === port && rtcp.address === address;
  }

  /** Whether a packet from there would move the leg, if it is RTP of the leg. */
  wouldLatch(address: string): boolean {
    return this.#latching !== null && this.#latching.addresses.includes(address);
  }

  /** The peer was heard where it was negotiated to be: nothing but a negotiation moves the leg any more. */
  settle(): void {
    this.#latching = null;
  }

  /** Moves the leg to where a packet came from; nothing but a negotiation moves it again. */
  latch(address: string, port: number): void {
    const remote = this.#remote;
    if (remote === null) return;
    this.#remote = { address, port, rtcp: remote.rtcp === null ? null : { address, port: port + 1 } };
    this.#latching = null;
  }
}

function spelt({ address, port }: Endpoint): Endpoint {
  return { address: spell(address), port };
}

/** An address as sockets tell it: of IPv6 there are many spellings (RFC 5952). */
function spell(address: string): string {
  return isIPv6(address) ? new SocketAddress({ address, family: 'ipv6' }).address : address;
}
