import type { Command } from './command.ts';
import type { Effect } from './effect.ts';
import type { InteractionEvent } from './event.ts';
import type { Interaction } from './interaction.ts';

/** Why a command was not taken; nothing changed. The message says what happened and what to do. */
export interface Refusal {
  code: 'notFound' | 'notYours' | 'wrongState' | 'badReference' | 'ended';
  message: string;
}

export type Transition =
  | { ok: true; next: Interaction; events: InteractionEvent[]; effects: Effect[] }
  | { ok: false; refusal: Refusal };

/** How long things may take; from the configuration, in milliseconds. */
export interface InteractionTimes {
  /** A TV that is not connected keeps its place for this long. */
  absenceMs: number;
  /** An offered closure is taken as agreed after this long. */
  closureMs: number;
}

/**
 * Takes a command: what the interaction becomes, what happened, what follows. Pure.
 *
 * @param interaction null before `request` and `invite`, which open it
 * @param now milliseconds since the epoch
 * @returns a refusal when the command does not fit; `ok` with no events when it was already done
 */
export function transition(
  interaction: Interaction | null,
  command: Command,
  now: number,
  times: InteractionTimes,
): Transition {
  void [interaction, command, now, times];
  throw new Error('written next');
}
