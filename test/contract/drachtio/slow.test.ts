/**
 * What happens when nothing happens. RFC 3261 waits 64 times T1; the project's own engine is started
 * with a short T1 for it, a server elsewhere is waited for.
 */
import type Srf from 'drachtio-srf';
import { expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { startServer } from '../../support/sip/server.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE, BOB, heard } from '../../support/sip/talk.ts';

const stage = setStage(() => startServer({ t1: 20 }));
/** 64 times half a second, and some more. */
const LONG = 40_000;

it(
  '[drachtio uas] where the ACK never comes the server hangs up, and the application is told (RFC 3261, 13.3.1.4)',
  { timeout: LONG },
  async () => {
    const dialog = Promise.withResolvers<Srf.Dialog>();
    const { srf } = await stage.application({
      invite(req, res) {
        srf.createUAS(req, res, { localSdp: BOB }).then(dialog.resolve, dialog.reject);
      },
    });
    const call = await Call.begin(await stage.peer('alice'), 'bob', { body: ALICE });
    const destroyed = heard<[Srf.SrfRequest]>(await dialog.promise, 'destroy');
    await call.response(200);
    const bye = await call.hears('BYE', LONG);
    await call.respond(bye, 200);
    const [told] = await destroyed;
    expect(told.method).toBe('BYE');
    expect(told.source).toBe('application');
  },
);

it(
  '[drachtio uac] where nobody answers the application is told 408 (RFC 3261, 17.1.1.2)',
  { timeout: LONG },
  async () => {
    const { srf } = await stage.application();
    const bob = await stage.peer('bob');
    await expect(srf.createUAC(bob.uri, { localSdp: ALICE })).rejects.toMatchObject({ status: 408 });
    expect(bob.count('INVITE')).toBe(7);
  },
);

it(
  '[drachtio cancel] a call that rings and says nothing to its CANCEL is over in time (RFC 3261, 9.1)',
  { timeout: LONG },
  async () => {
    const { srf } = await stage.application();
    const bob = await stage.peer('bob');
    const sent = Promise.withResolvers<Srf.SrfRequest>();
    const calling = srf.createUAC(
      bob.uri,
      { localSdp: ALICE },
      {
        cbRequest: (_error, req) => sent.resolve(req),
        cbProvisional: () => void sent.promise.then((req) => req.cancel(() => undefined)),
      },
    );
    const refused = expect(calling).rejects.toMatchObject({ status: expect.toBeOneOf([408, 487]) as number });
    await bob.respond(await bob.next('INVITE'), 180);
    await bob.next('CANCEL');
    await refused;
  },
);

it('[drachtio request] a request nobody answers is a 408 (RFC 3261, 17.1.2.2)', { timeout: LONG }, async () => {
  const { srf } = await stage.application();
  const bob = await stage.peer('bob');
  const req = await srf.request(bob.uri, { method: 'OPTIONS' });
  const [res] = await heard<[Srf.SrfResponse]>(req, 'response');
  expect(res.status).toBe(408);
  expect(bob.count('OPTIONS')).toBeGreaterThan(7);
});

it(
  '[drachtio uas] a refusal that is never acknowledged is given up (RFC 3261, 17.2.1)',
  { timeout: LONG },
  async () => {
    await stage.application({ invite: (_req, res) => res.send(486) });
    const alice = await stage.peer('alice');
    const call = await Call.begin(alice, 'bob', { body: ALICE });
    for (let count = 0; count < 7; count += 1) await call.response(486, 'INVITE', LONG);
  },
);
