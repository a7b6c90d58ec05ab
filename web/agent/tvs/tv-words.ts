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

/** "X40 · 4.2.1 · Bob Okafor", or the serial of a TV that has told nothing and belongs to nobody. */
export function tvLine(tv: TvListed): string {
  const parts = [tv.model, tv.firmware, tv.customerName ?? ''].filter((part) => part !== '');
  return parts.length === 0 ? tv.serial : parts.join(' · ');
}

/** A TV that never connected has told nothing of itself. */
export function told(fact: string): string {
  return fact === '' ? 'Not told yet' : fact;
}
