/** Provisional responses that arrive for certain (RFC 3262). */
import type Srf from 'drachtio-srf';
import { expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { cseqOf, header, tagOf } from '../../support/sip/message.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE, BOB } from '../../support/sip/talk.ts';

const stage = setStage();

it('[drachtio prack] a reliable 183 out has a number, goes out until its PRACK comes, and the application is told (RFC 3262, 3)', async () => {
  const invite = Promise.withResolvers<[Srf.SrfRequest, Srf.SrfResponse]>();
  const { srf } = await stage.application({ invite: (req, res) => invite.resolve([req, res]) });
  const alice = await stage.peer('alice');
  const call = await Call.begin(alice, 'bob', { headers: { Supported: '100rel' }, body: ALICE });
  const [req, res] = await invite.promise;
  const pracked = new Promise<Srf.SrfRequest>((done) => {
    res.send(183, { headers: { Require: '100rel' }, body: BOB }, () => undefined, done);
  });
  const progress = await call.response(183);
  expect(header(progress, 'require')).toBe('100rel');
  const number = header(progress, 'rseq') ?? '';
  expect(Number(number)).toBeGreaterThan(0);
  const again = await call.response(183);
  expect(header(again, 'rseq')).toBe(number);
  await call.request('PRACK', { headers: { RAck: `${number} ${header(call.opening!, 'cseq')}` } });
  await call.response(200, 'PRACK');
  expect((await pracked).get('RAck')).toBe(`${number} 1 INVITE`);
  await srf.createUAS(req, res, { localSdp: BOB });
  await call.answered();
  await call.bye();
});

it('[drachtio prack] a PRACK of nothing that was sent is answered 481 (RFC 3262, 3)', async () => {
  const invite = Promise.withResolvers<[Srf.SrfRequest, Srf.SrfResponse]>();
  await stage.application({ invite: (req, res) => invite.resolve([req, res]) });
  const call = await Call.begin(await stage.peer('alice'), 'bob', { headers: { Supported: '100rel' }, body: ALICE });
  const [, res] = await invite.promise;
  res.send(183, { headers: { Require: '100rel' }, body: BOB });
  const progress = await call.response(183);
  const number = Number(header(progress, 'rseq'));
  await call.request('PRACK', { headers: { RAck: `${number + 7} 1 INVITE` } });
  await call.response(481, 'PRACK');
  await call.request('PRACK', { headers: { RAck: `${number} 1 INVITE` } });
  await call.response(200, 'PRACK');
  res.send(480);
  call.cseq = 1;
  await call.ackRefusal(await call.response(480));
});

it('[drachtio prack] a reliable 183 in is answered with PRACK in the early dialog (RFC 3262, 4)', async () => {
  const { srf } = await stage.application();
  const bob = await stage.peer('bob');
  const calling = srf.createUAC(bob.uri, { localSdp: ALICE, headers: { Supported: '100rel' } });
  const invite = await bob.next('INVITE');
  const call = Call.from(bob, invite);
  await call.respond(invite, 183, { headers: { Require: '100rel', RSeq: '4711' }, body: BOB });
  const prack = await call.hears('PRACK');
  expect(header(prack, 'rack')).toBe(`4711 ${header(invite, 'cseq')}`);
  expect(cseqOf(prack).number).toBeGreaterThan(cseqOf(invite).number);
  expect(tagOf(header(prack, 'to'))).toBe(tagOf(call.local));
  await call.respond(prack, 200);
  await call.respond(invite, 200, { body: BOB });
  const ack = await call.hears('ACK');
  expect(cseqOf(ack).number).toBe(cseqOf(invite).number);
  await calling;
  await call.bye();
});
