import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toDiagnosis } from '../../../src/diagnosis/lookup.ts';
import { shippedCatalogue } from '../../../src/diagnosis/shipped.ts';
import type { FaultCondition } from '../../../src/interaction/facts.ts';
import type { Interaction, InteractionState, Place } from '../../../src/interaction/interaction.ts';
import type { ApiError, Suggestion } from '../../../src/protocol/api.ts';
import { openCatalogueApp, type CatalogueApp } from '../../support/catalogueApp.ts';

const catalogue = { version: 1, entries: shippedCatalogue };
const stalled: FaultCondition = {
  code: 'playback:stalled',
  title: 'The picture keeps stopping',
  detail: { stalls: 6, rssi: -81 },
  since: 1,
  count: 1,
};
const place: Place = {
  match: {
    queueId: 'help',
    queueName: 'Help line',
    preferredAgentIds: [],
    preferredUntil: null,
    rule: 'queue',
    reason: '',
  },
  priority: 0,
  arrivedAt: 1,
};
const sam = { agentId: 'sam', name: 'Sam Reyes' };
const withSam: InteractionState = { kind: 'active', agent: sam, place, since: 1, closure: null };

function interaction(state: InteractionState): Interaction {
  return {
    id: 'ix1',
    centreId: 'harbour',
    origin: 'viewer',
    openedAt: 1,
    tv: {
      tvId: 'tv1',
      serial: 'S1',
      form: 'all-in-one',
      model: 'X40',
      displayModel: null,
      firmware: '4.1.9',
      engine: 'Chromium 120',
      name: 'Living room TV',
      customer: null,
    },
    request: {
      fault: stalled,
      screen: { path: ['Player'], focused: null, recentActions: [] },
      context: { serviceState: 'playing', facts: {} },
    },
    diagnoses: [],
    tasks: [],
    tvLostAt: null,
    state,
  };
}

describe('suggestions over HTTP', () => {
  let app: CatalogueApp;
  let stored: { interaction: Interaction; fault: FaultCondition | null };

  beforeAll(async () => {
    app = await openCatalogueApp({
      suggestions: {
        catalogue: () => Promise.resolve(catalogue),
        interaction: (centreId, id) =>
          Promise.resolve(centreId === stored.interaction.centreId && id === stored.interaction.id ? stored : null),
      },
    });
  });
  afterAll(() => app.close());
  beforeEach(() => {
    stored = { interaction: interaction(withSam), fault: stalled };
  });

  const ask = (who: 'sam' | 'bob' | 'eve' | 'nobody' = 'sam', id = 'ix1') =>
    app.ask<Suggestion[] & ApiError>(who, 'GET', `/api/interactions/${id}/suggestions`);

  it('[M9] the most specific entry comes first, with its why in facts', async () => {
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(body.map((one) => one.entryId)).toEqual(['stalled-x40-wifi-sleep', 'stalled', 'playback-any']);
    expect(body[0]?.why).toBe('X40 with firmware 4.1.9: Wi-Fi sleep is mended in 4.2, stopped 6×');
    expect(body[1]?.why).toBe('stopped 6×, signal −81 dBm');
    expect(body[0]?.tasks[0]).toHaveProperty('check', { kind: 'playback', seconds: 12 });
  });

  it('[M11] says what was sent already, by the automated service or by an agent', async () => {
    const [first, second] = shippedCatalogue.filter((entry) => entry.id.startsWith('stalled'));
    if (first === undefined || second === undefined) throw new Error('The shipped catalogue lacks its entries.');
    let ids = 0;
    const newId = () => `id${++ids}`;
    stored.interaction.diagnoses = [
      toDiagnosis(second, 1, newId),
      { id: 'd2', explanation: 'As above.', tasks: [], source: { kind: 'agent', agentId: 'sam', entryId: first.id } },
      { id: 'd3', explanation: 'By hand.', tasks: [], source: { kind: 'agent', agentId: 'sam' } },
    ];
    const sent = (await ask()).body.filter((one) => one.sent).map((one) => one.entryId);
    expect(sent.sort()).toEqual([first.id, second.id].sort());
  });

  it('[M10] follows the fault that the TV told last', async () => {
    stored.fault = { ...stalled, code: 'drm:clock', detail: { offsetSeconds: 3600 } };
    const { body } = await ask();
    expect(body[0]).toMatchObject({ entryId: 'clock', why: 'Clock is off by 3600 s' });
  });

  it('[M9] suggests what to ask when nothing is known to be wrong', async () => {
    stored.fault = null;
    expect((await ask()).body[0]?.entryId).toBe('help-asked');
  });

  it('[M9] one to whom it is offered sees them, and so does who wraps up', async () => {
    const offer = { offerId: 'o1', agent: sam, madeAt: 1, expiresAt: 2 };
    stored.interaction.state = { kind: 'offered', place, declinedBy: [], askAgainAt: null, offer };
    expect((await ask('sam')).status).toBe(200);
    expect((await ask('bob')).status).toBe(404);
    stored.interaction.state = { kind: 'wrapUp', agent: sam, endedAt: 1, endedBy: 'agent', fix: null };
    expect((await ask('sam')).status).toBe(200);
  });

  it.each<[string, InteractionState]>([
    ['invited (IX4)', { kind: 'invited', agent: sam, place, expiresAt: 2 }],
    ['queued', { kind: 'queued', place, declinedBy: [], askAgainAt: null }],
    ['closed', { kind: 'closed', closedAt: 1, disposition: 'fixedVerified', by: 'agent', agent: sam }],
  ])('[M9] nobody sees them while it is %s', async (_, state) => {
    stored.interaction.state = state;
    expect((await ask()).status).toBe(404);
  });

  it('[M9] what is another agent’s, another centre’s or not there is told alike', async () => {
    const answers = [await ask('bob'), await ask('eve'), await ask('sam', 'ix2')];
    expect(answers.map((one) => one.status)).toEqual([404, 404, 404]);
    expect(new Set(answers.map((one) => one.body.message)).size).toBe(1);
  });

  it('[M9] strangers and odd ids are turned away', async () => {
    expect((await ask('nobody')).status).toBe(401);
    expect((await ask('sam', 'ix%271')).status).toBe(400);
    expect((await ask('sam', 'x'.repeat(65))).status).toBe(400);
  });
});
