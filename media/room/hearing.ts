/** Who hears what a room plays: decisions of a room, without any media. */
import type { Holding } from '../leg.ts';
import { audience, type Member } from './audience.ts';

/** A member, and who holds: the service, or its peer. */
export interface Listener extends Member {
  holding: Holding;
}

/** Something that is played: to these members, or (null) to all. */
export interface Played {
  id: string;
  to: readonly string[] | null;
}

/**
 * What a member hears of it, and whether it hears music on hold:
 *
 * - Held by the service it hears what is played to it by name, and else music. What is for all is not for those who wait.
 * - Left waiting, because all whom it would hear hold (an agent pressed Hold), it hears music as well.
 * - Whoever holds hears nothing.
 */
export function hearing(
  members: readonly Listener[],
  played: readonly Played[],
  listener: string,
): { played: string[]; music: boolean } {
  const { byService, byPeer } = members.find(({ id }) => id === listener)?.holding ?? {
    byService: false,
    byPeer: true,
  };
  if (byPeer) return { played: [], music: false };
  const byName = played.filter(({ to }) => to?.includes(listener));
  const heard = byService ? byName : played.filter(({ to }) => to === null || to.includes(listener));
  const waits = byService || isLeftWaiting(members, listener);
  return { played: heard.map(({ id }) => id), music: waits && byName.length === 0 };
}

function isLeftWaiting(members: readonly Listener[], listener: string): boolean {
  const others = audience(members, listener);
  return others.length > 0 && members.every(({ id, holding }) => !others.includes(id) || holding.byPeer);
}
