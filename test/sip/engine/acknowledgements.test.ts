/** ACKs that come late, twice, or after what should follow them, as UDP may have it. The engine's clock is turned by hand. */
import type Srf from 'drachtio-srf';
import { describe, expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { HandClock } from '../../support/sip/handClock.ts';
import { cseqOf, header } from '../../support/sip/message.ts';
import { startServer } from '../../support/sip/server.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE, BOB, heard } from '../../support/sip/talk.ts';

const clock = new HandClock();
const stage = setStage(() => startServer({ clock }));
/** 64*T1. */
const LIFETIME_MS = 32_000;

/** alice called and was answered; she has not acknowledged yet. @param offer of her INVITE; without, bob makes one */
async function answeredIn(offer = ALICE) {
  const answered = Promise.withResolvers<Srf.Dialog>();
  const { srf } = await stage.application({
    invite: (req, res) => void srf.createUAS(req, res, { localSdp: BOB }).then(answered.resolve, answered.reject),
  });
  const call = await Call.begin(await stage.peer('alice'), 'bob', { body: offer });
  const ok = await call.response(200);
  return { call, ok, dialog: await answered.promise, srf };
}

/** The engine has read what the peer said before: this, which it refuses by itself, came later. */
async function settled(call: Call): Promise<void> {
  await call.request('PRACK');
  await call.response(481, 'PRACK');
}

describe('[RFC 5407 3.1.5] a re-INVITE that overtakes the ACK', () => {
  it('is answered, and the call stands once both are acknowledged', async () => {
    const { call, ok, dialog } = await answeredIn();
    let acknowledged = heard(dialog, 'ack');
    await call.request('INVITE', { body: ALICE });
    const again = await call.response(200);
    expect(cseqOf(again).number).toBe(2);
    await call.ack(ok);
    await acknowledged;
    acknowledged = heard(dialog, 'ack');
    await call.ack(again);
    await acknowledged;
    clock.turn(LIFETIME_MS);
    await settled(call);
    expect([call.peer.count('200 INVITE'), call.peer.count('BYE')]).toEqual([0, 0]);
    await call.bye();
  });

  it('has its own 200 repeated, and not that of the first', async () => {
    const { call, ok, dialog } = await answeredIn();
    await call.request('INVITE', { body: ALICE });
    const again = await call.response(200);
    const acknowledged = heard(dialog, 'ack');
    await call.ack(ok);
    await acknowledged;
    clock.turn(600);
    await settled(call);
    expect(cseqOf(await call.response(200)).number).toBe(2);
    expect(call.peer.count('200 INVITE')).toBe(0);
    await call.ack(again);
    await call.bye();
  });

  it('is refused with 491 where the ACK is to bring the answer, and goes through afterwards', async () => {
    const { call, ok, dialog } = await answeredIn('');
    call.opening = await call.request('INVITE', { body: ALICE });
    await call.ackRefusal(await call.response(491));
    let acknowledged = heard(dialog, 'ack');
    await call.ack(ok, ALICE);
    await acknowledged;
    await call.request('INVITE', { body: ALICE });
    acknowledged = heard(dialog, 'ack');
    await call.answered();
    await acknowledged;
    await call.bye();
  });
});

describe("[RFC 3261 13.2.2.4] bob's 200 that comes again", () => {
  it('after the call was changed is acknowledged as before, and the call stands', async () => {
    const { srf } = await stage.application();
    const bob = await stage.peer('bob');
    const calling = srf.createUAC(bob.uri, { localSdp: ALICE });
    const invite = await bob.next('INVITE');
    const call = Call.from(bob, invite);
    await call.respond(invite, 200, { body: BOB });
    await call.hears('ACK');
    const dialog = await calling;
    const changing = dialog.modify(ALICE);
    const again = await call.hears('INVITE');
    await call.respond(again, 200, { body: BOB });
    await call.hears('ACK');
    await changing;
    for (const request of [invite, again, invite]) {
      await call.respond(request, 200, { body: BOB });
      expect(cseqOf(await call.hears('ACK')).number).toBe(cseqOf(request).number);
    }
    await settled(call);
    expect([call.peer.count('ACK'), call.peer.count('BYE')]).toEqual([0, 0]);
    expect(dialog.connected).toBe(true);
    await call.bye();
  });
});

describe('[RFC 3261 15] who was called and hangs up before the ACK', () => {
  /** The application hangs up, and the engine has read that. */
  async function hangingUp() {
    const { call, ok, dialog, srf } = await answeredIn();
    const ended = Promise.allSettled([dialog.destroy()]);
    await srf.request(call.peer.uri, { method: 'OPTIONS' });
    await call.peer.next('OPTIONS');
    expect(call.peer.count('BYE')).toBe(0);
    return { call, ok, ended };
  }

  it('is heard once it has come', async () => {
    const { call, ok, ended } = await hangingUp();
    await call.ack(ok);
    await call.respond(await call.hears('BYE'), 200);
    expect(await ended).toMatchObject([{ status: 'fulfilled' }]);
  });

  it('is heard by its own BYE where it never comes', async () => {
    const { call, ended } = await hangingUp();
    clock.turn(LIFETIME_MS);
    const bye = await call.hears('BYE');
    expect(header(bye, 'reason')).toBeUndefined();
    await call.respond(bye, 200);
    expect(await ended).toMatchObject([{ status: 'fulfilled' }]);
    await settled(call);
    expect(call.peer.count('BYE')).toBe(0);
  });

  it('says nothing more where the caller hangs up first', async () => {
    const { call, ended } = await hangingUp();
    await call.bye();
    await ended;
    await settled(call);
    expect(call.peer.count('BYE')).toBe(0);
  });
});
