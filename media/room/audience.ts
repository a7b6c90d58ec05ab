/** Who hears and sees whom, and in which codec: decisions of a room, without any media. */
import { AUDIO_CODECS, type AudioCodec } from '../leg.ts';

/** A leg as the rules of a room see it. */
export interface Member {
  id: string;
  kind: 'webrtc' | 'rtp';
  /** Hears and sees all the others, and reaches nobody: a supervisor, a recorder. */
  listensOnly: boolean;
  /** The one member that hears and sees it, of all; null is everybody. */
  whispersTo: string | null;
  audioCodecs: readonly AudioCodec[];
}

/** Whether everybody hears and sees it: whom only one hears, or nobody, is told nobody as the speaker. */
export function reachesAll({ listensOnly, whispersTo }: Pick<Member, 'listensOnly' | 'whispersTo'>): boolean {
  return !listensOnly && whispersTo === null;
}

/** The members whose sound and picture a listener gets, in the order in which they joined. */
export function audience(members: readonly Member[], listener: string): string[] {
  return members
    .filter((one) => {
      const reaches = reachesAll(one) || (!one.listensOnly && one.whispersTo === listener);
      return one.id !== listener && reaches;
    })
    .map(({ id }) => id);
}

/**
 * The codec that a room speaks, so that nothing is transcoded: the best that everybody has, which is opus among
 * browsers. With a third member a telephone's edge has to mix, which it does in G.711.
 */
export function roomCodec(members: readonly Member[]): AudioCodec {
  const mixes = members.length > 2 && members.some(({ kind }) => kind === 'rtp');
  const possible = AUDIO_CODECS.filter((codec) => !(mixes && codec === 'G722'));
  return possible.find((codec) => members.every(({ audioCodecs }) => audioCodecs.includes(codec))) ?? 'PCMU';
}
