import type { TvListed } from '../../../src/protocol/api.ts';

/** Why help cannot be offered to this TV now, or null when it can. */
export function inviteBlocker(tv: TvListed, online: boolean): string | null {
  if (!online) return 'You are not online. Offer help when the connection is back.';
  if (tv.openInteractionId !== null) return 'Help is open for this TV already. Look again when it has ended.';
  if (!tv.connected) return 'This TV is not online. It can be asked when it is turned on.';
  return null;
}

/** "Online", "Last heard 14:06", "Never heard". */
export function lastHeardWords(tv: TvListed, time: (at: number) => string): string {
  if (tv.connected) return 'Online';
  return tv.lastHeardAt === null ? 'Never heard' : `Last heard ${time(tv.lastHeardAt)}`;
}
