/** Leaving, and the TV's absence (IX18, IX20, IX21). */
import type { AbandonReason, Interaction } from './interaction.ts';
import { closeAsFixed } from './closure.ts';
import { absenceCounts } from './consequences.ts';
import { offerEnded } from './line.ts';
import { go, stay, tooEarly, type Given, type Step } from './step.ts';
import { endTalk } from './talk.ts';

/** The viewer leaves. Who leaves with a fix in hand leaves it fixed. */
export function leave(given: Given): Step {
  const { interaction, now } = given;
  const { state } = interaction;
  switch (state.kind) {
    case 'selfService':
      if (state.closure !== null) return closeAsFixed(given, state.closure.how, 'viewer');
      return abandon(interaction, 'left', now);
    case 'queued':
    case 'offered':
    case 'invited':
      return abandon(interaction, 'left', now);
    case 'active':
      return endTalk(given, state, 'viewer');
    case 'wrapUp':
    case 'closed':
    case 'abandoned':
      return stay(interaction);
  }
}

function abandon(interaction: Interaction, reason: AbandonReason, now: number): Step {
  const { state } = interaction;
  return go({ ...interaction, state: { kind: 'abandoned', at: now, reason } }, [
    ...(state.kind === 'offered' ? [offerEnded(state, 'viewerLeft')] : []),
    { type: 'abandoned', reason },
  ]);
}

export function tvLost({ interaction, now }: Given): Step {
  if (interaction.tvLostAt !== null) return stay(interaction);
  return go({ ...interaction, tvLostAt: now }, [{ type: 'tvLost' }]);
}

export function tvBack({ interaction }: Given): Step {
  if (interaction.tvLostAt === null) return stay(interaction);
  return go({ ...interaction, tvLostAt: null }, [{ type: 'tvBack' }]);
}

/** Still not back. */
export function absenceExpired({ interaction, now, times }: Given): Step {
  const { state, tvLostAt } = interaction;
  if (tvLostAt === null || !absenceCounts(state)) return stay(interaction);
  const at = tvLostAt + times.absenceMs;
  if (now < at) return tooEarly(interaction, 'absence', at, { type: 'absenceExpired' });
  return abandon(interaction, 'absent', now);
}
