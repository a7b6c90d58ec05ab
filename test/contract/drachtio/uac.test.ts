/** Calls out: what the called sees, and what the application is told. */
import type Srf from 'drachtio-srf';
import { expect, it, describe } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { challenge, proves } from '../../support/sip/digest.ts';
import { cseqOf, header, headers, methodOf, parameterOf, tagOf, targetOf, uriOf } from '../../support/sip/message.ts';
import { sdp } from '../../support/sip/sdp.ts';
import { setStage } from '../../support/sip/stage.ts';

const stage = setStage();
const offer = sdp({ who: 'alice' });
const answer = sdp({ who: 'bob', port: 41_000 });
const login = { username: 'desk', password: 'lamp' };

describe.for(['udp', 'tcp'] as const)('calls out over %s', (transport) => {
  it('[drachtio uac] an INVITE carries Via, tag, Contact, CSeq and Max-Forwards of the server; a 200 is acknowledged (RFC 3261, 8.1.1)', async () => {
    const { srf } = await stage.application();
    const bob = await stage.peer('bob', transport);
    const calling = srf.createUAC(bob.uri, { localSdp: offer, callingNumber: '4711' });
    const invite = await bob.next('INVITE');
    expect(targetOf(invite)).toBe(bob.uri);
    expect(header(invite, 'max-forwards')).toBe('70');
    expect(headers(invite, 'via')).toHaveLength(1);
    expect(header(invite, 'via')).toMatch(new RegExp(`^SIP/2\\.0/${transport.toUpperCase()} .*branch=z9hG4bK`));
    expect(tagOf(header(invite, 'from'))).toBeTruthy();
    expect(uriOf(header(invite, 'from'))).toMatch(/^sip:4711@/);
    expect(header(invite, 'from')).not.toContain('localhost');
    expect(uriOf(header(invite, 'contact'))).toContain(`:${stage.address(transport).port}`);
    expect(header(invite, 'content-type')).toBe('application/sdp');
    expect(invite.body.toString()).toBe(offer);
    const call = Call.from(bob, invite);
    await call.respond(invite, 200, { body: answer });
    const ack = await call.hears('ACK');
    expect(targetOf(ack)).toBe(bob.uri);
    expect(cseqOf(ack).number).toBe(cseqOf(invite).number);
    expect(parameterOf(header(ack, 'via'), 'branch')).not.toBe(parameterOf(header(invite, 'via'), 'branch'));
    const dialog = await calling;
    expect(dialog.remote.sdp).toBe(answer);
    const destroyed = dialog.destroy();
    const bye = await call.hears('BYE');
    expect(cseqOf(bye).number).toBeGreaterThan(cseqOf(invite).number);
    await call.respond(bye, 200);
    await destroyed;
  });

  it.for([
    [401, 'WWW-Authenticate', 'authorization'],
    [407, 'Proxy-Authenticate', 'proxy-authorization'],
  ] as const)(
    '[drachtio uac] a %s is answered with digest in the same call, one number on (RFC 3261, 22.2)',
    async ([status, challenging, answering]) => {
      const { srf } = await stage.application();
      const bob = await stage.peer('bob', transport);
      const calling = srf.createUAC(bob.uri, { localSdp: offer, auth: login });
      const first = await bob.next('INVITE');
      await bob.respond(first, status, { headers: { [challenging]: challenge('hall', 'n1') } });
      await bob.next('ACK');
      const second = await bob.next('INVITE');
      expect(proves(header(second, answering), 'INVITE', login)).toBe(true);
      expect(header(second, 'call-id')).toBe(header(first, 'call-id'));
      expect(tagOf(header(second, 'from'))).toBe(tagOf(header(first, 'from')));
      expect(cseqOf(second).number).toBe(cseqOf(first).number + 1);
      expect(parameterOf(header(second, 'via'), 'branch')).not.toBe(parameterOf(header(first, 'via'), 'branch'));
      const call = Call.from(bob, second);
      await call.respond(second, 200, { body: answer });
      await call.hears('ACK');
      await calling;
      await call.bye();
    },
  );

  it('[drachtio uac] a refusal is acknowledged in its own transaction, and the application is told (RFC 3261, 17.1.1.3)', async () => {
    const { srf } = await stage.application();
    const bob = await stage.peer('bob', transport);
    const calling = srf.createUAC(bob.uri, { localSdp: offer });
    const refused = expect(calling).rejects.toMatchObject({ status: 486, reason: 'Busy Here' });
    const invite = await bob.next('INVITE');
    await bob.respond(invite, 486, { reason: 'Busy Here', tag: 'bobs' });
    const ack = await bob.next('ACK');
    expect(parameterOf(header(ack, 'via'), 'branch')).toBe(parameterOf(header(invite, 'via'), 'branch'));
    expect(tagOf(header(ack, 'to'))).toBe('bobs');
    await refused;
  });
});

