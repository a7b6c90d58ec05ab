/** What the catalogue suggests for an interaction, to the agent it is with or offered to (M9, B3). */
import { Router } from 'express';
import type { Catalogue } from '../diagnosis/diagnosis.ts';
import { lookup } from '../diagnosis/lookup.ts';
import { fillWhy } from '../diagnosis/why.ts';
import type { FaultCondition } from '../interaction/facts.ts';
import { agentOf as handlerOf, type Interaction } from '../interaction/interaction.ts';
import type { Suggestion } from '../protocol/api.ts';
import { id } from '../protocol/facts.ts';
import { HttpError, parse } from './error.ts';
import { agentOf, requireAgent } from './session.ts';

export interface SuggestionStore {
  catalogue(centreId: string): Promise<Catalogue>;
  /**
   * Null when it is not of this centre.
   * `fault` is the one told last: the request keeps what was first told (IX16).
   */
  interaction(
    centreId: string,
    interactionId: string,
  ): Promise<{ interaction: Interaction; fault: FaultCondition | null } | null>;
}

/** GET /api/interactions/:id/suggestions. Expects `readSession` before it. */
export function createSuggestionsRouter(options: { store: SuggestionStore }): Router {
  const { store } = options;
  const router = Router();

  router.get('/api/interactions/:id/suggestions', requireAgent, async (req, res) => {
    const agent = agentOf(res);
    const interactionId = parse(id, req.params.id);
    const found = await store.interaction(agent.centre.id, interactionId);
    // What is not there and what is somebody else's are told alike.
    if (found === null || !isAtHand(found.interaction, agent.agentId)) throw HttpError.notFound('This help');
    res.json(suggest(await store.catalogue(agent.centre.id), found.interaction, found.fault));
  });

  return router;
}

function suggest(catalogue: Catalogue, interaction: Interaction, fault: FaultCondition | null): Suggestion[] {
  const { model, firmware } = interaction.tv;
  const sent = new Set(interaction.diagnoses.map(({ source }) => source.entryId));
  return lookup(catalogue, { fault, model, firmware }).map((entry) => ({
    entryId: entry.id,
    name: entry.name,
    explanation: entry.explanation,
    why: fillWhy(entry, fault, { model, firmware }),
    tasks: entry.tasks,
    sent: sent.has(entry.id),
  }));
}

/** With this agent or offered to them; while they invite, nothing of the TV is theirs yet (IX4). */
function isAtHand(interaction: Interaction, agentId: string): boolean {
  return interaction.state.kind !== 'invited' && handlerOf(interaction)?.agentId === agentId;
}
