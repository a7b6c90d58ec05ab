/**
 * The catalogue over HTTP: agents read, supervisors edit (M9). One draft a centre: whoever saves
 * says which revision was read, and hears who was faster; nothing is overwritten unseen.
 */
import express, { Router, type Response } from 'express';
import type { CatalogueStore, Editor, EditConflict } from '../diagnosis/catalogueStore.ts';
import type { CatalogueEntry } from '../diagnosis/diagnosis.ts';
import { findProblems, isPublishable } from '../diagnosis/edit.ts';
import {
  draftBody,
  publishBody,
  restoreBody,
  type CatalogueDiscarded,
  type CatalogueState,
  type Me,
} from '../protocol/api.ts';
import { HttpError, parse } from './error.ts';
import { agentOf, requireAgent, requireSupervisor } from './session.ts';

export type { CatalogueStore };

/** 500 entries of eight tasks with room to spare. */
const readBody = express.json({ limit: '2mb' });

/** Routes under /api/catalogue, as src/protocol/api.ts lists them. Expects `readSession` before it. */
export function createCatalogueRouter(options: { store: CatalogueStore; clock: () => number }): Router {
  const { store, clock } = options;
  const router = Router();

  const editorOf = (res: Response): Editor => ({ by: agentOf(res).name, at: clock() });
  const stateOf = async (agent: Me): Promise<CatalogueState> => {
    const state = await store.state(agent.centre.id);
    return { ...state, draft: state.draft && { ...state.draft, problems: findProblems(state.draft.entries) } };
  };

  router.get('/api/catalogue', requireAgent, async (_req, res) => {
    res.json(await stateOf(agentOf(res)));
  });

  router.put('/api/catalogue/draft', requireSupervisor, readBody, async (req, res) => {
    const edit = parse(draftBody, req.body);
    const agent = agentOf(res);
    refuse(await store.saveDraft(agent.centre.id, edit, editorOf(res)), clock());
    res.json(await stateOf(agent));
  });

  router.post('/api/catalogue/publish', requireSupervisor, readBody, async (req, res) => {
    const edit = parse(publishBody, req.body);
    const agent = agentOf(res);
    const { draft } = await store.state(agent.centre.id);
    // A revision is never given twice, so what is looked at here is what is published below, or nothing is.
    if (draft?.revision === edit.revision) refuseUnfit(draft.entries);
    refuse(await store.publish(agent.centre.id, edit, editorOf(res)), clock());
    res.json(await stateOf(agent));
  });

  router.delete('/api/catalogue/draft', requireSupervisor, async (_req, res) => {
    const agent = agentOf(res);
    const draft = await store.discard(agent.centre.id);
    const discarded = draft && { entries: draft.entries, by: draft.by, at: draft.at };
    res.json({ ...(await stateOf(agent)), discarded } satisfies CatalogueDiscarded);
  });

  router.post('/api/catalogue/restore', requireSupervisor, readBody, async (req, res) => {
    const { version } = parse(restoreBody, req.body);
    const agent = agentOf(res);
    const outcome = await store.restore(agent.centre.id, version, editorOf(res));
    if (outcome === 'noSuchVersion') throw HttpError.notFound(`Version ${version} of the catalogue`);
    refuse(outcome, clock());
    res.json(await stateOf(agent));
  });

  return router;
}

/** @throws HttpError 409 that says who was faster, and when */
function refuse(conflict: EditConflict | null, now: number): void {
  if (conflict === null) return;
  const when = ago(now - conflict.at);
  throw new HttpError(
    409,
    'conflict',
    conflict.kind === 'draft'
      ? `${conflict.by} saved a draft ${when}. Nothing of yours was saved. Load that draft, then make your change again.`
      : `That draft is not there any more. Version ${conflict.version} stands, published by ${conflict.by} ${when}. Load it, then make your change again.`,
  );
}

/** @throws HttpError 422 that names the first thing in the way and counts the others */
function refuseUnfit(entries: CatalogueEntry[]): void {
  const problems = findProblems(entries);
  const errors = problems.filter((problem) => problem.severity === 'error');
  const first = errors[0];
  if (isPublishable(problems) || first === undefined) return;
  const others = errors.length === 1 ? '' : ` ${errors.length - 1} more like this.`;
  throw new HttpError(
    422,
    'unpublishable',
    `Not published: ${first.entryId}, ${first.field}: ${first.message}${others} The draft is kept.`,
  );
}

function ago(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return 'moments ago';
  if (minutes < 60) return plural(minutes, 'minute');
  const hours = Math.round(minutes / 60);
  return hours < 48 ? plural(hours, 'hour') : plural(Math.round(hours / 24), 'day');
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}
