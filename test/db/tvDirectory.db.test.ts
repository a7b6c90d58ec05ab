import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertCentre } from '../../db/queries/insertCentre.ts';
import { insertCustomer } from '../../db/queries/insertCustomer.ts';
import { saveChanges } from '../../db/queries/saveChanges.ts';
import { createRegistrationStore } from '../../db/registrationStore.ts';
import { createTvDirectory } from '../../db/tvDirectory.ts';
import type { InteractionEvent } from '../../src/interaction/event.ts';
import type { Interaction } from '../../src/interaction/interaction.ts';
import type { RegistrationStore, TvDirectory } from '../../src/registration/ports.ts';
import { alice, northlight, sam, someHash, southbank, told } from '../src/registration/people.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';

let postgres: FreshDatabase;
let store: RegistrationStore;
let tvs: TvDirectory;

beforeAll(async () => {
  postgres = await freshDatabase();
  store = createRegistrationStore(postgres.database);
  tvs = createTvDirectory(postgres.database);
  await insertCentre(postgres.database, northlight);
  await insertCentre(postgres.database, southbank);
  await insertCustomer(postgres.database, northlight.id, alice);
  const { password: _, ...agent } = sam;
  await store.insertAgent({ ...agent, id: 'sam', centreId: northlight.id, passwordHash: someHash });
  const add = (id: string, centreId: string, name: string, customerId: string | null = null) =>
    store.insertTv({ id, centreId, serial: `SER-${id}`, secretHash: Buffer.alloc(32), name, customerId });
  await add('living', northlight.id, 'Living room TV', alice.id);
  await add('bed', northlight.id, 'bedroom TV');
  await add('attic', northlight.id, 'Attic TV');
  await add('ward', southbank.id, 'Ward 3');
  await store.recordTvTold(northlight.id, 'living', { told, remoteAddress: '192.0.2.7', customer: null, at: 1000 });
  await store.setTvConnected('living', true, 2000);
});
afterAll(() => postgres.drop());

const interaction = (id: string, tvId: string, openedAt: number, state: Interaction['state']): Interaction => ({
  id,
  centreId: northlight.id,
  origin: 'viewer',
  openedAt,
  tv: {
    tvId,
    serial: `SER-${tvId}`,
    form: 'all-in-one',
    model: 'X40',
    displayModel: null,
    firmware: '4.2.1',
    engine: 'Chromium 120',
    name: 'Living room TV',
    customer: null,
  },
  request: {
    fault: { code: 'playback:stalled', title: 'The picture keeps stopping', detail: {}, since: 1, count: 1 },
    screen: { path: [], focused: null, recentActions: [] },
    context: { serviceState: 'playing', facts: {} },
  },
  diagnoses: [],
  tasks: [],
  tvLostAt: null,
  state,
});

const selfService: Interaction['state'] = { kind: 'selfService', closure: null };
const samRef = { agentId: 'sam', name: sam.name };

describe('a centre’s TVs', () => {
  it('[M7] are listed connected first, then by name, with what they told', async () => {
    const listed = await tvs.listTvs(northlight.id, '');
    expect(listed.map((tv) => tv.name)).toEqual(['Living room TV', 'Attic TV', 'bedroom TV']);
    expect(listed[0]).toEqual({
      id: 'living',
      name: 'Living room TV',
      serial: 'SER-living',
      model: 'STB-9',
      firmware: '4.2.1',
      customerName: alice.name,
      connected: true,
      lastHeardAt: 2000,
      openInteractionId: null,
    });
    expect(listed[1]).toMatchObject({
      model: '',
      firmware: '',
      customerName: null,
      connected: false,
      lastHeardAt: null,
    });
  });

  it('[M7] are found by name, serial or customer, letter by letter', async () => {
    const found = async (search: string) => (await tvs.listTvs(northlight.id, search)).map((tv) => tv.id);
    expect(await found('BEDROOM')).toEqual(['bed']);
    expect(await found('ser-att')).toEqual(['attic']);
    expect(await found('alice w')).toEqual(['living']);
    expect(await found('%')).toEqual([]);
    expect(await found('_edroom')).toEqual([]);
  });

  it('[M24] are never another centre’s', async () => {
    expect((await tvs.listTvs(southbank.id, '')).map((tv) => tv.id)).toEqual(['ward']);
    expect(await tvs.tvHistory(southbank.id, 'living')).toBeNull();
    expect(await tvs.tvHistory(northlight.id, 'ward')).toBeNull();
  });

  it('[M6] [M24] have a history, the newest first, with who helped and how it ended', async () => {
    const { database } = postgres;
    const save = (next: Interaction, version: number, event: InteractionEvent = { type: 'tvBack' }) =>
      saveChanges(database, northlight.id, {
        interactions: [
          {
            next,
            version,
            changed: true,
            events: [{ interactionId: next.id, seq: version + 1, at: next.openedAt + version, event }],
          },
        ],
        agents: [],
        setTimers: [],
        cancelTimers: [],
        taken: [],
        lineVersion: null,
      });
    const helped = interaction('helped', 'living', 1000, selfService);
    const place = {
      match: {
        queueId: 'q',
        queueName: 'Help line',
        preferredAgentIds: [],
        preferredUntil: null,
        rule: 'queue' as const,
        reason: '',
      },
      priority: 0,
      arrivedAt: 1000,
    };
    await database.query(`insert into queues (id, centre_id, name, ord) values ('q', $1, 'Help line', 1)`, [
      northlight.id,
    ]);
    await save(helped, 0);
    await save({ ...helped, state: { kind: 'active', agent: samRef, place, since: 1001, closure: null } }, 1);
    const closed = {
      kind: 'closed',
      closedAt: 1002,
      disposition: 'fixedVerified',
      by: 'agent',
      agent: samRef,
    } as const;
    const event = { type: 'closed', by: 'agent', disposition: 'fixedVerified', note: 'Moved the router.' } as const;
    await save({ ...helped, state: closed }, 2, event);
    const left = interaction('left', 'living', 2000, selfService);
    await save(left, 0);
    await save({ ...left, state: { kind: 'abandoned', at: 2001, reason: 'left' } }, 1);
    await save(interaction('open', 'living', 3000, selfService), 0);

    const fault = { faultCode: 'playback:stalled', faultTitle: 'The picture keeps stopping' };
    expect(await tvs.tvHistory(northlight.id, 'living')).toEqual([
      { ...fault, id: 'open', openedAt: 3000, endedAt: null, agentName: null, outcome: null, note: '' },
      { ...fault, id: 'left', openedAt: 2000, endedAt: 2001, agentName: null, outcome: 'abandoned', note: '' },
      {
        ...fault,
        id: 'helped',
        openedAt: 1000,
        endedAt: 1002,
        agentName: sam.name,
        outcome: 'fixedVerified',
        note: 'Moved the router.',
      },
    ]);
    expect((await tvs.listTvs(northlight.id, 'living'))[0]?.openInteractionId).toBe('open');
    expect(await tvs.tvHistory(northlight.id, 'bed')).toEqual([]);
  });
});
