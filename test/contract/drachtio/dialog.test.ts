/** What is said within a call, in both directions. */
import type Srf from 'drachtio-srf';
import { describe, expect, it } from 'vitest';
import { cseqOf, header, tagOf } from '../../support/sip/message.ts';
import { sdp } from '../../support/sip/sdp.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE, BOB, calledIn, calledOut, heard } from '../../support/sip/talk.ts';

const stage = setStage();
const held = sdp({ who: 'alice', direction: 'sendonly', version: 2 });

describe.for([
  ['a call in', calledIn],
  ['a call out', calledOut],
] as const)('in %s', ([, talking]) => {
  it("[drachtio dialog] the peer's re-INVITE is the application's to answer (RFC 3261, 14.2)", async () => {
    const { dialog, call } = await talking(stage);
    dialog.on('modify', (req, res) => res.send(200, { body: `${BOB}a=for:${req.body.length}\r\n` }));
    await call.request('INVITE', { body: held });
    const ok = await call.response(200);
    expect(ok.body.toString()).toBe(`${BOB}a=for:${held.length}\r\n`);
    expect(tagOf(header(ok, 'to'))).toBe(dialog.sip.localTag);
    const acknowledged = heard(dialog, 'ack');
    await call.ack(ok);
    await acknowledged;
    await call.bye();
  });

  it("[drachtio dialog] the application's re-INVITE is answered and acknowledged (RFC 3261, 14.1)", async () => {
    const { dialog, call } = await talking(stage);
    const modified = dialog.modify(held);
    const invite = await call.hears('INVITE');
    expect(invite.body.toString()).toBe(held);
    expect(header(invite, 'contact')).toBeTruthy();
    expect(tagOf(header(invite, 'to'))).toBe(tagOf(call.local));
    await call.respond(invite, 200, { body: BOB });
    const ack = await call.hears('ACK');
    expect(cseqOf(ack).number).toBe(cseqOf(invite).number);
    expect(await modified).toBe(BOB);
    await call.bye();
  });

  it('[drachtio dialog] two re-INVITEs that cross: the one that meets ours is answered 491, and a 491 to ours is told (RFC 3261, 14.1, 14.2)', async () => {
    const { dialog, call } = await talking(stage);
    const refused = expect(dialog.modify(held)).rejects.toMatchObject({ status: 491 });
    const ours = await call.hears('INVITE');
    call.opening = await call.request('INVITE', { body: held });
    await call.ackRefusal(await call.response(491));
    await call.respond(ours, 491);
    await call.hears('ACK');
    await refused;
    // Both have withdrawn: the next one goes through.
    const again = dialog.request({ method: 'INVITE', body: held });
    const second = await call.hears('INVITE');
    await call.respond(second, 200, { body: BOB });
    await call.hears('ACK');
    expect((await again).body).toBe(BOB);
    await call.bye();
  });

  it('[drachtio dialog] INFO, UPDATE, MESSAGE, OPTIONS and NOTIFY from the peer reach the dialog (RFC 6086, 3311, 3428)', async () => {
    const { dialog, call } = await talking(stage);
    for (const method of ['INFO', 'UPDATE', 'MESSAGE', 'OPTIONS', 'NOTIFY'] as const) {
      const event = method.toLowerCase() as 'info';
      const told = heard<[Srf.SrfRequest, Srf.SrfResponse]>(dialog, event);
      await call.request(method, { headers: { 'Content-Type': 'text/plain', Event: 'refer' }, body: `${method} – ü` });
      const [req, res] = await told;
      expect(req.body).toBe(`${method} – ü`);
      res.send(200, { headers: { 'X-Heard': method } });
      expect(header(await call.response(200, method), 'x-heard')).toBe(method);
    }
    await call.bye();
  });

  it('[drachtio dialog] INFO, UPDATE, MESSAGE, OPTIONS and NOTIFY of the application reach the peer, each one number on (RFC 3261, 12.2.1.1)', async () => {
    const { dialog, call } = await talking(stage);
    let before: number | undefined;
    for (const method of ['INFO', 'UPDATE', 'MESSAGE', 'OPTIONS', 'NOTIFY'] as const) {
      const responded = dialog.request({ method, headers: { 'Content-Type': 'text/plain' }, body: 'schöne Grüße 📺' });
      const request = await call.hears(method);
      expect(request.body.toString()).toBe('schöne Grüße 📺');
      const { number } = cseqOf(request);
      expect(number).toBe(before === undefined ? number : before + 1);
      before = number;
      await call.respond(request, 200, { headers: { 'X-Heard': method } });
      expect((await responded).get('X-Heard')).toBe(method);
    }
    await call.bye();
  });

  it('[drachtio dialog] a BYE of the application is answered, and the dialog is gone (RFC 3261, 15)', async () => {
    const { dialog, call } = await talking(stage);
    const destroyed = dialog.destroy({ headers: { 'X-Why': 'lunch' } });
    const bye = await call.hears('BYE');
    expect(header(bye, 'x-why')).toBe('lunch');
    await call.respond(bye, 200);
    await destroyed;
    await call.request('INFO');
    await call.response(481, 'INFO');
  });
});

