/**
 * Which of a browser's sections shows whom. Nothing here touches mediasoup: a plan goes in, a plan comes out.
 *
 * Sections are offered ahead of need, so that whoever joins is seen and heard without a new offer. A section
 * whose sender left stays empty for the next; what is empty beyond that is removed with the next offer, and its
 * place is taken again under a new mid when sections are short (sdp.md: the first one is never removed).
 */
import type { MediaKind } from './leg.ts';
import type { OwnSection } from './sdp/webRtcOffer.ts';

/** Somebody's sound or picture. */
export interface Seat {
  legId: string;
  kind: MediaKind;
}

/** A section and who is in it; null while it is empty. */
export interface SeatedSection extends OwnSection {
  seat: Seat | null;
}

/** How many sections a peer gets before anybody needs them; 0 is a peer that gets none of the kind. */
export type AheadOfNeed = Readonly<Record<MediaKind, number>>;

/** What the peer may send. */
export type PeerSends = Readonly<Record<MediaKind, boolean>>;

/** Seats everybody who finds a section; who has one keeps it. */
export function seat(
  sections: readonly SeatedSection[],
  wanted: readonly Seat[],
): { sections: SeatedSection[]; standing: Seat[] } {
  const seated = sections.map((section) => {
    const keeps = section.seat !== null && !section.removed && wanted.some((one) => isSame(one, section.seat));
    return keeps ? section : { ...section, seat: null };
  });
  const standing: Seat[] = [];
  for (const one of wanted) {
    if (seated.some((section) => isSame(one, section.seat))) continue;
    const free = seated.find((section) => takes(section, one.kind) && section.seat === null);
    if (free === undefined) standing.push(one);
    else free.seat = one;
  }
  return { sections: seated, standing };
}

/**
 * The sections of the next offer: enough for everybody, and as many ahead of need as were asked for.
 * @param nextMid gives a name that was never used on this leg
 */
export function planOffer(
  sections: readonly SeatedSection[],
  wanted: readonly Seat[],
  ahead: AheadOfNeed,
  peerSends: PeerSends,
  nextMid: () => string,
): SeatedSection[] {
  let planned = seat(sections, wanted).sections;
  // What is removed in what stands was answered with port 0; what this plan removes was not.
  const add = (section: SeatedSection) => {
    const place = planned.findIndex((one, at) => one.kind === section.kind && one.removed && sections[at]?.removed);
    planned = place < 0 ? [...planned, section] : planned.with(place, section);
  };
  for (const kind of ['audio', 'video'] as const) {
    const needed = wanted.filter((one) => one.kind === kind).length;
    const count = Math.max(needed, ahead[kind]);
    planned = trim(planned, kind, count);
    // One that receives comes first: it is the peer's own microphone or camera.
    if (peerSends[kind] && !planned.some((one) => one.kind === kind && one.receiving && !one.removed)) {
      add({ ...empty(kind, nextMid()), sending: count > 0, receiving: true });
    }
    while (planned.filter((section) => takes(section, kind)).length < count) {
      add({ ...empty(kind, nextMid()), sending: true });
    }
  }
  return seat(planned, wanted).sections.map((section) => ({ ...section, msid: msidOf(section) }));
}

/** What the peer's page reads of a section: who is in it. The dash is a stream that is nobody's yet (RFC 8830 2). */
function msidOf({ mid, kind, seat: by, sending }: SeatedSection): OwnSection['msid'] {
  return sending ? { stream: by?.legId ?? '-', track: `${kind}-${mid}` } : null;
}

/** Removes sections that are empty and over, from behind; never the first, nor the peer's own. */
function trim(sections: readonly SeatedSection[], kind: MediaKind, count: number): SeatedSection[] {
  let over = sections.filter((section) => takes(section, kind)).length - count;
  return sections
    .map((section, index) => ({ section, index }))
    .reverse()
    .map(({ section, index }) => {
      if (over <= 0 || index === 0 || section.seat !== null || section.receiving || !takes(section, kind))
        return section;
      over--;
      return { ...section, removed: true };
    })
    .reverse();
}

function empty(kind: MediaKind, mid: string): SeatedSection {
  return { mid, kind, sending: false, receiving: false, msid: null, removed: false, seat: null };
}

function takes(section: SeatedSection, kind: MediaKind): boolean {
  return section.kind === kind && section.sending && !section.removed;
}

/** Whether two are somebody's same sound or picture. */
export function isSame(one: Seat, other: Seat | null): boolean {
  return other !== null && one.legId === other.legId && one.kind === other.kind;
}
