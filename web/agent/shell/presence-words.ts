/** The agent's presence in words; Helping and Wrapping up are derived, the rest is set. */
import type { Presence } from '../../../src/agent/agent.ts';
import type { IconName } from '../parts/Icon.tsx';

export const AWAY_REASONS = ['Short break', 'Lunch', 'Meeting', 'Training'] as const;

/** Longest reason of one's own, in characters. */
export const REASON_LIMIT = 60;

export interface PresenceWords {
  icon: IconName;
  word: string;
  tone: 'ok' | 'info' | 'warn' | '';
}

export function presenceWords(presence: Presence | null): PresenceWords {
  switch (presence?.kind) {
    case undefined:
    case 'offline':
      return { icon: 'lost', word: 'Not online', tone: '' };
    case 'ready':
      return { icon: 'check', word: 'Ready', tone: 'ok' };
    case 'ringing':
      return { icon: 'bell', word: 'Offer', tone: 'info' };
    case 'helping':
      return { icon: 'help', word: 'Helping', tone: 'info' };
    case 'wrappingUp':
      return { icon: 'edit', word: 'Wrapping up', tone: 'info' };
    case 'away':
      return { icon: 'away', word: `Away: ${presence.reason}`, tone: '' };
    case 'notAnswering':
      return { icon: 'warn', word: 'Not answering', tone: 'warn' };
  }
}
