/** The application says where a request is to go, and the server forwards it (RFC 3261, 16). */
import type Srf from 'drachtio-srf';
import { describe, expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { header, headers, statusOf, targetOf, uriOf } from '../../support/sip/message.ts';
import type { Peer } from '../../support/sip/peer.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE, BOB } from '../../support/sip/talk.ts';

const stage = setStage();

/** alice's INVITE, forwarded to those peers. */
async function forwarded(to: Peer[], options: Srf.ProxyRequestOptions = {}) {
  const result = Promise.withResolvers<Srf.ProxyResult>();
  await stage.application({
    invite(req) {
      req.proxy({ ...options, destination: to.map(({ uri }) => uri) }).then(result.resolve, result.reject);
    },
  });
  const call = await Call.begin(await stage.peer('alice'), 'bob', {
    body: ALICE,
    headers: { 'X-Interaction': 'i-17' },
  });
  return { call, result: result.promise };
}

const final = (status: number) => (message: { start: string }) => message.start.startsWith(`SIP/2.0 ${status} `);

it('[drachtio proxy] the request goes on as it came, with a Via on top and one hop less (RFC 3261, 16.6)', async () => {
  const bob = await stage.peer('bob');
  const { call, result } = await forwarded([bob]);
  const invite = await bob.next('INVITE');
  expect(targetOf(invite)).toBe(bob.uri);
  const vias = headers(invite, 'via');
  expect(vias).toHaveLength(2);
  expect(vias[0]).toContain(`:${stage.address('udp').port}`);
  expect(header(invite, 'max-forwards')).toBe('69');
  expect(header(invite, 'call-id')).toBe(call.callId);
  expect(header(invite, 'from')).toBe(call.local);
  expect(header(invite, 'x-interaction')).toBe('i-17');
  expect(uriOf(header(invite, 'contact'))).toBe(call.peer.uri);
  expect(invite.body.toString()).toBe(ALICE);
  expect(header(invite, 'record-route')).toBeUndefined();
  await bob.respond(invite, 180);
  await call.response(180);
  await bob.respond(invite, 200, { body: BOB });
  const ok = await call.response(200);
  expect(headers(ok, 'via')).toHaveLength(1);
  expect(ok.body.toString()).toBe(BOB);
  expect(uriOf(header(ok, 'contact'))).toBe(bob.uri);
  expect(await result).toMatchObject({ connected: true, finalStatus: 200 });
});

it('[drachtio proxy] remaining in the dialog: Record-Route, and ACK and BYE come by (RFC 3261, 16.6, 16.12)', async () => {
  const bob = await stage.peer('bob');
  const { call } = await forwarded([bob], { remainInDialog: true });
  const invite = await bob.next('INVITE');
  const [recorded = ''] = headers(invite, 'record-route');
  expect(uriOf(recorded)).toContain(`:${stage.address('udp').port}`);
  expect(recorded).toContain(';lr');
  const leg = Call.from(bob, invite);
  await leg.respond(invite, 200, { body: BOB });
  const ok = await call.response(200);
  expect(headers(ok, 'record-route')).toEqual([recorded]);
  await call.ack(ok);
  const ack = await bob.next('ACK');
  expect(headers(ack, 'via')).toHaveLength(2);
  expect(targetOf(ack)).toBe(bob.uri);
  expect(header(ack, 'route')).toBeUndefined();
  await call.request('BYE');
  const bye = await bob.next('BYE');
  expect(headers(bye, 'via')).toHaveLength(2);
  await leg.respond(bye, 200);
  await call.response(200, 'BYE');
});

describe('several targets', () => {
  it('[drachtio proxy] one after the other: who refuses is acknowledged and the next is tried (RFC 3261, 16.7)', async () => {
    const [first, second] = [await stage.peer('first'), await stage.peer('second')];
    const { call, result } = await forwarded([first, second], { forking: 'sequential' });
    const refused = await first.next('INVITE');
    expect(second.count('INVITE')).toBe(0);
    await first.respond(refused, 486);
    await first.next('ACK');
    const taken = await second.next('INVITE');
    await second.respond(taken, 200, { body: BOB });
    await call.response(200);
    expect((await result).connected).toBe(true);
    expect(call.peer.count(final(486))).toBe(0);
  });

  it('[drachtio proxy] all at once: the first to answer has the call, the other is cancelled (RFC 3261, 16.7)', async () => {
    const [first, second] = [await stage.peer('first'), await stage.peer('second')];
    const { call, result } = await forwarded([first, second], { forking: 'simultaneous' });
    const [one, other] = await Promise.all([first.next('INVITE'), second.next('INVITE')]);
    await first.respond(one, 180);
    await second.respond(other, 180);
    await call.response(180);
    await second.respond(other, 200, { body: BOB });
    const cancel = await first.next('CANCEL');
    await first.respond(cancel, 200);
    await first.respond(one, 487);
    await first.next('ACK');
    await call.response(200);
    expect((await result).connected).toBe(true);
  });

  it('[drachtio proxy] when all refuse, the best refusal is forwarded (RFC 3261, 16.7)', async () => {
    const [first, second] = [await stage.peer('first'), await stage.peer('second')];
    const { call, result } = await forwarded([first, second], { forking: 'simultaneous' });
    await first.respond(await first.next('INVITE'), 503);
    await second.respond(await second.next('INVITE'), 404);
    await Promise.all([first.next('ACK'), second.next('ACK')]);
    const refusal = await call.peer.next((message) => (statusOf(message) ?? 0) >= 300);
    expect(statusOf(refusal)).toBe(404);
    await call.ackRefusal(refusal);
    expect((await result).connected).toBe(false);
  });
});

it('[drachtio proxy] a CANCEL goes to who is ringing (RFC 3261, 16.10)', async () => {
  const bob = await stage.peer('bob');
  const { call } = await forwarded([bob]);
  const invite = await bob.next('INVITE');
  await bob.respond(invite, 180);
  await call.response(180);
  await call.cancel();
  await call.response(200, 'CANCEL');
  const cancel = await bob.next('CANCEL');
  await bob.respond(cancel, 200);
  await bob.respond(invite, 487);
  await bob.next('ACK');
  await call.ackRefusal(await call.response(487));
});

it('[drachtio proxy] who says nothing within the provisional timeout is passed over (RFC 3261, 16.8)', async () => {
  const [silent, second] = [await stage.peer('silent'), await stage.peer('second')];
  const { call } = await forwarded([silent, second], { forking: 'sequential', provisionalTimeout: '300ms' });
  await silent.next('INVITE');
  await second.respond(await second.next('INVITE'), 200, { body: BOB });
  await call.response(200);
});

it('[drachtio proxy] a 302 is followed where the application wants it (RFC 3261, 16.7)', async () => {
  const [bob, mobile] = [await stage.peer('bob'), await stage.peer('mobile')];
  const { call } = await forwarded([bob], { followRedirects: true });
  await bob.respond(await bob.next('INVITE'), 302, { headers: { Contact: mobile.contact } });
  await bob.next('ACK');
  const moved = await mobile.next('INVITE');
  expect(targetOf(moved)).toBe(mobile.uri);
  await mobile.respond(moved, 200, { body: BOB });
  await call.response(200);
});
