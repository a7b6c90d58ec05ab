/** What carries SIP here. WebSocket comes plain or over TLS (RFC 7118). */
export type TransportProtocol = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

/** An IP address (no brackets around IPv6) and a port. */
export interface HostPort {
  address: string;
  port: number;
}

/** A peer as a request is to reach it; over TLS with the domain that its certificate must name. */
export interface Remote extends HostPort {
  domain?: string;
}

/**
 * A way to one peer: a connection, or for UDP the pair of our socket and the peer's address. Whoever holds the flow
 * of a request can answer on it, and a flow stays usable for requests in the other direction (RFC 5626 3.2).
 */
export interface Flow {
  readonly protocol: TransportProtocol;
  readonly local: HostPort;
  readonly remote: HostPort;
  /** False for UDP: then the transactions retransmit. */
  readonly reliable: boolean;
  readonly closed: boolean;
  /** Sends one SIP message. On a closed flow, or one whose peer does not read, nothing is sent and false comes back. */
  send(message: Buffer): boolean;
  /** Closes the connection; harmless when closed, and for UDP it does nothing. */
  close(): void;
}

/** There is no way to a peer, and why, in the words of a reason phrase (RFC 3261 7.2). */
export class Unreachable {
  readonly reason: string;

  constructor(reason = 'Service Unavailable') {
    this.reason = reason;
  }
}

/** Whether the protocol is carried by TLS, as a sips: URI demands. */
export function isSecure(protocol: TransportProtocol): boolean {
  return protocol === 'tls' || protocol === 'wss';
}

/** Whether the flow is one that the peer alone can open (RFC 7118). */
export function isWebSocket({ protocol }: Flow): boolean {
  return protocol === 'ws' || protocol === 'wss';
}

/** The transport's name in a Via header (RFC 3261 20.42, RFC 7118 5.1). */
export function viaTransport(protocol: TransportProtocol): string {
  return protocol.toUpperCase();
}

/** The port that stands where none is given (RFC 3261 19.1.2). */
export function defaultPort(protocol: TransportProtocol): number {
  switch (protocol) {
    case 'tls':
      return 5061;
    case 'ws':
      return 80;
    case 'wss':
      return 443;
    default:
      return 5060;
  }
}
