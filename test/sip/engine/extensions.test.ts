/** Extensions that somebody must know: who says that they are not known (RFC 3261, 8.2.2.3, 16.3). */
import { expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { header, headers } from '../../support/sip/message.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE } from '../../support/sip/talk.ts';

const stage = setStage();

it('[RFC 3261 16.3] a request that asks proxies for what we do not know is forwarded nowhere: 420', async () => {
  const bob = await stage.peer('bob');
  await stage.application({ invite: (req) => void req.proxy({ destination: bob.uri }).catch(() => undefined) });
  const alice = await stage.peer('alice');
  const call = await Call.begin(alice, 'bob', { headers: { 'Proxy-Require': 'foo, bar' }, body: ALICE });
  const refusal = await call.response(420);
  expect(headers(refusal, 'unsupported')).toEqual(['foo', 'bar']);
  await call.ackRefusal(refusal);
  expect(bob.count('INVITE')).toBe(0);
});

it('[RFC 3261 8.2.2.3] what a request asks of its other end is for the application to know', async () => {
  const asked: string[] = [];
  await stage.application({
    invite(req, res) {
      asked.push(req.get('Require'));
      res.send(420, { headers: { Unsupported: req.get('Require') } });
    },
  });
  const call = await Call.begin(await stage.peer('alice'), 'bob', { headers: { Require: 'foo' }, body: ALICE });
  const refusal = await call.response(420);
  expect(header(refusal, 'unsupported')).toBe('foo');
  await call.ackRefusal(refusal);
  expect(asked).toEqual(['foo']);
});

it('[RFC 6665 4.1.2.4] a SUBSCRIBE that forked: one fork has the dialog, the others are told 481', async () => {
  const { srf } = await stage.application();
  const bob = await stage.peer('bob');
  const told: string[] = [];
  const subscribing = srf.createUAC(bob.uri, { method: 'SUBSCRIBE', headers: { Event: 'presence', Expires: '60' } });
  const subscribe = await bob.next('SUBSCRIBE');
  const [desk, mobile] = [Call.from(bob, subscribe), Call.from(bob, subscribe)];
  await desk.respond(subscribe, 202, { headers: { Expires: '60' } });
  const dialog = await subscribing;
  dialog.on('notify', (req, res) => {
    told.push(req.body);
    res.send(200);
  });
  const state = { Event: 'presence', 'Subscription-State': 'active;expires=60', 'Content-Type': 'text/plain' };
  await desk.request('NOTIFY', { headers: state, body: 'at the desk' });
  await desk.response(200, 'NOTIFY');
  // The SUBSCRIBE was answered: another fork is not wanted, and is told so.
  await mobile.request('NOTIFY', { headers: state, body: 'on the mobile' });
  await mobile.response(481, 'NOTIFY');
  expect(told).toEqual(['at the desk']);
});
