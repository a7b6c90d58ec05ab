/** SUBSCRIBE and NOTIFY in their own dialogs, and what is sent out of any (RFC 6665). */
import type Srf from 'drachtio-srf';
import { expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { header, statusOf, tagOf } from '../../support/sip/message.ts';
import { setStage } from '../../support/sip/stage.ts';
import { heard } from '../../support/sip/talk.ts';

const stage = setStage();

/** alice has subscribed to the application. */
async function subscribed() {
  const dialog = Promise.withResolvers<Srf.Dialog>();
  const { srf } = await stage.application({
    subscribe(req, res) {
      const headers = { Expires: '600' };
      srf.createUAS(req, res, { localSdp: '', headers }).then(dialog.resolve, dialog.reject);
    },
  });
  const alice = await stage.peer('alice');
  const call = await Call.begin(alice, 'queue', {
    method: 'SUBSCRIBE',
    headers: { Event: 'presence', Expires: '600' },
  });
  const accepted = await call.response(202, 'SUBSCRIBE');
  expect(header(accepted, 'expires')).toBe('600');
  return { call, dialog: await dialog.promise };
}

it('[drachtio subscribe] a SUBSCRIBE in makes a dialog, and NOTIFY goes out in it (RFC 6665, 4.2.1)', async () => {
  const { call, dialog } = await subscribed();
  expect(dialog.dialogType).toBe('SUBSCRIBE');
  const notified = dialog.request({
    method: 'NOTIFY',
    headers: {
      Event: 'presence',
      'Subscription-State': 'active;expires=600',
      'Content-Type': 'application/pidf+xml',
    },
    body: '<note>zu Tisch – bis gleich</note>',
  });
  const notify = await call.hears('NOTIFY');
  expect(header(notify, 'subscription-state')).toBe('active;expires=600');
  expect(header(notify, 'event')).toBe('presence');
  expect(notify.body.toString()).toBe('<note>zu Tisch – bis gleich</note>');
  expect(tagOf(header(notify, 'from'))).toBe(tagOf(call.remote));
  await call.respond(notify, 200);
  expect((await notified).status).toBe(200);
});

it('[drachtio subscribe] refreshing and ending a subscription reach its dialog (RFC 6665, 4.1.2)', async () => {
  const { call, dialog } = await subscribed();
  const refreshed = heard<[Srf.SrfRequest, Srf.SrfResponse]>(dialog, 'subscribe');
  await call.request('SUBSCRIBE', { headers: { Event: 'presence', Expires: '900' } });
  const [, res] = await refreshed;
  res.send(200, { headers: { Expires: '900' } });
  expect(header(await call.response(200, 'SUBSCRIBE'), 'expires')).toBe('900');
  const ended = heard(dialog, 'unsubscribe');
  await call.request('SUBSCRIBE', { headers: { Event: 'presence', Expires: '0' } });
  await call.response(202, 'SUBSCRIBE');
  await ended;
});

it('[drachtio subscribe] a SUBSCRIBE out, and NOTIFY until the notifier ends it (RFC 6665, 4.1.3)', async () => {
  const { srf } = await stage.application();
  const bob = await stage.peer('bob');
  const subscribing = srf.createUAC(bob.uri, {
    method: 'SUBSCRIBE',
    headers: { Event: 'dialog', Expires: '600', To: `<${bob.uri}>` },
  });
  const subscribe = await bob.next('SUBSCRIBE');
  expect(header(subscribe, 'event')).toBe('dialog');
  const call = Call.from(bob, subscribe);
  await call.respond(subscribe, 202, { headers: { Expires: '600' } });
  const dialog = await subscribing;
  const told = heard<[Srf.SrfRequest, Srf.SrfResponse]>(dialog, 'notify');
  await call.request('NOTIFY', { headers: { Event: 'dialog', 'Subscription-State': 'active;expires=600' } });
  const [, res] = await told;
  res.send(200);
  await call.response(200, 'NOTIFY');
  const ended = heard<[Srf.SrfRequest, Srf.SrfResponse]>(dialog, 'notify');
  await call.request('NOTIFY', { headers: { Event: 'dialog', 'Subscription-State': 'terminated;reason=timeout' } });
  const [last, response] = await ended;
  expect(last.get('Subscription-State')).toBe('terminated;reason=timeout');
  response.send(200);
  await call.response(200, 'NOTIFY');
});

it('[drachtio subscribe] an event nobody knows is refused by the application with 489 (RFC 6665, 4.2.1.1)', async () => {
  await stage.application({ subscribe: (_req, res) => res.send(489, { headers: { 'Allow-Events': 'presence' } }) });
  const call = await Call.begin(await stage.peer('alice'), 'queue', {
    method: 'SUBSCRIBE',
    headers: { Event: 'weather' },
  });
  expect(header(await call.response(489, 'SUBSCRIBE'), 'allow-events')).toBe('presence');
});

it.for(['MESSAGE', 'OPTIONS', 'PUBLISH', 'REFER', 'NOTIFY'] as const)(
  '[drachtio request] %s out of dialog reaches the application that takes it (RFC 3261, 8.2)',
  async (method) => {
    const route = method.toLowerCase() as 'message';
    await stage.application({
      [route]: (req: Srf.SrfRequest, res: Srf.SrfResponse) => {
        res.send(200, { headers: { 'X-Length': String(Buffer.byteLength(req.body ?? '')) } });
      },
    });
    const alice = await stage.peer('alice');
    const body = method === 'OPTIONS' ? '' : 'Störung – kein Bild';
    const call = await Call.begin(alice, 'desk', {
      method,
      headers: { 'Content-Type': 'text/plain', Event: 'presence', 'Refer-To': '<sip:carol@example.com>' },
      body,
    });
    const ok = await alice.next((message) => (statusOf(message) ?? 0) >= 200);
    expect(ok.start).toMatch(/ 200 /);
    expect(header(ok, 'x-length')).toBe(String(Buffer.byteLength(body)));
    expect(header(ok, 'call-id')).toBe(call.callId);
  },
);
