/** Late offers: the 200 brings the offer and the ACK the answer (RFC 3261, 13.2.1; RFC 3264). */
import type Srf from 'drachtio-srf';
import { expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { header } from '../../support/sip/message.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE, BOB, calledIn, calledOut } from '../../support/sip/talk.ts';

const stage = setStage();

it('[drachtio late offer] a call out without SDP: the answer goes out in the ACK (RFC 3261, 13.2.2.4)', async () => {
  const { srf } = await stage.application();
  const bob = await stage.peer('bob');
  const calling = srf.createUAC(bob.uri, { noAck: true }) as unknown as Promise<Srf.LateOffer>;
  const invite = await bob.next('INVITE');
  expect(invite.body).toHaveLength(0);
  expect(header(invite, 'content-type')).toBeUndefined();
  const call = Call.from(bob, invite);
  await call.respond(invite, 200, { body: BOB });
  const late = await calling;
  expect(late.sdp).toBe(BOB);
  const acknowledging = late.ack(ALICE);
  const ack = await call.hears('ACK');
  expect(ack.body.toString()).toBe(ALICE);
  expect(header(ack, 'content-type')).toBe('application/sdp');
  const dialog = await acknowledging;
  expect(dialog.local.sdp).toBe(ALICE);
  const destroyed = dialog.destroy();
  await call.respond(await call.hears('BYE'), 200);
  await destroyed;
});

it('[drachtio late offer] a 200 that comes again is acknowledged again, with the same answer (RFC 3261, 13.2.2.4)', async () => {
  const { srf } = await stage.application();
  const bob = await stage.peer('bob');
  const calling = srf.createUAC(bob.uri, { noAck: true }) as unknown as Promise<Srf.LateOffer>;
  const invite = await bob.next('INVITE');
  const call = Call.from(bob, invite);
  await call.respond(invite, 200, { body: BOB });
  const acknowledging = (await calling).ack(ALICE);
  const first = await call.hears('ACK');
  await acknowledging;
  await call.respond(invite, 200, { body: BOB });
  const second = await call.hears('ACK');
  expect(second.body).toEqual(first.body);
  await call.bye();
});

it('[drachtio late offer] a call in without SDP: the application offers, and the ACK brings the answer (RFC 3261, 13.3.1.4)', async () => {
  const dialog = Promise.withResolvers<Srf.Dialog>();
  const { srf } = await stage.application({
    invite(req, res) {
      srf.createUAS(req, res, { localSdp: BOB }).then(dialog.resolve, dialog.reject);
    },
  });
  const call = await Call.begin(await stage.peer('alice'), 'bob');
  const uas = await dialog.promise;
  const acknowledged = new Promise((done) => uas.on('ack', done));
  const ok = await call.response(200);
  expect(ok.body.toString()).toBe(BOB);
  await call.ack(ok, ALICE);
  await acknowledged;
  expect(uas.remote.sdp).toBe(ALICE);
  await call.bye();
});

it('[drachtio late offer] a re-INVITE of ours without SDP is answered in the ACK (RFC 3261, 14.1)', async () => {
  const { dialog, call } = await calledOut(stage);
  const asked = dialog.modify({ noAck: true }) as unknown as Promise<Srf.LateAnswer>;
  const invite = await call.hears('INVITE');
  expect(invite.body).toHaveLength(0);
  await call.respond(invite, 200, { body: BOB });
  const { sdp, ack } = await asked;
  expect(sdp).toBe(BOB);
  ack(ALICE);
  expect((await call.hears('ACK')).body.toString()).toBe(ALICE);
  await call.bye();
});

it("[drachtio late offer] a peer's re-INVITE without SDP gets our offer (RFC 3261, 14.2)", async () => {
  const { dialog, call } = await calledIn(stage);
  dialog.on('modify', (req, res) => {
    expect(req.body).toBeFalsy();
    res.send(200, { body: BOB });
  });
  await call.request('INVITE');
  const ok = await call.response(200);
  expect(ok.body.toString()).toBe(BOB);
  const acknowledged = new Promise<Srf.SrfRequest>((done) => dialog.on('ack', done));
  await call.ack(ok, ALICE);
  expect((await acknowledged).body).toBe(ALICE);
  await call.bye();
});
