/** A contact centre's own systems at the running service: commands in by HTTP, events out as webhooks. */
import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CloudEvent } from '../../../src/events/webhooks/cloudEvent.ts';
import type { ApiKeyCreated, WebhookCreated, WebhookListed } from '../../../src/protocol/admin.ts';
import type { InteractionTold } from '../../../src/protocol/v1.ts';
import { demo } from '../../support/demo.ts';
import { openReceiver, type Received, type Receiver } from '../../support/receiver.ts';
import { startService, type Service } from '../../support/service.ts';
import { registerAgent, registerTv, signIn, stalledRequest, type WireClient } from '../../support/wire.ts';

let service: Service;
let supervisor: string;
let agent: string;
let keys: { all: string; read: string };
let open: WireClient[];

beforeAll(async () => {
  const settings = { ALLOW_PRIVATE_WEBHOOKS: 'on', ABSENCE_SECONDS: '60', OFFER_SECONDS: '60', LOG_LEVEL: 'info' };
  service = await startService(settings);
  supervisor = await signIn(service.url, demo.priya.email, demo.priya.password);
  agent = await signIn(service.url, demo.sam.email, demo.sam.password);
  keys = { all: await mintKey(['read', 'viewer', 'agent']), read: await mintKey(['read']) };
});
beforeEach(() => {
  open = [];
  return async () => {
    for (const client of open) {
      // A service that was killed took its connections along.
      const views = client.socket.readyState === client.socket.OPEN ? client.views.values() : [];
      for (const view of views) {
        if (['queued', 'offered', 'selfService', 'active'].includes(view.status.kind)) {
          await client.ask({ type: 'viewer', interactionId: view.id, command: { type: 'leave' } });
        }
      }
      client.cut();
    }
  };
});
afterAll(() => service.stop());

interface Said<T> {
  status: number;
  body: T;
  headers: Headers;
}

