/** What a contact centre's own systems say by HTTP, at the running service. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { CloudEvent } from '../../../src/events/webhooks/cloudEvent.ts';
import type { ApiKeyCreated } from '../../../src/protocol/admin.ts';
import type { InteractionTold } from '../../../src/protocol/v1.ts';
import { demo } from '../../support/demo.ts';
import { registerAgent } from '../../support/wire.ts';
import { leave, setSystems } from './systems.ts';

const systems = setSystems();

describe('help asked for by a system', () => {
  it('[M8] is open on the TV, once however often it is said, and each repetition gets the same answer', async () => {
    const tv = await systems.tvOn();
    const id = randomUUID();
    const [first, second] = await Promise.all([systems.asksForTv(id), systems.asksForTv(id)]);
    const taken = [first, second].find(({ status }) => status === 201);
    expect([first.status, second.status].every((status) => status === 201 || status === 409)).toBe(true);
    const again = await systems.asksForTv(id);
    expect(again.status).toBe(201);
    expect(again.body).toEqual(taken?.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const view = await tv.view(again.body.interactionId, () => true);
    expect(view.timeline.filter(({ event }) => event.type === 'requested')).toHaveLength(1);

    const told = await systems.ask<InteractionTold>('GET', `/v1/interactions/${view.id}`, { key: systems.keys.read });
    expect(told.body).toMatchObject({ id: view.id, tv: { serial: demo.tv.serial } });
    expect(told.body).not.toHaveProperty('timeline');
  });

  it('[M8] goes to its end by commands: what the viewer says and what the agent says', async () => {
    const tv = await systems.tvOn();
    const desk = systems.closeLater(await registerAgent(systems.service.url, systems.agent));
    const opened = await systems.asksForTv();
    const { interactionId } = opened.body;
    const asked = await systems.command(interactionId, { as: 'viewer', command: { type: 'askForPerson' } });
    expect([200, 409]).toContain(asked.status);
    const { status } = await desk.view(interactionId, (view) => view.status.kind === 'offered');
    if (status.kind !== 'offered') throw new Error('It was offered.');
    const { agentId } = status.agent;
    const as = (said: object) => systems.command(interactionId, { as: 'agent', agentId, command: said });
    expect((await as({ type: 'accept', offerId: status.offerId })).status).toBe(200);
    expect((await as({ type: 'sendMessage', text: 'Hello from the CRM' })).status).toBe(200);
    const heard = await tv.view(interactionId, (view) => view.messages.length > 0);
    expect(heard.messages[0]).toMatchObject({ from: 'agent', name: demo.sam.name, text: 'Hello from the CRM' });
    expect((await as({ type: 'end' })).status).toBe(200);
    expect((await as({ type: 'close', disposition: 'followUp', note: 'Called back.' })).status).toBe(200);
    const told = await systems.ask<InteractionTold>('GET', `/v1/interactions/${interactionId}`, {
      key: systems.keys.read,
    });
    expect(told.body.status).toMatchObject({ kind: 'closed', disposition: 'followUp' });
  });

  it('[M8] events come by number, as the CloudEvents that webhooks get', async () => {
    await systems.tvOn();
    const { interactionId } = (await systems.asksForTv()).body;
    const all = await systems.ask<CloudEvent[]>('GET', `/v1/interactions/${interactionId}/events`, {
      key: systems.keys.read,
    });
    expect(all.headers.get('content-type')).toContain('application/cloudevents-batch+json');
    expect(all.body.map(({ id }) => id)).toEqual(all.body.map((_, n) => `${interactionId}/${n + 1}`));
    const rest = await systems.ask<CloudEvent[]>('GET', `/v1/interactions/${interactionId}/events?after=1&limit=1`, {
      key: systems.keys.read,
    });
    expect(rest.body).toEqual(all.body.slice(1, 2));
    const none = await systems.ask<CloudEvent[]>('GET', `/v1/interactions/${interactionId}/events?after=9999`, {
      key: systems.keys.read,
    });
    expect(none.body).toEqual([]);
  });
});

describe('the same Idempotency-Key', () => {
  it('[M8] with another body, or at another address, is answered with 422', async () => {
    await systems.tvOn();
    const id = randomUUID();
    const { interactionId } = (await systems.asksForTv(id)).body;
    const other = await systems.ask('POST', '/v1/interactions', {
      key: systems.keys.all,
      id,
      body: { serial: 'another' },
    });
    expect(other).toMatchObject({ status: 422, body: { error: 'keyUsed' } });
    expect(await systems.command(interactionId, leave, id)).toMatchObject({ status: 422 });
  });

  it('[M8] gets a refusal again, also when it would be taken by now', async () => {
    await systems.tvOn();
    const { interactionId } = (await systems.asksForTv()).body;
    const id = randomUUID();
    const early = await systems.command(interactionId, { as: 'viewer', command: { type: 'confirmFixed' } }, id);
    expect(early.status).toBe(409);
    expect(await systems.command(interactionId, { as: 'viewer', command: { type: 'confirmFixed' } }, id)).toMatchObject(
      {
        status: 409,
        body: early.body,
      },
    );
  });

  it('[M8] of another API key is another request', async () => {
    await systems.tvOn();
    const id = randomUUID();
    const first = await systems.asksForTv(id);
    const other = await systems.asksForTv(id, await systems.mintKey(['viewer']));
    expect(other.status).toBe(201);
    expect(other.headers.get('idempotency-replayed')).toBeNull();
    expect(other.body.interactionId).toBe(first.body.interactionId);
  });
});

describe('what is not understood', () => {
  it.each([
    ['no key', undefined, 401],
    ['a key of nobody', `ck_${'x'.repeat(43)}`, 401],
    ['something else', 'Basic', 401],
  ])('[M8] %s', async (_what, key, status) => {
    expect(await systems.ask('GET', '/v1/interactions/x', { key })).toMatchObject({
      status,
      body: { error: 'unauthorized' },
    });
  });

  it('[M8] a key without the scope, or revoked, is refused', async () => {
    expect(await systems.asksForTv(randomUUID(), systems.keys.read)).toMatchObject({ status: 403 });
    const { body } = await systems.ask<ApiKeyCreated>('POST', '/api/admin/keys', {
      cookie: systems.supervisor,
      body: { name: 'short-lived', scopes: ['viewer'] },
    });
    expect(
      (await systems.ask('DELETE', `/api/admin/keys/${body.listed.id}`, { cookie: systems.supervisor })).status,
    ).toBe(204);
    expect(await systems.asksForTv(randomUUID(), body.key)).toMatchObject({ status: 401 });
    const list = await systems.ask<ApiKeyCreated['listed'][]>('GET', '/api/admin/keys', { cookie: systems.supervisor });
    expect(list.body.find(({ id }) => id === body.listed.id)).toMatchObject({
      created: { by: demo.priya.name },
      revoked: { by: demo.priya.name },
    });
    expect(JSON.stringify(list.body)).not.toContain(body.key);
  });

  it.each<[string, unknown]>([
    ['no JSON', '{'],
    ['no serial', {}],
    ['a number', 7],
    ['a long serial', { serial: 'x'.repeat(65) }],
    ['a fault without a code', { serial: 'S', fault: { title: 'Broken' } }],
    [
      'too many facts',
      {
        serial: 'S',
        context: { serviceState: 'x', facts: Object.fromEntries(Array.from({ length: 41 }, (_, n) => [n, n])) },
      },
    ],
  ])('[M8] %s is answered with 400', async (_what, body) => {
    expect(
      await systems.ask('POST', '/v1/interactions', { key: systems.keys.all, id: randomUUID(), body }),
    ).toMatchObject({
      status: 400,
      body: { error: 'malformed', message: expect.any(String) },
    });
  });

  it('[M8] a command without Idempotency-Key, or with an odd one, is answered with 400', async () => {
    const body = { serial: demo.tv.serial };
    for (const id of [undefined, 'short', 'with space in it', 'x'.repeat(200)]) {
      expect(
        await systems.ask('POST', '/v1/interactions', {
          key: systems.keys.all,
          body,
          ...(id === undefined ? {} : { id }),
        }),
      ).toMatchObject({
        status: 400,
      });
    }
  });

  it('[M8] more than 64 kB is answered with 413', async () => {
    expect(
      await systems.ask('POST', '/v1/interactions', {
        key: systems.keys.all,
        id: randomUUID(),
        body: { serial: 'x'.repeat(70_000) },
      }),
    ).toMatchObject({ status: 413 });
  });

  it('[M8] a TV, an interaction and an agent that the centre does not have are not found', async () => {
    expect(
      await systems.ask('POST', '/v1/interactions', {
        key: systems.keys.all,
        id: randomUUID(),
        body: { serial: 'nobody' },
      }),
    ).toMatchObject({ status: 404 });
    expect(await systems.command(randomUUID(), leave)).toMatchObject({ status: 404 });
    expect(
      await systems.command(randomUUID(), { as: 'agent', agentId: 'nobody', command: { type: 'end' } }),
    ).toMatchObject({
      status: 404,
    });
    expect(await systems.ask('GET', `/v1/interactions/${randomUUID()}`, { key: systems.keys.read })).toMatchObject({
      status: 404,
    });
    expect(
      await systems.ask('GET', `/v1/interactions/${randomUUID()}/events`, { key: systems.keys.read }),
    ).toMatchObject({
      status: 404,
    });
    expect(await systems.ask('GET', '/v1/elsewhere', { key: systems.keys.read })).toMatchObject({ status: 404 });
  });

  it('[M8] what only the TV or the people on the couch can say is not taken', async () => {
    for (const type of ['reportCheck', 'acceptInvitation', 'declineInvitation']) {
      const said = { as: 'viewer', command: { type, taskId: 't', result: 'verified', evidence: 'x' } };
      expect(await systems.command(randomUUID(), said)).toMatchObject({ status: 400 });
    }
  });
});
