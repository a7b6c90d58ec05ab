/** Who may send to a leg: the address and port that were negotiated, and nobody else. */

export interface Remote {
  /** An IP address; never a name. */
  address: string;
  port: number;
  /** The port of RTCP; the same as `port` where both share one (RFC 5761). */
  rtcpPort: number;
}

/**
 * Where telephones stand behind address translation, what they say in SDP is not where their packets come from.
 * With latching, the first packet that is RTP of the leg and comes from one of the addresses told here moves the leg's
 * port, and address, to where it came from; once, until the next negotiation.
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
    this.#remote = remote;
    this.#latching = remote === null ? null : latching;
  }

  /** Whether RTP from there is the peer's. */
  admits(address: string, port: number): boolean {
    const remote = this.#remote;
    return remote !== null && remote.port === port && remote.address === address;
  }

  /** Whether RTCP from there is the peer's. */
  admitsRtcp(address: string, port: number): boolean {
    const remote = this.#remote;
    return remote !== null && remote.rtcpPort === port && remote.address === address;
  }

  /** Whether a packet from there would move the leg, if it is RTP of the leg. */
  wouldLatch(address: string): boolean {
    return this.#latching !== null && this.#latching.addresses.includes(address);
  }

  /** Moves the leg to where a packet came from; nothing moves it again. */
  latch(address: string, port: number): void {
    const remote = this.#remote;
    if (remote === null) return;
    const shared = remote.rtcpPort === remote.port;
    this.#remote = { address, port, rtcpPort: shared ? port : port + 1 };
    this.#latching = null;
  }
}
