/**
 * Time-limited credentials for a TURN server, by the scheme that coturn calls its REST API
 * (draft-uberti-behave-turn-rest-00, section 2.2): server and service share a secret, and no account
 * needs to be made for anybody.
 */
import { createHmac } from 'node:crypto';

export interface TurnServer {
  /** Such as turn:turn.example:3478?transport=udp. */
  urls: string[];
  /** coturn's `static-auth-secret`. */
  secret: string;
}

/** As RTCPeerConnection takes it (RTCIceServer). */
export interface TurnCredentials {
  urls: string[];
  username: string;
  credential: string;
}

/**
 * @param name goes into the TURN server's log: an id, never a person's name
 * @param expiresAt milliseconds; allocations are refused from then on, and refreshed no longer
 */
export function turnCredentials({ urls, secret }: TurnServer, name: string, expiresAt: number): TurnCredentials {
  const username = `${Math.floor(expiresAt / 1000)}:${name}`;
  return { urls, username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}
