/** A phone's session description: PCMU and telephone-event, which is all that the tests say by voice. */
export interface Described {
  who?: string;
  /** Of the RTP that it would take. */
  port?: number;
  direction?: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
  /** Of the session, counted up when it changes. */
  version?: number;
}

export function sdp({ who = 'alice', port = 40_000, direction = 'sendrecv', version = 1 }: Described = {}): string {
  return [
    'v=0',
    `o=${who} 1 ${version} IN IP4 127.0.0.1`,
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${port} RTP/AVP 0 101`,
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    `a=${direction}`,
    '',
  ].join('\r\n');
}