async function ask<T = { error: string; message: string }>(
  method: string,
  path: string,
  { key, cookie, body, id }: { key?: string | undefined; cookie?: string; body?: unknown; id?: string } = {},
): Promise<Said<T>> {
  const response = await fetch(`${service.url}${path}`, {
    method,
    headers: {
      ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
      ...(cookie === undefined ? {} : { Cookie: cookie, 'X-Couchline': '1' }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(id === undefined ? {} : { 'Idempotency-Key': id }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as T, headers: response.headers };
}

async function mintKey(scopes: string[]): Promise<string> {
  const { status, body } = await ask<ApiKeyCreated>('POST', '/api/admin/keys', {
    cookie: supervisor,
    body: { name: 'CRM', scopes },
  });
  expect(status).toBe(201);
  return body.key;
}

async function tvOn(): Promise<WireClient> {
  const tv = await registerTv(service.url, demo.tv);
  open.push(tv);
  return tv;
}

const tvAsks = (id = randomUUID(), key = keys.all) =>
  ask<{ interactionId: string }>('POST', '/v1/interactions', { key, id, body: { serial: demo.tv.serial } });

const command = (interactionId: string, body: unknown, id: string = randomUUID(), key = keys.all) =>
  ask<{ interactionId: string; error?: string }>('POST', `/v1/interactions/${interactionId}/commands`, {
    key,
    id,
    body,
  });

const leave = { as: 'viewer', command: { type: 'leave' } };

describe('help asked for by a system', () => {
  it('[M8] is open on the TV, once however often it is said, and each repetition gets the same answer', async () => {
    const tv = await tvOn();
    const id = randomUUID();
    const [first, second] = await Promise.all([tvAsks(id), tvAsks(id)]);
    const taken = [first, second].find(({ status }) => status === 201);
    expect([first.status, second.status].every((status) => status === 201 || status === 409)).toBe(true);
    const again = await tvAsks(id);
    expect(again.status).toBe(201);
    expect(again.body).toEqual(taken?.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const view = await tv.view(again.body.interactionId, () => true);
    expect(view.timeline.filter(({ event }) => event.type === 'requested')).toHaveLength(1);

    const told = await ask<InteractionTold>('GET', `/v1/interactions/${view.id}`, { key: keys.read });
    expect(told.body).toMatchObject({ id: view.id, tv: { serial: demo.tv.serial } });
    expect(told.body).not.toHaveProperty('timeline');
  });

  it('[M8] goes to its end by commands: what the viewer says and what the agent says', async () => {
    const tv = await tvOn();
    const desk = await registerAgent(service.url, agent);
    open.push(desk);
    const opened = await tvAsks();
    const { interactionId } = opened.body;
    const asked = await command(interactionId, { as: 'viewer', command: { type: 'askForPerson' } });
    expect([200, 409]).toContain(asked.status);
    const { status } = await desk.view(interactionId, (view) => view.status.kind === 'offered');
    if (status.kind !== 'offered') throw new Error('It was offered.');
    const { agentId } = status.agent;
    const as = (said: object) => command(interactionId, { as: 'agent', agentId, command: said });
    expect((await as({ type: 'accept', offerId: status.offerId })).status).toBe(200);
    expect((await as({ type: 'sendMessage', text: 'Hello from the CRM' })).status).toBe(200);
    const heard = await tv.view(interactionId, (view) => view.messages.length > 0);
    expect(heard.messages[0]).toMatchObject({ from: 'agent', name: demo.sam.name, text: 'Hello from the CRM' });
    expect((await as({ type: 'end' })).status).toBe(200);
    expect((await as({ type: 'close', disposition: 'followUp', note: 'Called back.' })).status).toBe(200);
    const told = await ask<InteractionTold>('GET', `/v1/interactions/${interactionId}`, { key: keys.read });
    expect(told.body.status).toMatchObject({ kind: 'closed', disposition: 'followUp' });
  });

  it('[M8] events come by number, as the CloudEvents that webhooks get', async () => {
    await tvOn();
    const { interactionId } = (await tvAsks()).body;
    const all = await ask<CloudEvent[]>('GET', `/v1/interactions/${interactionId}/events`, { key: keys.read });
    expect(all.headers.get('content-type')).toContain('application/cloudevents-batch+json');
    expect(all.body.map(({ id }) => id)).toEqual(all.body.map((_, n) => `${interactionId}/${n + 1}`));
    const rest = await ask<CloudEvent[]>('GET', `/v1/interactions/${interactionId}/events?after=1&limit=1`, {
      key: keys.read,
    });
    expect(rest.body).toEqual(all.body.slice(1, 2));
    const none = await ask<CloudEvent[]>('GET', `/v1/interactions/${interactionId}/events?after=9999`, {
      key: keys.read,
    });
    expect(none.body).toEqual([]);
  });
});

describe('the same Idempotency-Key', () => {
  it('[M8] with another body, or at another address, is answered with 422', async () => {
    await tvOn();
    const id = randomUUID();
    const { interactionId } = (await tvAsks(id)).body;
    const other = await ask('POST', '/v1/interactions', { key: keys.all, id, body: { serial: 'another' } });
    expect(other).toMatchObject({ status: 422, body: { error: 'keyUsed' } });
    expect(await command(interactionId, leave, id)).toMatchObject({ status: 422 });
  });

  it('[M8] gets a refusal again, also when it would be taken by now', async () => {
    await tvOn();
    const { interactionId } = (await tvAsks()).body;
    const id = randomUUID();
    const early = await command(interactionId, { as: 'viewer', command: { type: 'confirmFixed' } }, id);
    expect(early.status).toBe(409);
    expect(await command(interactionId, { as: 'viewer', command: { type: 'confirmFixed' } }, id)).toMatchObject({
      status: 409,
      body: early.body,
    });
  });

  it('[M8] of another API key is another request', async () => {
    await tvOn();
    const id = randomUUID();
    const first = await tvAsks(id);
    const other = await tvAsks(id, await mintKey(['viewer']));
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
    expect(await ask('GET', '/v1/interactions/x', { key })).toMatchObject({ status, body: { error: 'unauthorized' } });
  });

  it('[M8] a key without the scope, or revoked, is refused', async () => {
    expect(await tvAsks(randomUUID(), keys.read)).toMatchObject({ status: 403 });
    const { body } = await ask<ApiKeyCreated>('POST', '/api/admin/keys', {
      cookie: supervisor,
      body: { name: 'short-lived', scopes: ['viewer'] },
    });
    expect((await ask('DELETE', `/api/admin/keys/${body.listed.id}`, { cookie: supervisor })).status).toBe(204);
    expect(await tvAsks(randomUUID(), body.key)).toMatchObject({ status: 401 });
    const list = await ask<ApiKeyCreated['listed'][]>('GET', '/api/admin/keys', { cookie: supervisor });
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
    expect(await ask('POST', '/v1/interactions', { key: keys.all, id: randomUUID(), body })).toMatchObject({
      status: 400,
      body: { error: 'malformed', message: expect.any(String) },
    });
  });

  it('[M8] a command without Idempotency-Key, or with an odd one, is answered with 400', async () => {
    const body = { serial: demo.tv.serial };
    for (const id of [undefined, 'short', 'with space in it', 'x'.repeat(200)]) {
      expect(
        await ask('POST', '/v1/interactions', { key: keys.all, body, ...(id === undefined ? {} : { id }) }),
      ).toMatchObject({
        status: 400,
      });
    }
  });

  it('[M8] more than 64 kB is answered with 413', async () => {
    expect(
      await ask('POST', '/v1/interactions', { key: keys.all, id: randomUUID(), body: { serial: 'x'.repeat(70_000) } }),
    ).toMatchObject({ status: 413 });
  });

  it('[M8] a TV, an interaction and an agent that the centre does not have are not found', async () => {
    expect(
      await ask('POST', '/v1/interactions', { key: keys.all, id: randomUUID(), body: { serial: 'nobody' } }),
    ).toMatchObject({ status: 404 });
    expect(await command(randomUUID(), leave)).toMatchObject({ status: 404 });
    expect(await command(randomUUID(), { as: 'agent', agentId: 'nobody', command: { type: 'end' } })).toMatchObject({
      status: 404,
    });
    expect(await ask('GET', `/v1/interactions/${randomUUID()}`, { key: keys.read })).toMatchObject({ status: 404 });
    expect(await ask('GET', `/v1/interactions/${randomUUID()}/events`, { key: keys.read })).toMatchObject({
      status: 404,
    });
    expect(await ask('GET', '/v1/elsewhere', { key: keys.read })).toMatchObject({ status: 404 });
  });

  it('[M8] what only the TV or the people on the couch can say is not taken', async () => {
    for (const type of ['reportCheck', 'acceptInvitation', 'declineInvitation']) {
      const said = { as: 'viewer', command: { type, taskId: 't', result: 'verified', evidence: 'x' } };
      expect(await command(randomUUID(), said)).toMatchObject({ status: 400 });
    }
  });
});

describe('webhooks at the running service', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await openReceiver();
    return () => receiver.close();
  });

  async function listen(body: object = {}): Promise<WebhookCreated> {
    const created = await ask<WebhookCreated>('POST', '/api/admin/webhooks', {
      cookie: supervisor,
      body: { url: receiver.url, ...body },
    });
    expect(created.status).toBe(201);
    return created.body;
  }
  const post = <T = WebhookListed>(id: string, what: string, body?: unknown) =>
    ask<T>('POST', `/api/admin/webhooks/${id}/${what}`, { cookie: supervisor, body });

  /** As a receiver does it, with nothing of ours. */
  function isSigned({ headers, body }: Received, secret: string): boolean {
    const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const expected = `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
    return String(headers['webhook-signature']).split(' ').includes(expected);
  }

  it('[M8] a request by the TV is told, signed, in order; with two signatures while a secret is changed', async () => {
    const { webhook, secret } = await listen({ description: 'CRM' });
    expect(webhook).toMatchObject({ active: true, created: { by: demo.priya.name }, changed: { by: demo.priya.name } });
    const tv = await tvOn();
    const { interactionId } = await tv.tell({ type: 'request', request: stalledRequest });
    const first = await receiver.until(([one]) => one);
    expect(isSigned(first, secret)).toBe(true);
    expect(isSigned({ ...first, body: `${first.body} ` }, secret)).toBe(false);
    expect(first.event.source).toBe(`/centres/demo-northlight/interactions/${String(interactionId)}`);

    const rotated = await post<{ secret: string }>(webhook.id, 'rotate');
    const seen = receiver.received.length;
    await tv.tell({ type: 'viewer', interactionId, command: { type: 'leave' } });
    const later = await receiver.until((received) =>
      received.slice(seen).find((one) => isSigned(one, rotated.body.secret)),
    );
    expect(isSigned(later, secret)).toBe(true);

    await receiver.until((received) => received.find(({ event }) => event.data.type === 'abandoned'));
    expect(receiver.received.map(({ event }) => event.id)).toEqual(
      receiver.received.map((_, n) => `${String(interactionId)}/${n + 1}`),
    );
    const listed = await ask<WebhookListed[]>('GET', '/api/admin/webhooks', { cookie: supervisor });
    expect(JSON.stringify(listed.body)).not.toContain('whsec_');
    await post(webhook.id, 'disable');
  });

  it('[M8] what was under way when the service was killed is delivered again, under the same id', async () => {
    const { webhook } = await listen();
    // The event arrived; the answer never does.
    receiver.answer = () => () => {};
    const tv = await tvOn();
    const { interactionId } = await tv.tell({ type: 'request', request: stalledRequest });
    const first = await receiver.until(([one]) => one);
    await service.kill('SIGKILL');
    receiver.answer = () => 204;
    await service.restart();
    const again = await receiver.until((received) => received.find(({ status }) => status === 204));
    expect(again.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(again.body).toBe(first.body);
    await receiver.until((received) => received.find(({ event }) => event.data.type === 'queued'));
    await command(String(interactionId), leave);
    await post(webhook.id, 'disable');
  });

  it('[M8] a test event says whether the receiver listens, and why not', async () => {
    const { webhook, secret } = await listen({ eventTypes: ['closed'] });
    expect((await post(webhook.id, 'test')).body).toEqual({ delivered: true, said: 'The receiver answered 204.' });
    const [tested] = receiver.received;
    expect(tested?.event).toMatchObject({ type: 'com.couchline.webhook.test', data: { sentBy: demo.priya.name } });
    expect(tested !== undefined && isSigned(tested, secret)).toBe(true);
    receiver.answer = () => 404;
    expect((await post(webhook.id, 'test')).body).toMatchObject({
      delivered: false,
      said: expect.stringContaining('404'),
    });
    await post(webhook.id, 'disable');
  });

  it('[M8] is changed, turned off and on, each time with who did it', async () => {
    const { webhook } = await listen();
    const changed = await ask<WebhookListed>('PUT', `/api/admin/webhooks/${webhook.id}`, {
      cookie: supervisor,
      body: { url: receiver.url, description: 'WFM', eventTypes: ['closed'] },
    });
    expect(changed.body).toMatchObject({ description: 'WFM', eventTypes: ['closed'] });
    expect((await post(webhook.id, 'disable')).body).toMatchObject({
      active: false,
      disabled: { reason: `Turned off by ${demo.priya.name}.` },
    });
    expect((await post(webhook.id, 'enable')).body).toMatchObject({ active: true, disabled: null });
    expect((await post<unknown>(webhook.id, 'replay', {})).body).toEqual({ replayed: 0 });
    await post(webhook.id, 'disable');
  });

  it('[M8] is deleted for good: what did not arrive is dropped and counted, and the log says who did it', async () => {
    receiver.answer = () => 500;
    const { webhook } = await listen();
    const tv = await tvOn();
    const { interactionId } = await tv.tell({ type: 'request', request: stalledRequest });
    await receiver.until(([one]) => one);
    const remove = () => ask('DELETE', `/api/admin/webhooks/${webhook.id}`, { cookie: supervisor });
    expect(await ask('DELETE', `/api/admin/webhooks/${webhook.id}`, { cookie: agent })).toMatchObject({ status: 403 });
    expect(await remove()).toMatchObject({ status: 200, body: { dropped: 1 } });
    expect(await remove()).toMatchObject({ status: 404 });
    const listed = await ask<WebhookListed[]>('GET', '/api/admin/webhooks', { cookie: supervisor });
    expect(listed.body.map(({ id }) => id)).not.toContain(webhook.id);
    const said = await vi.waitUntil(() =>
      service
        .output()
        .split('\n')
        .find((line) => line.includes('webhook deleted')),
    );
    expect(JSON.parse(said)).toMatchObject({ webhook: webhook.id, centre: 'demo-northlight', dropped: 1 });
    expect(said).not.toContain(demo.priya.name);
    await command(String(interactionId), leave);
  });

  it.each([
    ['http beyond loopback', { url: 'http://hooks.example/' }, 422],
    ['no address', {}, 400],
    ['an unknown type', { url: 'https://hooks.example/', eventTypes: ['nothing'] }, 400],
    ['a type twice', { url: 'https://hooks.example/', eventTypes: ['closed', 'closed'] }, 400],
    ['a password in the address', { url: 'https://a:b@hooks.example/' }, 422],
  ])('[M8] %s is refused', async (_what, body, status) => {
    expect(await ask('POST', '/api/admin/webhooks', { cookie: supervisor, body })).toMatchObject({ status });
  });

  it('[M8] only supervisors look after webhooks and keys', async () => {
    for (const path of ['webhooks', 'keys']) {
      expect(await ask('GET', `/api/admin/${path}`, { cookie: agent })).toMatchObject({ status: 403 });
      expect(await ask('GET', `/api/admin/${path}`)).toMatchObject({ status: 401 });
      expect(await ask('POST', `/api/admin/${path}`, { cookie: agent, body: {} })).toMatchObject({ status: 403 });
    }
  });

  it('[M8] a webhook that the centre does not have is not found', async () => {
    const id = randomUUID();
    for (const what of ['disable', 'enable', 'rotate', 'test', 'replay']) {
      expect(await post(id, what, {})).toMatchObject({ status: 404 });
    }
    expect(await ask('GET', `/api/admin/webhooks/${id}/troubles`, { cookie: supervisor })).toMatchObject({
      status: 404,
    });
  });
});
