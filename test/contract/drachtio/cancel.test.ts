/** CANCEL, in and out, and what it meets on its way (RFC 3261, 9). */
import type Srf from 'drachtio-srf';
import { expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { cseqOf, header, methodOf, parameterOf, tagOf, targetOf } from '../../support/sip/message.ts';
import { newBranch } from '../../support/sip/peer.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE, BOB, calledIn, heard } from '../../support/sip/talk.ts';

const stage = setStage();

/** alice's call has reached the application, which has not answered. */
async function ringing(status?: 180 | 183) {
  const invite = Promise.withResolvers<[Srf.SrfRequest, Srf.SrfResponse]>();
  const { srf } = await stage.application({ invite: (req, res) => invite.resolve([req, res]) });
  const alice = await stage.peer('alice');
  const call = await Call.begin(alice, 'bob', { body: ALICE });
  const [req, res] = await invite.promise;
  await call.response(100);
  if (status !== undefined) {
    res.send(status);
    await call.response(status);
  }
  return { srf, alice, call, req, res };
}

it.for([undefined, 180] as const)(
  '[drachtio cancel] a CANCEL is answered 200, its INVITE 487, and the application is told why (after %s; RFC 3261, 9.2)',
  async (status) => {
    const { call, req } = await ringing(status);
    const canceled = heard<[Srf.SipMessage]>(req, 'cancel');
    await call.cancel({ Reason: 'SIP;cause=200;text="Call completed elsewhere"' });
    const ok = await call.response(200, 'CANCEL');
    const terminated = await call.response(487);
    expect(parameterOf(header(ok, 'via'), 'branch')).toBe(parameterOf(header(call.opening!, 'via'), 'branch'));
    expect(tagOf(header(terminated, 'to'))).toBeTruthy();
    await call.ackRefusal(terminated);
    const [cancel] = await canceled;
    expect(cancel.get('Reason')).toContain('elsewhere');
  },
);

it('[drachtio cancel] who answers a call that was taken back is told so (RFC 3261, 9.2)', async () => {
  const { srf, call, req, res } = await ringing(180);
  const canceled = heard(req, 'cancel');
  await call.cancel();
  await canceled;
  const answering = srf.createUAS(req, res, { localSdp: BOB });
  await call.ackRefusal(await call.response(487));
  await expect(answering).rejects.toBeDefined();
  expect(call.peer.count('200 INVITE')).toBe(0);
});

it('[drachtio cancel] a CANCEL that crosses the 200 changes nothing (RFC 3261, 9.2)', async () => {
  const { srf, alice, call, req, res } = await ringing(180);
  const dialog = await srf.createUAS(req, res, { localSdp: BOB });
  await call.cancel();
  await call.response(200, 'CANCEL');
  const acknowledged = heard(dialog, 'ack');
  await call.answered();
  await acknowledged;
  expect(alice.count(487)).toBe(0);
  await call.bye();
});

it('[drachtio cancel] a CANCEL of no transaction is answered 481, and the call goes on (RFC 3261, 9.2)', async () => {
  const { alice, call, req, res } = await ringing(180);
  let canceled = false;
  req.on('cancel', () => (canceled = true));
  await call.cancel({ Via: alice.via(newBranch()) });
  await call.response(481, 'CANCEL');
  res.send(480);
  await call.ackRefusal(await call.response(480));
  expect(canceled).toBe(false);
});

it('[drachtio cancel] a call out that is taken back before anybody answered waits for a response first (RFC 3261, 9.1)', async () => {
  const { srf } = await stage.application();
  const bob = await stage.peer('bob');
  const sent = Promise.withResolvers<Srf.SrfRequest>();
  const calling = srf.createUAC(bob.uri, { localSdp: ALICE }, { cbRequest: (_error, req) => sent.resolve(req) });
  const refused = expect(calling).rejects.toMatchObject({ status: 487 });
  const request = await sent.promise;
  const invite = await bob.next('INVITE');
  request.cancel(() => undefined);
  // The second INVITE comes half a second later: by then a CANCEL would have come.
  await bob.next('INVITE');
  expect(bob.count('CANCEL')).toBe(0);
  await bob.respond(invite, 180);
  const cancel = await bob.next('CANCEL');
  expect(header(cancel, 'via')).toBe(header(invite, 'via'));
  expect(targetOf(cancel)).toBe(targetOf(invite));
  expect(cseqOf(cancel)).toEqual({ number: cseqOf(invite).number, method: 'CANCEL' });
  expect(header(cancel, 'to')).toBe(header(invite, 'to'));
  await bob.respond(cancel, 200);
  await bob.respond(invite, 487);
  await bob.next('ACK');
  await refused;
});

it('[drachtio cancel] a call out that rings is taken back, with the reason given (RFC 3261, 9.1; RFC 3326)', async () => {
  const { srf } = await stage.application();
  const bob = await stage.peer('bob');
  const sent = Promise.withResolvers<Srf.SrfRequest>();
  const rings = Promise.withResolvers<void>();
  const calling = srf.createUAC(
    bob.uri,
    { localSdp: ALICE },
    { cbRequest: (_error, req) => sent.resolve(req), cbProvisional: () => rings.resolve() },
  );
  const refused = expect(calling).rejects.toMatchObject({ status: 487 });
  const invite = await bob.next('INVITE');
  await bob.respond(invite, 180);
  await rings.promise;
  (await sent.promise).cancel({ headers: { Reason: 'SIP;cause=600' } });
  const cancel = await bob.next('CANCEL');
  expect(header(cancel, 'reason')).toBe('SIP;cause=600');
  await bob.respond(cancel, 200);
  await bob.respond(invite, 487);
  await bob.next('ACK');
  await refused;
});

it('[drachtio cancel] a 200 that crosses our CANCEL is acknowledged, and the call hung up (RFC 3261, 9.1)', async () => {
  const { srf } = await stage.application();
  const bob = await stage.peer('bob');
  const sent = Promise.withResolvers<Srf.SrfRequest>();
  const rings = Promise.withResolvers<void>();
  const calling = srf.createUAC(
    bob.uri,
    { localSdp: ALICE },
    { cbRequest: (_error, req) => sent.resolve(req), cbProvisional: () => rings.resolve() },
  );
  const invite = await bob.next('INVITE');
  const call = Call.from(bob, invite);
  await call.respond(invite, 180);
  await rings.promise;
  (await sent.promise).cancel(() => undefined);
  const cancel = await bob.next('CANCEL');
  await call.respond(invite, 200, { body: BOB });
  await call.respond(cancel, 200);
  await call.hears('ACK');
  // The server hangs up by itself, or leaves it to the application: nobody is left in a call.
  void calling.then((dialog) => dialog.destroy()).catch(() => undefined);
  await call.respond(await call.hears('BYE'), 200);
});

it('[drachtio cancel] a forged CANCEL of an answered call leaves it alone (RFC 3261, 9.2)', async () => {
  const { call, dialog } = await calledIn(stage);
  const mallory = await stage.peer('mallory');
  await mallory.say(call.compose('CANCEL', { headers: { Via: mallory.via(newBranch()), CSeq: '1 CANCEL' } }));
  await mallory.next('481 CANCEL');
  const info = dialog.request({ method: 'INFO', headers: { 'Content-Type': 'text/plain' }, body: 'still here' });
  await call.respond(await call.hears('INFO'), 200);
  expect((await info).status).toBe(200);
  expect(call.peer.count((message) => methodOf(message) === 'BYE')).toBe(0);
});
