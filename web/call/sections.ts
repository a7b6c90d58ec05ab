/**
 * What a page reads in an offer: its media sections. The rest of the SDP is between the browser and
 * the server. Pure.
 */

export type MediaKind = 'audio' | 'video';

/** RFC 3264 section 5.1, as the offerer means it: `sendonly` is what the server sends. */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface Section {
  mid: string;
  kind: MediaKind;
  direction: Direction;
  /** Port 0: the section is not there any more (RFC 3264 section 6). */
  rejected: boolean;
  /** From `a=msid` (RFC 8830); null where the section belongs to nobody. */
  participant: string | null;
}

/** The sections of sound and picture in an offer, in its order. */
export function readSections(sdp: string): Section[] {
  const sections: Section[] = [];
  sdp.split(/\r?\n(?=m=)/).forEach((part, index) => {
    const media = /^m=(audio|video) (\d+) /.exec(part);
    if (index === 0 || media === null) return;
    const direction = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(part);
    const mid = /^a=mid:(\S+)/m.exec(part);
    // Without a name nothing can be found again; every offer of the service names all (RFC 9143).
    if (mid === null) return;
    const msid = /^a=msid:(\S+)/m.exec(part);
    sections.push({
      mid: mid[1] as string,
      kind: media[1] as MediaKind,
      // RFC 8866 section 6.7: what says nothing is sendrecv.
      direction: direction === null ? 'sendrecv' : (direction[1] as Direction),
      rejected: media[2] === '0',
      participant: msid === null || msid[1] === '-' ? null : (msid[1] as string),
    });
  });
  return sections;
}

/** The server's sound or picture comes this way. */
export function sends({ rejected, direction }: Section): boolean {
  return !rejected && (direction === 'sendrecv' || direction === 'sendonly');
}

/** The server would take sound or picture here. */
export function takes({ rejected, direction }: Section): boolean {
  return !rejected && (direction === 'sendrecv' || direction === 'recvonly');
}

/**
 * Whether an offer goes on with the leg of an earlier one. Another session id (RFC 8866 section 5.2)
 * or another certificate is another leg: the server lost or rebuilt it, and nothing of the old
 * connection can be used on.
 */
export function sameLeg(earlier: string, later: string): boolean {
  return sessionId(earlier) === sessionId(later) && fingerprint(earlier) === fingerprint(later);
}

function sessionId(sdp: string): string {
  const origin = /^o=\S+ (\S+) /m.exec(sdp);
  return origin === null ? '' : (origin[1] as string);
}

function fingerprint(sdp: string): string {
  const certificate = /^a=fingerprint:(.+?)\s*$/m.exec(sdp);
  return certificate === null ? '' : (certificate[1] as string).toLowerCase();
}

/**
 * Which section each kind is sent in: the one it is sent in already, or else the first that takes it.
 * @returns a mid a kind; null where no section takes it
 */
export function sendingSections(
  sections: Section[],
  now: Record<MediaKind, string | null>,
): Record<MediaKind, string | null> {
  const pick = (kind: MediaKind): string | null => {
    const own = sections.filter((section) => section.kind === kind && !section.rejected);
    const kept = own.filter(({ mid }) => mid === now[kind])[0];
    const chosen = kept || own.filter(takes)[0];
    return chosen === undefined ? null : chosen.mid;
  };
  return { audio: pick('audio'), video: pick('video') };
}
