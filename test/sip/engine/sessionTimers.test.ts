/** Sessions that live while somebody refreshes them (RFC 4028). The engine's clock is turned by hand. */
import type Srf from 'drachtio-srf';
import { describe, expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { header, headers } from '../../support/sip/message.ts';
import { HandClock } from '../../support/sip/handClock.ts';
import type { Headers } from '../../support/sip/peer.ts';
import { startServer } from '../../support/sip/server.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE, BOB, heard } from '../../support/sip/talk.ts';

const clock = new HandClock();
const stage = setStage(() => startServer({ clock }));

/** alice called with these headers, the application answered with those, and she acknowledged. */
async function calledIn(asked: Headers, granted: Record<string, string> = {}) {
  const dialog = Promise.withResolvers<Srf.Dialog>();
  const { srf } = await stage.application({
    invite(req, res) {
      srf.createUAS(req, res, { localSdp: BOB, headers: granted }).then(dialog.resolve, dialog.reject);
    },
  });
  const call = await Call.begin(await stage.peer('alice'), 'bob', { headers: asked, body: ALICE });
  const answered = await dialog.promise;
  const acknowledged = heard(answered, 'ack');
  const ok = await call.answered();
  await acknowledged;
  return { call, ok, dialog: answered };
}

/** The application called bob, who answered with these headers. */
async function calledOut(granted: Headers) {
  const { srf } = await stage.application();
  const bob = await stage.peer('bob');
  const calling = srf.createUAC(bob.uri, {
    localSdp: ALICE,
    headers: { Supported: 'timer', 'Session-Expires': '180' },
  });
  const invite = await bob.next('INVITE');
  const call = Call.from(bob, invite);
  await call.respond(invite, 200, { headers: granted, body: BOB });
  await call.hears('ACK');
  return { call, dialog: await calling, invite };
}

/** The engine has read what the peer said before: this, which it refuses by itself, came later. */
async function settled(call: Call): Promise<void> {
  await call.request('PRACK');
  await call.response(481, 'PRACK');
}

const TIMER = { Supported: 'timer' };

describe('who refreshes is agreed on in the 200', () => {
  it.for([
    ['180;refresher=uac', TIMER, '180;refresher=uac', ['timer']],
    ['180;refresher=uas', TIMER, '180;refresher=uas', []],
    ['180', TIMER, '180;refresher=uac', ['timer']],
    // A proxy asked for it: alice would not know how.
    ['180', {}, '180;refresher=uas', []],
    ['180;refresher=uac', {}, '180;refresher=uas', []],
  ] as const)('[RFC 4028 9] %s of %o is answered %s', async ([asked, known, granted, required]) => {
    const { ok, call } = await calledIn({ 'Session-Expires': asked, ...known });
    expect(header(ok, 'session-expires')).toBe(granted);
    expect(headers(ok, 'require')).toEqual(required);
    await call.bye();
  });

  it('[RFC 4028 9] what the application wrote stands', async () => {
    const { ok, call } = await calledIn(
      { 'Session-Expires': '1800', ...TIMER },
      { 'Session-Expires': '600;refresher=uas' },
    );
    expect(header(ok, 'session-expires')).toBe('600;refresher=uas');
    await call.bye();
  });

  it('[RFC 4028 9] who asked for none gets none', async () => {
    const { ok, call } = await calledIn(TIMER);
    expect(header(ok, 'session-expires')).toBeUndefined();
    await call.bye();
  });
});

it('[RFC 4028 9] an interval that is too short is 422 with the shortest, before and within a call', async () => {
  const { call } = await calledIn({ 'Session-Expires': '180;refresher=uac', ...TIMER });
  for (const method of ['UPDATE', 'INVITE']) {
    const sent = await call.request(method, { headers: { 'Session-Expires': '60', ...TIMER }, body: ALICE });
    const refusal = await call.response(422, method);
    expect(header(refusal, 'min-se')).toBe('90');
    call.opening = sent;
    if (method === 'INVITE') await call.ackRefusal(refusal);
  }
  await call.bye();
  const short = await Call.begin(call.peer, 'bob', { headers: { 'Session-Expires': '60', ...TIMER }, body: ALICE });
  await short.ackRefusal(await short.response(422));
});

describe('when they are to refresh', () => {
  it('[RFC 4028 10] a session that nobody refreshed is ended, and the application is told', async () => {
    const { call, dialog } = await calledIn({ 'Session-Expires': '180;refresher=uac', ...TIMER });
    const destroyed = heard<[Srf.SrfRequest]>(dialog, 'destroy');
    clock.turn(147_999);
    expect(call.peer.count('BYE')).toBe(0);
    clock.turn(1);
    const bye = await call.hears('BYE');
    expect(header(bye, 'reason')).toContain('Session timer expired');
    await call.respond(bye, 200);
    expect((await destroyed)[0].source).toBe('application');
  });

  it.for(['INVITE', 'UPDATE'])('[RFC 4028 10] %s refreshes it', async (method) => {
    const { call, dialog } = await calledIn({ 'Session-Expires': '180;refresher=uac', ...TIMER });
    dialog.on('update', (_req: Srf.SrfRequest, res: Srf.SrfResponse) => res.send(200, { body: BOB }));
    let ended = false;
    dialog.on('destroy', () => (ended = true));
    for (let count = 0; count < 2; count += 1) {
      // Two without a refresh would be the end.
      clock.turn(100_000);
      await call.request(method, { headers: { 'Session-Expires': '180;refresher=uac', ...TIMER }, body: ALICE });
      const ok = await call.response(200, method);
      expect(header(ok, 'session-expires')).toBe('180;refresher=uac');
      if (method === 'UPDATE') continue;
      const acknowledged = heard(dialog, 'ack');
      await call.ack(ok);
      await acknowledged;
    }
    expect(ended).toBe(false);
    await call.bye();
  });

  it('[RFC 4028 7.2] a 200 of theirs without a timer ends it', async () => {
    const { call, dialog } = await calledOut({ 'Session-Expires': '180;refresher=uas' });
    const modified = dialog.modify(ALICE);
    const invite = await call.hears('INVITE');
    expect(header(invite, 'session-expires')).toBe('180;refresher=uas');
    await call.respond(invite, 200, { body: BOB });
    await call.hears('ACK');
    await modified;
    clock.turn(200_000);
    expect(dialog.connected).toBe(true);
    await call.bye();
  });
});

describe('when we are to refresh', () => {
  it('[RFC 4028 7.4] it is done at half the interval, by UPDATE where the peer takes that; the application hears nothing', async () => {
    const { call, dialog } = await calledOut({ 'Session-Expires': '180;refresher=uac', Allow: 'INVITE, UPDATE, BYE' });
    const told: string[] = [];
    for (const event of ['update', 'modify', 'refresh', 'destroy'] as const)
      dialog.on(event as 'update', () => told.push(event));
    for (let count = 0; count < 2; count += 1) {
      clock.turn(90_000);
      const update = await call.hears('UPDATE');
      expect(update.body).toHaveLength(0);
      expect(header(update, 'session-expires')).toBe('180;refresher=uac');
      await call.respond(update, 200, { headers: { 'Session-Expires': '180;refresher=uac' } });
      await settled(call);
    }
    expect(told).toEqual([]);
    await call.bye();
  });

  it('[RFC 4028 7.4] else by INVITE with the description that stands, which is acknowledged', async () => {
    const { call, dialog } = await calledIn({ 'Session-Expires': '180;refresher=uas', ...TIMER });
    clock.turn(90_000);
    const invite = await call.hears('INVITE');
    expect(invite.body.toString()).toBe(BOB);
    expect(header(invite, 'session-expires')).toBe('180;refresher=uac');
    await call.respond(invite, 200, { headers: { 'Session-Expires': '180;refresher=uac' }, body: ALICE });
    await call.hears('ACK');
    clock.turn(90_000);
    const again = await call.hears('INVITE');
    await call.respond(again, 200, { headers: { 'Session-Expires': '180;refresher=uac' }, body: ALICE });
    await call.hears('ACK');
    expect(dialog.connected).toBe(true);
    await call.bye();
  });

  it('[RFC 4028 10] a refresh that is answered 481 ends the session at once', async () => {
    const { call, dialog } = await calledOut({ 'Session-Expires': '180;refresher=uac', Allow: 'UPDATE' });
    const destroyed = heard(dialog, 'destroy');
    clock.turn(90_000);
    await call.respond(await call.hears('UPDATE'), 481);
    await call.respond(await call.hears('BYE'), 200);
    await destroyed;
  });

  it.for([
    ['of ours', (dialog: Srf.Dialog) => dialog.modify(ALICE)],
    ['that is to refresh', () => clock.turn(90_000)],
  ] as const)('[RFC 4028 10] a re-INVITE %s that nobody answers ends it in time', async ([, ask]) => {
    const { call, dialog } = await calledIn({ 'Session-Expires': '180;refresher=uas', ...TIMER });
    const destroyed = heard(dialog, 'destroy');
    const asked = Promise.allSettled([ask(dialog)]);
    await call.respond(await call.hears('INVITE'), 100);
    await settled(call);
    clock.turn(148_000);
    await call.respond(await call.hears('BYE'), 200);
    await Promise.all([destroyed, asked]);
  });

  it('[RFC 4028 10] one that is refused otherwise ends it in time, one that was too short is tried with more', async () => {
    const { call, dialog } = await calledOut({ 'Session-Expires': '180;refresher=uac', Allow: 'UPDATE' });
    const destroyed = heard(dialog, 'destroy');
    clock.turn(90_000);
    await call.respond(await call.hears('UPDATE'), 422, { headers: { 'Min-SE': '600' } });
    const longer = await call.hears('UPDATE');
    expect(header(longer, 'session-expires')).toBe('600;refresher=uac');
    await call.respond(longer, 500);
    await settled(call);
    // The rest of the interval that stands, less the margin.
    clock.turn(58_000);
    await call.respond(await call.hears('BYE'), 200);
    await destroyed;
  });
});
