/** What is still under way when a call ends. The engine's clock is turned by hand. */
import type Srf from 'drachtio-srf';
import { describe, expect, it } from 'vitest';
import { HandClock } from '../../support/sip/handClock.ts';
import { cseqOf } from '../../support/sip/message.ts';
import { startServer } from '../../support/sip/server.ts';
import { setStage } from '../../support/sip/stage.ts';
import { BOB, calledIn, calledOut, heard } from '../../support/sip/talk.ts';

const clock = new HandClock();
const stage = setStage(() => startServer({ clock }));
/** 64*T1. */
const LIFETIME_MS = 32_000;
/** As long as any phone rings, and until the next look. */
const FORGOTTEN_MS = 310_000;

const transactions = () => stage.server().load?.().clientTransactions;

/** bob hangs up while a re-INVITE of ours waits for him. */
async function hungUp() {
  const { dialog, call } = await calledOut(stage);
  const changing = expect(dialog.modify(BOB)).rejects.toMatchObject({ status: 487 });
  const invite = await call.hears('INVITE');
  await call.respond(invite, 100);
  await call.bye();
  await changing;
  return { call, invite };
}

it.for([
  ['nothing more', undefined],
  ['487', 487],
  ['200', 200],
] as const)(
  '[RFC 3261 15.1.2] a re-INVITE of ours ends with its call, and nothing is left of it where bob says %s',
  async ([, status]) => {
    const { call, invite } = await hungUp();
    if (status !== undefined) {
      await call.respond(invite, status);
      expect(cseqOf(await call.hears('ACK')).number).toBe(cseqOf(invite).number);
    }
    clock.turn(LIFETIME_MS);
    await expect.poll(transactions).toBe(0);
    expect(call.peer.count('BYE')).toBe(0);
    expect(stage.server().load?.().dialogs).toBe(0);
  },
);

describe('[RFC 5057 4.2] a REFER in a call that ends', () => {
  const REFER_TO = { 'Refer-To': '<sip:carol@example.com>' };
  const state = (said: string) => ({ Event: 'refer', 'Subscription-State': said, 'Content-Type': 'message/sipfrag' });
  const TRYING = 'SIP/2.0 100 Trying';
  const dialogs = () => stage.server().load?.().dialogs;

  /** alice has asked to be connected with carol, and hung up. */
  async function transferred() {
    const talk = await calledIn(stage);
    const { dialog, call } = talk;
    const asked = heard<[Srf.SrfRequest, Srf.SrfResponse]>(dialog, 'refer');
    await call.request('REFER', { headers: REFER_TO });
    (await asked)[1].send(202);
    await call.response(202, 'REFER');
    await call.bye();
    return talk;
  }

  it('is told of by NOTIFY, until it is over', async () => {
    const { dialog, call } = await transferred();
    for (const [said, body] of [
      ['active;expires=60', TRYING],
      ['terminated;reason=noresource', 'SIP/2.0 200 OK'],
    ] as const) {
      const notified = dialog.request({ method: 'NOTIFY', headers: state(said), body });
      const notify = await call.hears('NOTIFY');
      expect(notify.body.toString()).toBe(body);
      expect(dialogs()).toBe(1);
      await call.respond(notify, 200);
      expect((await notified).status).toBe(200);
    }
    expect(dialogs()).toBe(0);
  });

  it('of ours is told of by the other side, and the application hears of it by its route', async () => {
    const { srf, dialog, call } = await calledOut(stage);
    const told: string[] = [];
    srf.use('notify', (req, res) => {
      told.push(req.get('Subscription-State') ?? '');
      res.send(200);
    });
    const referring = dialog.request({ method: 'REFER', headers: REFER_TO });
    await call.respond(await call.hears('REFER'), 202);
    await referring;
    const ended = dialog.destroy();
    await call.respond(await call.hears('BYE'), 200);
    await ended;
    for (const said of ['active;expires=60', 'terminated;reason=noresource']) {
      await call.request('NOTIFY', { headers: state(said), body: TRYING });
      await call.response(200, 'NOTIFY');
    }
    expect(told).toEqual(['active;expires=60', 'terminated;reason=noresource']);
    expect(dialogs()).toBe(0);
  });

  it('keeps nothing else alive', async () => {
    const { dialog, call } = await transferred();
    for (const method of ['INFO', 'UPDATE', 'BYE']) {
      await call.request(method);
      await call.response(481, method);
    }
    await expect(dialog.request({ method: 'INFO' })).rejects.toThrow(/unable to find dialog/);
    expect(dialogs()).toBe(1);
    clock.turn(FORGOTTEN_MS);
    expect(dialogs()).toBe(0);
  });

  it('[RFC 4488 4] keeps nothing alive where nobody is to be told', async () => {
    const { dialog, call } = await calledIn(stage);
    const asked = heard<[Srf.SrfRequest, Srf.SrfResponse]>(dialog, 'refer');
    await call.request('REFER', { headers: { ...REFER_TO, 'Refer-Sub': 'false' } });
    (await asked)[1].send(200, { headers: { 'Refer-Sub': 'false' } });
    await call.response(200, 'REFER');
    await call.bye();
    expect(dialogs()).toBe(0);
  });
});
