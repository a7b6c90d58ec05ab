/** What peers and applications write wrong, past the parser: it costs that message, never the engine. */
import { describe, expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { header } from '../../support/sip/message.ts';
import { startServer } from '../../support/sip/server.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE, BOB } from '../../support/sip/talk.ts';

const stage = setStage(() => startServer());

describe('a response that is malformed where it need not be read', () => {
  it.for([
    { Contact: '<nonsense' },
    { Contact: 'x"y <sip:b@h>' },
    { 'Record-Route': '<sip:%zz;lr>' },
    { 'Session-Expires': 'soon' },
    { RSeq: 'first', Require: '100rel' },
    { Allow: '"' },
  ])('[RFC 3261 8.1.3] is told to the application all the same: %o', async (headers) => {
    const { srf } = await stage.application();
    const bob = await stage.peer('bob');
    const provisional: number[] = [];
    const calling = srf.createUAC(
      bob.uri,
      { localSdp: ALICE },
      { cbProvisional: ({ status }) => provisional.push(status) },
    );
    const invite = await bob.next('INVITE');
    const call = Call.from(bob, invite);
    // Its PRACK, where the application sends one, leads nowhere and is not waited for.
    await call.respond(invite, 183, { headers });
    await call.respond(invite, 200, { headers: { Contact: bob.contact, ...headers }, body: BOB });
    await call.hears('ACK');
    await calling;
    expect(provisional).toEqual([183]);
    await call.bye();
  });

  it('[RFC 3261 8.1.3.4] a redirection to nowhere is a refusal, when it is forwarded', async () => {
    const bob = await stage.peer('bob');
    await stage.application({
      invite: (req) => void req.proxy({ destination: bob.uri, followRedirects: true }).catch(() => undefined),
    });
    const call = await Call.begin(await stage.peer('alice'), 'bob', { body: ALICE });
    await bob.respond(await bob.next('INVITE'), 302, { headers: { Contact: '<nonsense, <sip:' } });
    await bob.next('ACK');
    await call.ackRefusal(await call.response(302));
  });
});

it('[RFC 5923] a route is followed while contacts are bound to connections', async () => {
  const { srf } = await stage.application({
    register: (req, res) => res.send(200, { headers: { Contact: req.get('Contact'), Expires: '60' } }),
  });
  const phone = await stage.peer('phone', 'tcp');
  await (await Call.begin(phone, 'phone', { method: 'REGISTER' })).response(200, 'REGISTER');
  const [bob, proxy] = [await stage.peer('bob'), await stage.peer('proxy')];
  const calling = srf.createUAC(bob.uri, { localSdp: ALICE });
  const invite = await bob.next('INVITE');
  const route = `<sip:127.0.0.1:${proxy.address.port};lr>`;
  await bob.respond(invite, 200, { headers: { 'Record-Route': route }, body: BOB });
  const ack = await proxy.next('ACK');
  expect(header(ack, 'route')).toBe(route);
  const destroyed = (await calling).destroy();
  await proxy.respond(await proxy.next('BYE'), 200);
  await destroyed;
});

describe('a header of the application that its peer would refuse', () => {
  it.for([
    { From: '<sip:a b@localhost>' },
    { To: 'ü <sip:@' },
    { Contact: 'nonsense<' },
    { 'Call-ID': 'a b c' },
    { 'Session-Expires': 'soon' },
    { Route: 'sip:x' },
    { Expires: 'soon' },
  ])('is said to the application, and nothing is sent: %o', async (headers) => {
    const { srf } = await stage.application();
    const bob = await stage.peer('bob');
    await expect(srf.createUAC(bob.uri, { localSdp: ALICE, headers: { ...headers } as never })).rejects.toThrow(
      /malformed header: .*RFC/,
    );
    expect(bob.count(() => true)).toBe(0);
  });

  it('likewise in a response, and another may follow', async () => {
    const refusals: string[] = [];
    await stage.application({
      invite(_req, res) {
        res.send(183, { headers: { 'Session-Expires': 'soon' }, body: BOB }, (error) => {
          refusals.push(String(error));
          res.send(480);
        });
      },
    });
    const call = await Call.begin(await stage.peer('alice'), 'bob', { body: ALICE });
    await call.ackRefusal(await call.response(480));
    expect(refusals).toEqual([expect.stringMatching(/malformed header: Session-Expires/) as string]);
  });
});
