/** Offers that meet, and provisional responses out of order: what is refused before an application hears of it. */
import type Srf from 'drachtio-srf';
import { describe, expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { header } from '../../support/sip/message.ts';
import { sdp } from '../../support/sip/sdp.ts';
import { startServer } from '../../support/sip/server.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE, BOB, calledIn, calledOut, heard } from '../../support/sip/talk.ts';

const stage = setStage(() => startServer({ t1: 50 }));
const held = sdp({ who: 'alice', direction: 'sendonly', version: 2 });

/** alice's call has reached the application, and rings. */
async function ringing() {
  const invite = Promise.withResolvers<[Srf.SrfRequest, Srf.SrfResponse]>();
  const updates: string[] = [];
  const { srf } = await stage.application({ invite: (req, res) => invite.resolve([req, res]) });
  const alice = await stage.peer('alice');
  const call = await Call.begin(alice, 'bob', { headers: { Supported: '100rel' }, body: ALICE });
  const [req, res] = await invite.promise;
  req.on('update', (update: Srf.SrfRequest, accept: Srf.SrfResponse) => {
    updates.push(update.body);
    accept.send(200, { body: BOB });
  });
  return { srf, call, req, res, updates };
}

function retryAfter(response: Parameters<typeof header>[0]): number {
  return Number(header(response, 'retry-after'));
}

describe('UPDATE', () => {
  it('[RFC 3311 5.2] with an offer that comes before the offer of the INVITE was answered is told to come again', async () => {
    const { call, res, updates } = await ringing();
    res.send(180);
    await call.response(180);
    await call.request('UPDATE', { body: held });
    const refusal = await call.response(500, 'UPDATE');
    expect(retryAfter(refusal)).toBeGreaterThan(0);
    expect(retryAfter(refusal)).toBeLessThanOrEqual(10);
    expect(updates).toEqual([]);
    res.send(480);
    call.cseq = 1;
    await call.ackRefusal(await call.response(480));
  });

  it('[RFC 3311 5.1] once a reliable 183 has answered it, an offer in the early dialog goes through', async () => {
    const { srf, call, req, res, updates } = await ringing();
    const pracked = new Promise((done) => {
      res.send(183, { headers: { Require: '100rel' }, body: BOB }, () => undefined, done);
    });
    const progress = await call.response(183);
    await call.request('PRACK', { headers: { RAck: `${header(progress, 'rseq')} 1 INVITE` } });
    await call.response(200, 'PRACK');
    await pracked;
    await call.request('UPDATE', { body: held });
    expect((await call.response(200, 'UPDATE')).body.toString()).toBe(BOB);
    expect(updates).toEqual([held]);
    await srf.createUAS(req, res, { localSdp: BOB });
    await call.answered();
    await call.bye();
  });

  it.for([
    ['a call in', calledIn],
    ['a call out', calledOut],
  ] as const)(
    '[RFC 3311 5.2] in %s: an offer that meets ours is refused with 491, and ours with its own',
    async ([, talking]) => {
      const { dialog, call } = await talking(stage);
      const told: string[] = [];
      dialog.on('update', (req: Srf.SrfRequest) => told.push(req.body));
      const responded = dialog.request({ method: 'UPDATE', body: ALICE });
      const ours = await call.hears('UPDATE');
      await call.request('UPDATE', { body: held });
      await call.response(491, 'UPDATE');
      await call.request('INVITE', { body: held });
      call.opening = { ...call.compose('INVITE') };
      await call.response(491);
      await call.respond(ours, 200, { body: BOB });
      expect((await responded).status).toBe(200);
      expect(told).toEqual([]);
    },
  );

  it('[RFC 3311 5.2] one at a time: the second waits for the answer to the first, with an offer or without', async () => {
    const { dialog, call } = await calledIn(stage);
    const update = heard<[Srf.SrfRequest, Srf.SrfResponse]>(dialog, 'update');
    await call.request('UPDATE', { body: held });
    const [, res] = await update;
    for (const body of [held, '']) {
      await call.request('UPDATE', { body });
      expect(retryAfter(await call.response(500, 'UPDATE'))).toBeGreaterThan(0);
    }
    res.send(200, { body: BOB });
    await call.response(200, 'UPDATE');
    dialog.on('update', (_req: Srf.SrfRequest, last: Srf.SrfResponse) => last.send(200, { body: BOB }));
    await call.request('UPDATE', { body: held });
    await call.response(200, 'UPDATE');
    await call.bye();
  });

  it('[RFC 3311 5.2] one that was refused leaves nothing behind', async () => {
    const { dialog, call } = await calledIn(stage);
    dialog.on('update', (_req: Srf.SrfRequest, res: Srf.SrfResponse) => res.send(488));
    for (let count = 0; count < 2; count += 1) {
      await call.request('UPDATE', { body: held });
      await call.response(488, 'UPDATE');
    }
    const refused = dialog.request({ method: 'UPDATE', body: ALICE });
    await call.respond(await call.hears('UPDATE'), 488);
    expect((await refused).status).toBe(488);
    await call.request('UPDATE', { body: held });
    await call.response(488, 'UPDATE');
    await call.bye();
  });
});

describe('PRACK', () => {
  it('[RFC 3262 7.2] is 481 where its RAck names another request than the INVITE', async () => {
    const { call, res } = await ringing();
    res.send(183, { headers: { Require: '100rel' }, body: BOB });
    const number = header(await call.response(183), 'rseq') ?? '';
    for (const rack of [`${number} 2 INVITE`, `${number} 1 UPDATE`]) {
      await call.request('PRACK', { headers: { RAck: rack } });
      await call.response(481, 'PRACK');
    }
    await call.request('PRACK', { headers: { RAck: `${number} 1 INVITE` } });
    await call.response(200, 'PRACK');
    res.send(480);
    call.cseq = 1;
    await call.ackRefusal(await call.response(480));
  });

  it('[RFC 3262 3] is waited for by the 200, where the 183 describes the session', async () => {
    const { srf, call, req, res } = await ringing();
    res.send(183, { headers: { Require: '100rel' }, body: BOB });
    const progress = await call.response(183);
    const answering = srf.createUAS(req, res, { localSdp: BOB });
    // The 183 comes again, and no 200 before it.
    await call.response(183);
    expect(call.peer.count('200 INVITE')).toBe(0);
    await call.request('PRACK', { headers: { RAck: `${header(progress, 'rseq')} 1 INVITE` } });
    await call.response(200, 'PRACK');
    await call.answered();
    await answering;
    await call.bye();
  });

  it('[RFC 3262 3] that never comes takes the 200 with it, and the application is told', async () => {
    const { srf, call, req, res } = await ringing();
    res.send(183, { headers: { Require: '100rel' }, body: BOB });
    const answering = expect(srf.createUAS(req, res, { localSdp: BOB })).rejects.toBeDefined();
    await call.ackRefusal(await call.response(504));
    await answering;
  });

  it('[RFC 3262 4] is sent for reliable responses in the order of their RSeq, and for none that skips a number', async () => {
    const { srf } = await stage.application();
    const bob = await stage.peer('bob');
    const heardOf: number[] = [];
    const calling = srf.createUAC(
      bob.uri,
      { localSdp: ALICE, headers: { Supported: '100rel' } },
      { cbProvisional: ({ status }) => heardOf.push(status) },
    );
    const invite = await bob.next('INVITE');
    const call = Call.from(bob, invite);
    const reliable = (status: number, rseq: number) =>
      call.respond(invite, status, { headers: { Require: '100rel', RSeq: String(rseq) } });
    for (const [status, rseq] of [
      [183, 100],
      [182, 102],
      [181, 101],
      [182, 102],
    ] as const) {
      await reliable(status, rseq);
      if (status === 182 && heardOf.length === 1) continue;
      const prack = await call.hears('PRACK');
      expect(header(prack, 'rack')).toBe(`${rseq} ${header(invite, 'cseq')}`);
      await call.respond(prack, 200);
    }
    expect(heardOf).toEqual([183, 181, 182]);
    await call.respond(invite, 200, { body: BOB });
    await call.hears('ACK');
    await calling;
    await call.bye();
  });
});
