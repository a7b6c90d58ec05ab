/** Webhooks of a contact centre's own systems: set up by HTTP, and what then comes of the running service. */
import { createHmac, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { WebhookCreated, WebhookListed } from '../../../src/protocol/admin.ts';
import { demo } from '../../support/demo.ts';
import { openReceiver, type Received, type Receiver } from '../../support/receiver.ts';
import { stalledRequest } from '../../support/wire.ts';
import { leave, setSystems } from './systems.ts';

const systems = setSystems();

describe('webhooks at the running service', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await openReceiver();
    return () => receiver.close();
  });

  async function listen(body: object = {}): Promise<WebhookCreated> {
    const created = await systems.ask<WebhookCreated>('POST', '/api/admin/webhooks', {
      cookie: systems.supervisor,
      body: { url: receiver.url, ...body },
    });
    expect(created.status).toBe(201);
    return created.body;
  }
  const post = <T = WebhookListed>(id: string, what: string, body?: unknown) =>
    systems.ask<T>('POST', `/api/admin/webhooks/${id}/${what}`, { cookie: systems.supervisor, body });

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
    const tv = await systems.tvOn();
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
    const listed = await systems.ask<WebhookListed[]>('GET', '/api/admin/webhooks', { cookie: systems.supervisor });
    expect(JSON.stringify(listed.body)).not.toContain('whsec_');
    await post(webhook.id, 'disable');
  });

  it('[M8] what was under way when the service was killed is delivered again, under the same id', async () => {
    const { webhook } = await listen();
    // The event arrived; the answer never does.
    receiver.answer = () => () => {};
    const tv = await systems.tvOn();
    const { interactionId } = await tv.tell({ type: 'request', request: stalledRequest });
    const first = await receiver.until(([one]) => one);
    await systems.service.kill('SIGKILL');
    receiver.answer = () => 204;
    await systems.service.restart();
    const again = await receiver.until((received) => received.find(({ status }) => status === 204));
    expect(again.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(again.body).toBe(first.body);
    await receiver.until((received) => received.find(({ event }) => event.data.type === 'queued'));
    await systems.command(String(interactionId), leave);
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
    const changed = await systems.ask<WebhookListed>('PUT', `/api/admin/webhooks/${webhook.id}`, {
      cookie: systems.supervisor,
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
    const tv = await systems.tvOn();
    const { interactionId } = await tv.tell({ type: 'request', request: stalledRequest });
    await receiver.until(([one]) => one);
    const remove = () => systems.ask('DELETE', `/api/admin/webhooks/${webhook.id}`, { cookie: systems.supervisor });
    expect(await systems.ask('DELETE', `/api/admin/webhooks/${webhook.id}`, { cookie: systems.agent })).toMatchObject({
      status: 403,
    });
    expect(await remove()).toMatchObject({ status: 200, body: { dropped: 1 } });
    expect(await remove()).toMatchObject({ status: 404 });
    const listed = await systems.ask<WebhookListed[]>('GET', '/api/admin/webhooks', { cookie: systems.supervisor });
    expect(listed.body.map(({ id }) => id)).not.toContain(webhook.id);
    const lines = () => systems.service.output().split('\n');
    const deleted = () => lines().find((line) => line.includes('webhook deleted'));
    await expect.poll(deleted).toBeDefined();
    const said = deleted() ?? '';
    expect(JSON.parse(said)).toMatchObject({ webhook: webhook.id, centre: 'demo-northlight', dropped: 1 });
    expect(said).not.toContain(demo.priya.name);
    await systems.command(String(interactionId), leave);
  });

  it.each([
    ['http beyond loopback', { url: 'http://hooks.example/' }, 422],
    ['no address', {}, 400],
    ['an unknown type', { url: 'https://hooks.example/', eventTypes: ['nothing'] }, 400],
    ['a type twice', { url: 'https://hooks.example/', eventTypes: ['closed', 'closed'] }, 400],
    ['a password in the address', { url: 'https://a:b@hooks.example/' }, 422],
  ])('[M8] %s is refused', async (_what, body, status) => {
    expect(await systems.ask('POST', '/api/admin/webhooks', { cookie: systems.supervisor, body })).toMatchObject({
      status,
    });
  });

  it('[M8] only supervisors look after webhooks and keys', async () => {
    for (const path of ['webhooks', 'keys']) {
      expect(await systems.ask('GET', `/api/admin/${path}`, { cookie: systems.agent })).toMatchObject({ status: 403 });
      expect(await systems.ask('GET', `/api/admin/${path}`)).toMatchObject({ status: 401 });
      expect(await systems.ask('POST', `/api/admin/${path}`, { cookie: systems.agent, body: {} })).toMatchObject({
        status: 403,
      });
    }
  });

  it('[M8] a webhook that the centre does not have is not found', async () => {
    const id = randomUUID();
    for (const what of ['disable', 'enable', 'rotate', 'test', 'replay']) {
      expect(await post(id, what, {})).toMatchObject({ status: 404 });
    }
    expect(
      await systems.ask('GET', `/api/admin/webhooks/${id}/troubles`, { cookie: systems.supervisor }),
    ).toMatchObject({
      status: 404,
    });
  });
});