it('[drachtio uac] provisional responses are told one by one, 100 among them not (RFC 3261, 13.2.2.1)', async () => {
  const { srf } = await stage.application();
  const bob = await stage.peer('bob');
  const heard: number[] = [];
  const calling = srf.createUAC(
    bob.uri,
    { localSdp: offer },
    { cbProvisional: (response: Srf.SrfResponse) => heard.push(response.status) },
  );
  const call = Call.from(bob, await bob.next('INVITE'));
  const invite = call.opening as Parameters<Call['respond']>[0];
  await bob.respond(invite, 100);
  await call.respond(invite, 180);
  await call.respond(invite, 183, { body: answer });
  await call.respond(invite, 200, { body: answer });
  await call.hears('ACK');
  await calling;
  expect(heard.filter((status) => status > 100)).toEqual([180, 183]);
  await call.bye();
});

it('[drachtio uac] of two forks that answer the first has the call, the other is hung up on (RFC 3261, 13.2.2.4)', async () => {
  const { srf } = await stage.application();
  const bob = await stage.peer('bob');
  const calling = srf.createUAC(bob.uri, { localSdp: offer });
  const invite = await bob.next('INVITE');
  const [desk, mobile] = [Call.from(bob, invite), Call.from(bob, invite)];
  const hears = (method: string, { local }: Call) =>
    bob.next((message) => methodOf(message) === method && tagOf(header(message, 'to')) === tagOf(local));
  await desk.respond(invite, 200, { body: answer });
  await hears('ACK', desk);
  const dialog = await calling;
  await mobile.respond(invite, 200, { body: answer });
  await hears('ACK', mobile);
  const bye = await hears('BYE', mobile);
  await bob.respond(bye, 200);
  expect(dialog.connected).toBe(true);
  const destroyed = dialog.destroy();
  const ours = await hears('BYE', desk);
  await bob.respond(ours, 200);
  await destroyed;
});

it('[drachtio uac] an INVITE nobody answers is sent again, and not once more after a 100 (RFC 3261, 17.1.1.2)', async () => {
  const { srf } = await stage.application();
  const bob = await stage.peer('bob');
  const refused = expect(srf.createUAC(bob.uri, { localSdp: offer })).rejects.toMatchObject({ status: 480 });
  const first = await bob.next('INVITE');
  const second = await bob.next('INVITE');
  expect(header(second, 'via')).toBe(header(first, 'via'));
  await bob.respond(second, 100);
  await bob.respond(second, 480);
  await bob.next('ACK');
  await refused;
});

