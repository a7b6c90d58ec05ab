/** What the parts of the transition give back, and what they are given. */
import type { ServiceCommand } from './command.ts';
import type { Effect, TimerName } from './effect.ts';
import type { InteractionEvent } from './event.ts';
import type { Interaction } from './interaction.ts';

/** Why a command was not taken; nothing changed. The message says what happened and what to do. */
export interface Refusal {
  code: 'notFound' | 'notYours' | 'wrongState' | 'badReference' | 'ended';
  message: string;
}

export type Transition =
  { ok: true; next: Interaction; events: InteractionEvent[]; effects: Effect[] } | { ok: false; refusal: Refusal };

/** How long things may take; from the configuration, in milliseconds. */
export interface InteractionTimes {
  /** A TV that is not connected keeps its place for this long. */
  absenceMs: number;
  /** An offered closure is taken as agreed after this long. */
  closureMs: number;
  /** An agent who declined is left in peace for at least this long. */
  declineMs: number;
}

/** The interaction a command is said to, the moment, and the configured times. */
export interface Given {
  interaction: Interaction;
  now: number;
  times: InteractionTimes;
}

/** Effects that a part asks for by itself; those on agents and nearly all on timers follow from the states (consequences.ts). */
type Asked = Extract<Effect, { type: 'diagnose' | 'match' | 'route' | 'setTimer' }>;

/** A transition before its consequences are known. `missed`: the agent of the standing offer did not answer. */
export type Step =
  | { ok: true; next: Interaction; events: InteractionEvent[]; asked: Asked[]; missed: boolean }
  | { ok: false; refusal: Refusal };

/** The interaction goes on as `next`. A step that changes anything has an event, or it would not be kept. */
export function go(next: Interaction, events: InteractionEvent[], asked: Asked[] = [], missed = false): Step {
  return { ok: true, next, events, asked, missed };
}

/** Done already, or too late to matter: nothing changes, and that is no error. */
export function stay(interaction: Interaction): Step {
  return go(interaction, []);
}

/** A timer that came before its moment, left over from an earlier one or by another clock, is set again. */
export function tooEarly(interaction: Interaction, timer: TimerName, at: number, then: ServiceCommand): Step {
  return go(interaction, [], [{ type: 'setTimer', timer, at, then }]);
}

export function refuse(code: Refusal['code'], message: string): Step & { ok: false } {
  return { ok: false, refusal: { code, message } };
}

/** To an agent it is not with; says nothing about whose it is (IX17). */
export function notYours(): Step {
  return refuse(
    'notYours',
    'This interaction is not with you, so nothing was changed. It may have moved on meanwhile.',
  );
}
