/** One call in, one call out, and the application between them. */
import type Srf from 'drachtio-srf';
import { describe, expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { header, tagOf, uriOf } from '../../support/sip/message.ts';
import type { Arrival } from '../../support/sip/peer.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE, BOB, heard } from '../../support/sip/talk.ts';

const stage = setStage();

interface Bridged {
  alice: Call;
  bob: Call;
  invite: Arrival;
  dialogs: Promise<{ uas: Srf.Dialog; uac: Srf.Dialog }>;
}

/** alice has called, and the application calls bob for her. */
async function bridging(options: Srf.CreateB2BUAOptions = {}, offer = ALICE, headers = {}): Promise<Bridged> {
  const bob = await stage.peer('bob');
  const dialogs = Promise.withResolvers<{ uas: Srf.Dialog; uac: Srf.Dialog }>();
  dialogs.promise.catch(() => undefined);
  const { srf } = await stage.application({
    invite(req, res) {
      srf.createB2BUA(req, res, bob.uri, options).then(({ uas, uac }) => {
        uas.on('destroy', () => void uac.destroy());
        uac.on('destroy', () => void uas.destroy());
        dialogs.resolve({ uas, uac });
      }, dialogs.reject);
    },
  });
  const alice = await Call.begin(await stage.peer('alice'), 'bob', { body: offer, headers });
  const invite = await bob.next('INVITE');
  return { alice, bob: Call.from(bob, invite), invite, dialogs: dialogs.promise };
}

async function talking(options?: Srf.CreateB2BUAOptions) {
  const { alice, bob, invite, dialogs } = await bridging(options);
  await bob.respond(invite, 200, { body: BOB });
  await bob.hears('ACK');
  await alice.answered();
  return { alice, bob, ...(await dialogs) };
}

it('[drachtio b2bua] two calls of their own, offer and answer carried across, numbers kept (RFC 7092)', async () => {
  const { alice, bob, invite, dialogs } = await bridging();
  expect(invite.body.toString()).toBe(ALICE);
  expect(header(invite, 'call-id')).not.toBe(alice.callId);
  expect(uriOf(header(invite, 'from'))).toMatch(/^sip:alice@/);
  await bob.respond(invite, 180);
  const ringing = await alice.response(180);
  expect(tagOf(header(ringing, 'to'))).not.toBe(tagOf(bob.local));
  await bob.respond(invite, 200, { body: BOB });
  await bob.hears('ACK');
  const ok = await alice.answered();
  expect(ok.body.toString()).toBe(BOB);
  expect((await dialogs).uac.other).toBe((await dialogs).uas);
  await alice.request('BYE');
  await alice.response(200, 'BYE');
  await bob.respond(await bob.hears('BYE'), 200);
});

it('[drachtio b2bua] headers asked for go across both ways, others do not (RFC 7092)', async () => {
  const { alice, bob, invite } = await bridging(
    {
      proxyRequestHeaders: ['X-Interaction', 'Subject'],
      proxyResponseHeaders: ['X-Desk'],
      headers: { 'X-Own': 'yes' },
    },
    ALICE,
    { 'X-Interaction': 'i-17', Subject: 'Kein Bild – schon wieder', 'X-Private': 'secret' },
  );
  expect(header(invite, 'x-interaction')).toBe('i-17');
  expect(header(invite, 'subject')).toBe('Kein Bild – schon wieder');
  expect(header(invite, 'x-own')).toBe('yes');
  expect(header(invite, 'x-private')).toBeUndefined();
  await bob.respond(invite, 200, { body: BOB, headers: { 'X-Desk': '12', 'X-Private': 'secret' } });
  await bob.hears('ACK');
  const ok = await alice.answered();
  expect(header(ok, 'x-desk')).toBe('12');
  expect(header(ok, 'x-private')).toBeUndefined();
  await bob.request('BYE');
  await bob.response(200, 'BYE');
  await alice.respond(await alice.hears('BYE'), 200);
});

it('[drachtio b2bua] SDP can be rewritten on its way, early media too', async () => {
  const { alice, bob, invite } = await bridging({
    localSdpB: ALICE.replace('40000', '50000'),
    localSdpA: (sdp) => sdp.replace('41000', '51000'),
  });
  expect(invite.body.toString()).toContain('m=audio 50000');
  await bob.respond(invite, 183, { body: BOB });
  expect((await alice.response(183)).body.toString()).toContain('m=audio 51000');
  await bob.respond(invite, 200, { body: BOB });
  await bob.hears('ACK');
  expect((await alice.answered()).body.toString()).toContain('m=audio 51000');
  await alice.request('BYE');
  await alice.response(200, 'BYE');
  await bob.respond(await bob.hears('BYE'), 200);
});

it("[drachtio b2bua] bob's refusal is alice's refusal (RFC 7092)", async () => {
  const { alice, bob, invite, dialogs } = await bridging();
  await bob.respond(invite, 486, { reason: 'Busy Here' });
  await bob.hears('ACK');
  await alice.ackRefusal(await alice.response(486));
  await expect(dialogs).rejects.toMatchObject({ status: 486 });
});

it("[drachtio b2bua] alice's CANCEL is bob's CANCEL, reason included (RFC 3261, 9; RFC 3326)", async () => {
  const { alice, bob, invite } = await bridging();
  await bob.respond(invite, 180);
  await alice.response(180);
  await alice.cancel({ Reason: 'SIP;cause=200' });
  await alice.response(200, 'CANCEL');
  await alice.ackRefusal(await alice.response(487));
  const cancel = await bob.hears('CANCEL');
  expect(header(cancel, 'reason')).toBe('SIP;cause=200');
  await bob.respond(cancel, 200);
  await bob.respond(invite, 487);
  await bob.hears('ACK');
});

it('[drachtio b2bua] a call without an offer: bob offers in his 200, alice answers in her ACK (RFC 3725, 4.4)', async () => {
  const { alice, bob, invite, dialogs } = await bridging({}, '');
  expect(invite.body).toHaveLength(0);
  await bob.respond(invite, 200, { body: BOB });
  const ok = await alice.response(200);
  expect(ok.body.toString()).toBe(BOB);
  await alice.ack(ok, ALICE);
  expect((await bob.hears('ACK')).body.toString()).toBe(ALICE);
  await dialogs;
  await alice.request('BYE');
  await alice.response(200, 'BYE');
  await bob.respond(await bob.hears('BYE'), 200);
});

describe('within a bridged call', () => {
  it('[drachtio b2bua] a re-INVITE is carried across in both directions (RFC 3261, 14)', async () => {
    const { alice, bob, uas, uac } = await talking();
    for (const [from, to] of [
      [uas, uac],
      [uac, uas],
    ] as const) {
      from.on('modify', (req, res) => {
        void to.modify(req.body).then((sdp) => res.send(200, { body: sdp }));
      });
    }
    for (const [from, to] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      await from.request('INVITE', { body: `${ALICE}a=again\r\n` });
      const invite = await to.hears('INVITE');
      expect(invite.body.toString()).toBe(`${ALICE}a=again\r\n`);
      await to.respond(invite, 200, { body: `${BOB}a=again\r\n` });
      await to.hears('ACK');
      expect((await from.answered()).body.toString()).toBe(`${BOB}a=again\r\n`);
    }
    await alice.request('BYE');
    await alice.response(200, 'BYE');
    await bob.respond(await bob.hears('BYE'), 200);
  });

  it('[drachtio b2bua] INFO goes across where the application carries it (RFC 6086)', async () => {
    const { alice, bob, uas, uac } = await talking();
    uas.on('info', (req, res) => {
      void uac
        .request({ method: 'INFO', headers: { 'Content-Type': 'application/dtmf-relay' }, body: req.body })
        .then(({ status }) => res.send(status));
    });
    await alice.request('INFO', { headers: { 'Content-Type': 'application/dtmf-relay' }, body: 'Signal=5\r\n' });
    const info = await bob.hears('INFO');
    expect(info.body.toString()).toBe('Signal=5\r\n');
    expect(header(info, 'content-type')).toBe('application/dtmf-relay');
    await bob.respond(info, 415);
    await alice.response(415, 'INFO');
    const ended = heard(uas, 'destroy');
    await alice.request('BYE');
    await alice.response(200, 'BYE');
    await ended;
    await bob.respond(await bob.hears('BYE'), 200);
  });
});