it('[drachtio uac] ACK and BYE go by the route that the 200 recorded, from the caller outwards (RFC 3261, 12.1.2)', async () => {
  const { srf } = await stage.application();
  const [bob, near, far] = await Promise.all(['bob', 'near', 'far'].map((name) => stage.peer(name)));
  const route = (peer: typeof bob) => `<sip:127.0.0.1:${peer!.address.port};lr>`;
  const calling = srf.createUAC(bob!.uri, { localSdp: offer });
  const invite = await bob!.next('INVITE');
  // The proxy nearest to the callee put itself on top.
  await bob!.respond(invite, 200, { headers: { 'Record-Route': [route(far), route(near)] }, body: answer });
  const ack = await near!.next('ACK');
  expect(headers(ack, 'route')).toEqual([route(near), route(far)]);
  expect(targetOf(ack)).toBe(bob!.uri);
  const destroyed = (await calling).destroy();
  const bye = await near!.next('BYE');
  expect(headers(bye, 'route')).toEqual([route(near), route(far)]);
  await near!.respond(bye, 200);
  await destroyed;
});

it('[drachtio uac] `proxy` sends it there and leaves the URI as it is (RFC 3261, 8.1.2)', async () => {
  const { srf } = await stage.application();
  const carrier = await stage.peer('carrier');
  const { host, port } = carrier.address;
  const refused = expect(
    srf.createUAC('sip:+441234@carrier.example', { localSdp: offer, proxy: `sip:${host}:${port}` }),
  ).rejects.toMatchObject({ status: 404 });
  const invite = await carrier.next('INVITE');
  expect(targetOf(invite)).toBe('sip:+441234@carrier.example');
  expect(uriOf(header(invite, 'to'))).toBe('sip:+441234@carrier.example');
  await carrier.respond(invite, 404);
  await refused;
});

it('[drachtio uac] a 302 is followed where the application wants it (RFC 3261, 8.1.3.4)', async () => {
  const { srf } = await stage.application();
  const [bob, mobile] = [await stage.peer('bob'), await stage.peer('mobile')];
  const calling = srf.createUAC(bob.uri, { localSdp: offer, followRedirects: true });
  const invite = await bob.next('INVITE');
  await bob.respond(invite, 302, { headers: { Contact: mobile.contact } });
  await bob.next('ACK');
  const moved = await mobile.next('INVITE');
  expect(targetOf(moved)).toBe(mobile.uri);
  const call = Call.from(mobile, moved);
  await call.respond(moved, 200, { body: answer });
  await call.hears('ACK');
  await calling;
  await call.bye();
});

it('[drachtio uac] a TCP port where nobody listens is a local 503 (RFC 3261, 8.1.3.1)', async () => {
  const { srf } = await stage.application();
  const gone = await stage.peer('gone', 'tcp');
  const { uri } = gone;
  await gone.close();
  await expect(srf.createUAC(uri, { localSdp: offer })).rejects.toMatchObject({ status: 503 });
});

it('[drachtio uac] OPTIONS and MESSAGE out of dialog are answered to the application, digest included (RFC 3261, 11; RFC 3428)', async () => {
  const { srf } = await stage.application();
  const bob = await stage.peer('bob');
  const req = await srf.request(bob.uri, {
    method: 'MESSAGE',
    headers: { 'Content-Type': 'text/plain' },
    body: 'Der Techniker kommt um 10 Uhr – früher als gedacht.',
    auth: login,
  });
  const responded = new Promise<Srf.SrfResponse | undefined>((done) => req.on('response', (res) => done(res)));
  const first = await bob.next('MESSAGE');
  expect(first.body.toString()).toBe('Der Techniker kommt um 10 Uhr – früher als gedacht.');
  await bob.respond(first, 401, { headers: { 'WWW-Authenticate': challenge('hall', 'n2') } });
  const second = await bob.next((message) => header(message, 'authorization') !== undefined);
  expect(proves(header(second, 'authorization'), 'MESSAGE', login)).toBe(true);
  await bob.respond(second, 202);
  expect((await responded)?.status).toBe(202);
  const options = await srf.request(bob.uri, { method: 'OPTIONS' });
  const alive = new Promise<Srf.SrfResponse | undefined>((done) => options.on('response', (res) => done(res)));
  await bob.respond(await bob.next('OPTIONS'), 200, { headers: { Allow: 'INVITE, ACK, BYE' } });
  expect((await alive)?.get('Allow')).toBe('INVITE, ACK, BYE');
});
