/** How an interaction opens: by the viewer's request, or by an agent's invitation (IX1, IX4). */
import type { ServiceCommand } from './command.ts';
import type { Interaction, InteractionState } from './interaction.ts';
import { go, refuse, stay, type Given, type Step } from './step.ts';

type Opening = Extract<ServiceCommand, { type: 'request' | 'invite' }>;

/** The first of all commands; opens what is not there yet. */
export function open(command: Opening, now: number): Step {
  return command.type === 'request' ? request(command, now) : invite(command, now);
}

function request(command: Extract<Opening, { type: 'request' }>, now: number): Step {
  const { tv, request } = command;
  return go(
    opened(command, 'viewer', now, { kind: 'selfService', closure: null }),
    [{ type: 'requested', tv, request, origin: 'viewer' }],
    [{ type: 'diagnose', fault: request.fault, model: tv.model, firmware: tv.firmware }],
  );
}

function invite(command: Extract<Opening, { type: 'invite' }>, now: number): Step {
  const { tv, request, agent, match, expiresAt } = command;
  if (!command.tvConnected) {
    return refuse(
      'wrongState',
      `${tv.name} is not connected, so nobody would see the invitation. Try again when it is back.`,
    );
  }
  const place = { match, priority: 0, arrivedAt: now };
  return go(opened(command, 'agent', now, { kind: 'invited', agent, place, expiresAt }), [
    { type: 'requested', tv, request, origin: 'agent' },
    { type: 'invited', agent, match, expiresAt },
  ]);
}

function opened(command: Opening, origin: Interaction['origin'], now: number, state: InteractionState): Interaction {
  return {
    id: command.interactionId,
    centreId: command.centreId,
    origin,
    openedAt: now,
    tv: command.tv,
    request: command.request,
    diagnoses: [],
    tasks: [],
    tvLostAt: null,
    state,
  };
}

/** "Would you like to begin?" Yes. */
export function acceptInvitation({ interaction, now }: Given): Step {
  const { state } = interaction;
  if (state.kind === 'invited') {
    const { agent, place } = state;
    return go({ ...interaction, state: { kind: 'active', agent, place, since: now, closure: null } }, [
      { type: 'accepted', agent },
    ]);
  }
  if (interaction.origin === 'agent') return stay(interaction);
  return refuse('wrongState', 'There is no invitation to answer. Your help goes on as it was.');
}

/** "Would you like to begin?" No. */
export function declineInvitation({ interaction, now }: Given): Step {
  if (interaction.state.kind !== 'invited') {
    return refuse('wrongState', 'There is no invitation to answer. To end your help, choose Leave.');
  }
  return abandonInvitation(interaction, 'invitationDeclined', now);
}

/** Nobody answered in time. */
export function invitationExpired({ interaction, now }: Given): Step {
  if (interaction.state.kind !== 'invited') return stay(interaction);
  return abandonInvitation(interaction, 'invitationUnanswered', now);
}

function abandonInvitation(
  interaction: Interaction,
  reason: 'invitationDeclined' | 'invitationUnanswered',
  now: number,
): Step {
  return go({ ...interaction, state: { kind: 'abandoned', at: now, reason } }, [{ type: 'abandoned', reason }]);
}
