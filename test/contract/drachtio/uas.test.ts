/** Calls in: what an application's answers look like to the caller. */
import type Srf from 'drachtio-srf';
import { describe, expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { header, headers, methodOf, statusOf, tagOf, uriOf, writeMessage } from '../../support/sip/message.ts';
import { sdp } from '../../support/sip/sdp.ts';
import { setStage } from '../../support/sip/stage.ts';

const stage = setStage();
const offer = sdp({ who: 'alice', port: 40_000 });
const answer = sdp({ who: 'bob', port: 41_000 });

type Invite = [req: Srf.SrfRequest, res: Srf.SrfResponse];

/** An application that takes the next call and leaves it to the test. */
async function invited(): Promise<{ srf: Srf.Application; invite: Promise<Invite>; count: () => number }> {
  const { promise, resolve } = Promise.withResolvers<Invite>();
  let count = 0;
  const { srf } = await stage.application({
    invite(...invite: Invite) {
      count += 1;
      resolve(invite);
    },
  });
  return { srf, invite: promise, count: () => count };
}

describe.for(['udp', 'tcp'] as const)('calls in over %s', (transport) => {
  it('[drachtio uas] says 100 Trying before the application has said anything (RFC 3261, 17.2.1)', async () => {
    const { invite } = await invited();
    const alice = await stage.peer('alice', transport);
    const call = await Call.begin(alice, 'bob', { body: offer });
    const trying = await call.response(100);
    expect(header(trying, 'to')).toBe(header(call.opening!, 'to'));
    expect(headers(trying, 'via')).toHaveLength(1);
    const [req, res] = await invite;
    expect(req.body).toBe(offer);
    res.send(480);
    await call.ackRefusal(await call.response(480));
  });

  it("[drachtio uas] 200 carries the application's SDP, a Contact of the server and a tag; ACK and BYE reach the dialog (RFC 3261, 12.1.1)", async () => {
    const { srf, invite } = await invited();
    const alice = await stage.peer('alice', transport);
    const call = await Call.begin(alice, 'bob', { body: offer });
    const [req, res] = await invite;
    const dialog = await srf.createUAS(req, res, { localSdp: answer, headers: { 'X-Hall': 'north' } });
    const acknowledged = new Promise((done) => dialog.on('ack', done));
    const ok = await call.response(200);
    expect(ok.body.toString()).toBe(answer);
    expect(header(ok, 'content-type')).toBe('application/sdp');
    expect(header(ok, 'x-hall')).toBe('north');
    expect(uriOf(header(ok, 'contact'))).toContain(`:${stage.address(transport).port}`);
    expect(tagOf(header(ok, 'to'))).toBe(dialog.sip.localTag);
    expect(dialog.sip.remoteTag).toBe(tagOf(header(ok, 'from')));
    await call.ack(ok);
    await acknowledged;
    const destroyed = new Promise((done) => dialog.on('destroy', done));
    await call.bye();
    await destroyed;
    expect(dialog.connected).toBe(false);
  });
});

it('[drachtio uas] 180 and 183 with early media go out, and the 200 has the tag they had (RFC 3261, 13.3.1.1)', async () => {
  const { srf, invite } = await invited();
  const call = await Call.begin(await stage.peer('alice'), 'bob', { body: offer });
  const [req, res] = await invite;
  res.send(180);
  const ringing = await call.response(180);
  res.send(183, { body: answer });
  const progress = await call.response(183);
  expect(progress.body.toString()).toBe(answer);
  await srf.createUAS(req, res, { localSdp: answer });
  const ok = await call.answered();
  const tags = [ringing, progress, ok].map((response) => tagOf(header(response, 'to')));
  expect(tags[0]).toBeTruthy();
  expect(new Set(tags).size).toBe(1);
  await call.bye();
});

it('[drachtio uas] 486 with its headers goes out again until the caller acknowledges, who is not heard of it (RFC 3261, 17.2.1)', async () => {
  const { invite, count } = await invited();
  const alice = await stage.peer('alice');
  const call = await Call.begin(alice, 'bob', { body: offer });
  const [, res] = await invite;
  res.send(486, 'In a meeting', { headers: { 'Retry-After': '120' } });
  const busy = await call.response(486);
  expect(busy.start).toBe('SIP/2.0 486 In a meeting');
  expect(header(busy, 'retry-after')).toBe('120');
  expect(tagOf(header(busy, 'to'))).toBeTruthy();
  await call.response(486);
  await call.ackRefusal(busy);
  expect(count()).toBe(1);
});

it('[drachtio uas] the 200 goes out again until the ACK comes (RFC 3261, 13.3.1.4)', async () => {
  const { srf, invite } = await invited();
  const call = await Call.begin(await stage.peer('alice'), 'bob', { body: offer });
  const [req, res] = await invite;
  const dialog = await srf.createUAS(req, res, { localSdp: answer });
  const first = await call.response(200);
  const second = await call.response(200);
  expect(writeMessage(second)).toEqual(writeMessage(first));
  const acknowledged = new Promise((done) => dialog.on('ack', done));
  await call.ack(second);
  await acknowledged;
  await call.bye();
});

it('[drachtio uas] an answer whose connection broke goes out on a new one to where the Via says (RFC 3261, 18.2.2)', async () => {
  const { srf, invite } = await invited();
  const alice = await stage.peer('alice', 'tcp');
  const call = await Call.begin(alice, 'bob', { body: offer });
  const [req, res] = await invite;
  await call.response(100);
  alice.cut();
  const dialog = await srf.createUAS(req, res, { localSdp: answer });
  const acknowledged = new Promise((done) => dialog.on('ack', done));
  await call.answered();
  await acknowledged;
  const destroyed = new Promise((done) => dialog.on('destroy', done));
  await call.bye();
  await destroyed;
});

it('[drachtio uas] an INVITE that comes twice is one call, and is told again what it was told (RFC 3261, 17.2.1)', async () => {
  const { invite, count } = await invited();
  const alice = await stage.peer('alice');
  const call = await Call.begin(alice, 'bob', { body: offer });
  const [, res] = await invite;
  await call.response(100);
  res.send(180);
  await call.response(180);
  await alice.say(call.opening!);
  await call.response(180);
  expect(count()).toBe(1);
  res.send(603);
  await call.ackRefusal(await call.response(603));
});

it('[drachtio uas] every header reaches the application, also those with names that objects have (RFC 3261, 7.3)', async () => {
  const { invite } = await invited();
  const call = await Call.begin(await stage.peer('alice'), 'bob', {
    headers: { 'X-Queue': 'lamps', 'X-Constructor': 'bricks', Subject: 'Das Bild ist weg' },
    body: offer,
  });
  const [req, res] = await invite;
  expect([req.get('X-Queue'), req.get('X-Constructor'), req.get('Subject')]).toEqual([
    'lamps',
    'bricks',
    'Das Bild ist weg',
  ]);
  expect(req.get('Call-ID')).toBe(call.callId);
  expect(req.source_port).toBe(call.peer.address.port);
  expect(req.receivedOn).toBe(`127.0.0.1:${stage.address('udp').port}`);
  res.send(404);
  await call.ackRefusal(await call.response(404));
});

it('[drachtio uas] Record-Route is said back in the 200, and the BYE goes by that route (RFC 3261, 12.1.1)', async () => {
  const { srf, invite } = await invited();
  const alice = await stage.peer('alice');
  const proxy = await stage.peer('proxy');
  const route = `<sip:127.0.0.1:${proxy.address.port};lr>`;
  const call = await Call.begin(alice, 'bob', { headers: { 'Record-Route': route }, body: offer });
  const [req, res] = await invite;
  const dialog = await srf.createUAS(req, res, { localSdp: answer });
  const ok = await call.response(200);
  expect(headers(ok, 'record-route')).toEqual([route]);
  await call.ack(ok);
  const destroyed = dialog.destroy();
  const bye = await proxy.next('BYE');
  expect(headers(bye, 'route')).toEqual([route]);
  expect(bye.start).toBe(`BYE ${alice.uri} SIP/2.0`);
  await proxy.respond(bye, 200);
  await destroyed;
});

it('[drachtio uas] where no application takes a method, the server refuses it itself with 503', async () => {
  await stage.application();
  const alice = await stage.peer('alice');
  const call = await Call.begin(alice, 'bob', { body: offer });
  const refusal = await alice.next((message) => (statusOf(message) ?? 0) >= 300);
  expect(refusal.start).toMatch(/^SIP\/2\.0 503 /);
  await call.ackRefusal(refusal);
  expect(alice.count((message) => methodOf(message) !== undefined)).toBe(0);
});