it('[drachtio dialog] hold and taking it back are told and answered (RFC 3264, 8.4)', async () => {
  const { dialog, call } = await calledIn(stage);
  dialog.on('unhold', () => undefined);
  const onHold = heard(dialog, 'hold');
  await call.request('INVITE', { body: ALICE.replace('sendrecv', 'sendonly') });
  await onHold;
  const answered = await call.answered();
  expect(answered.body.toString()).toContain('a=recvonly');
  expect(dialog.onHold).toBe(true);
  const back = heard(dialog, 'unhold');
  await call.request('INVITE', { body: ALICE });
  await back;
  expect((await call.answered()).body.toString()).toContain('a=sendrecv');
  await call.bye();
});

it('[drachtio dialog] the application holds and takes it back (RFC 3264, 8.4)', async () => {
  const { dialog, call } = await calledIn(stage);
  for (const [word, direction] of [
    ['hold', 'inactive'],
    ['unhold', 'sendrecv'],
  ] as const) {
    const modified = dialog.modify(word);
    const invite = await call.hears('INVITE');
    expect(invite.body.toString()).toContain(`a=${direction}`);
    await call.respond(invite, 200, { body: ALICE });
    await call.hears('ACK');
    await modified;
  }
  await call.bye();
});

it('[drachtio dialog] a re-INVITE from a new Contact moves the target of what follows (RFC 3261, 12.2.2)', async () => {
  const { dialog, call } = await calledIn(stage);
  const mobile = await stage.peer('mobile');
  await call.request('INVITE', { headers: { Contact: mobile.contact }, body: ALICE });
  await call.answered();
  const destroyed = dialog.destroy();
  const bye = await mobile.next('BYE');
  expect(bye.start).toBe(`BYE ${mobile.uri} SIP/2.0`);
  await mobile.respond(bye, 200);
  await destroyed;
});

it('[drachtio dialog] REFER from the peer is accepted, and NOTIFY says how it goes (RFC 3515)', async () => {
  const { dialog, call } = await calledIn(stage);
  const referred = heard<[Srf.SrfRequest, Srf.SrfResponse]>(dialog, 'refer');
  await call.request('REFER', { headers: { 'Refer-To': '<sip:carol@example.com>', 'Referred-By': call.local } });
  const [req, res] = await referred;
  expect(req.getParsedHeader('refer-to').uri).toBe('sip:carol@example.com');
  res.send(202);
  await call.response(202, 'REFER');
  const notified = dialog.request({
    method: 'NOTIFY',
    headers: {
      Event: 'refer',
      'Subscription-State': 'terminated;reason=noresource',
      'Content-Type': 'message/sipfrag;version=2.0',
    },
    body: 'SIP/2.0 200 OK',
  });
  const notify = await call.hears('NOTIFY');
  expect(header(notify, 'subscription-state')).toBe('terminated;reason=noresource');
  expect(notify.body.toString()).toBe('SIP/2.0 200 OK');
  await call.respond(notify, 200);
  expect((await notified).status).toBe(200);
  await call.bye();
});

it('[drachtio dialog] REFER of the application, and the NOTIFY that follows (RFC 3515)', async () => {
  const { dialog, call } = await calledOut(stage);
  const referring = dialog.request({ method: 'REFER', headers: { 'Refer-To': '<sip:carol@example.com>' } });
  const refer = await call.hears('REFER');
  expect(header(refer, 'refer-to')).toBe('<sip:carol@example.com>');
  await call.respond(refer, 202);
  expect((await referring).status).toBe(202);
  const notified = heard<[Srf.SrfRequest, Srf.SrfResponse]>(dialog, 'notify');
  await call.request('NOTIFY', {
    headers: { Event: 'refer', 'Subscription-State': 'active', 'Content-Type': 'message/sipfrag' },
    body: 'SIP/2.0 100 Trying',
  });
  const [notify, res] = await notified;
  expect(notify.body).toBe('SIP/2.0 100 Trying');
  res.send(200);
  await call.response(200, 'NOTIFY');
  await call.bye();
});
