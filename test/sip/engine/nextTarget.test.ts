/** One name, several servers: who is asked when the first does not serve (RFC 3263, 4.3). */
import { once } from 'node:events';
import Srf from 'drachtio-srf';
import { afterEach, describe, expect, it } from 'vitest';
import { startSipEngine, type SipEngine } from '../../../sip/engine/engine.ts';
import type { Dns } from '../../../sip/engine/transports/target.ts';
import { Call } from '../../support/sip/call.ts';
import { cseqOf, header, parameterOf, statusOf, tagOf } from '../../support/sip/message.ts';
import { Peer, type Transport } from '../../support/sip/peer.ts';
import { ALICE, BOB, finalOf } from '../../support/sip/talk.ts';

const host = '127.0.0.1';
const secret = 'open sesame';
const URI = 'sip:bob@example.com;transport=udp';
const peers: Peer[] = [];
let engine: SipEngine;
let srf: Srf.Application;

/** An engine that finds these peers under example.com, in this order, and an application on it. */
async function served(...servers: { port: number }[]): Promise<void> {
  const dns: Dns = {
    naptr: () => Promise.reject(new Error('ENODATA')),
    srv: () => Promise.resolve(servers.map(({ port }, at) => ({ name: 'a', port, priority: at, weight: 0 }))),
    lookup: () => Promise.resolve([host]),
  };
  engine = await startSipEngine({
    listen: [
      { protocol: 'udp', address: host, port: 0 },
      { protocol: 'tcp', address: host, port: 0 },
    ],
    control: { address: host, port: 0, secret },
    timers: { t1: 10, t2: 80, t4: 100 },
    dns,
  });
  srf = new Srf() as Srf.Application;
  const connected = once(srf, 'connect');
  void srf.connect({ host, port: engine.controlPort, secret });
  await connected;
}

async function peer(name: string, transport: Transport = 'udp'): Promise<Peer> {
  const opened = await Peer.open(name, { host, port: 9 }, transport);
  peers.push(opened);
  return opened;
}

/** Calls example.com; what the first two servers heard is the test's. */
const called = (uri = URI) => srf.createUAC(uri, { localSdp: ALICE });

afterEach(async () => {
  srf.disconnect();
  await engine.close();
  await Promise.all(peers.splice(0).map((each) => each.close()));
});

describe('an INVITE', () => {
  it('[RFC 3263 4.3] goes on when nobody answers: the same call with a branch of its own', async () => {
    const [silent, second] = [await peer('silent'), await peer('second')];
    await served(silent.address, second.address);
    const calling = called();
    const [lost, invite] = [await silent.next('INVITE'), await second.next('INVITE')];
    for (const name of ['call-id', 'from', 'to', 'cseq', 'contact'])
      expect(header(invite, name)).toBe(header(lost, name));
    expect(invite.body).toEqual(lost.body);
    expect(parameterOf(header(invite, 'via'), 'branch')).not.toBe(parameterOf(header(lost, 'via'), 'branch'));
    const call = Call.from(second, invite);
    await call.respond(invite, 200, { body: BOB });
    await call.hears('ACK');
    const destroyed = (await calling).destroy();
    await call.respond(await call.hears('BYE'), 200);
    await destroyed;
  });

  it('[RFC 3263 4.3] goes on after a 503, which is acknowledged, and of which the application hears nothing', async () => {
    const [busy, second] = [await peer('busy'), await peer('second')];
    await served(busy.address, second.address);
    const refused = expect(called()).rejects.toMatchObject({ status: 486 });
    const first = await busy.next('INVITE');
    await busy.respond(first, 180, { tag: 'early' });
    await busy.respond(first, 503, { tag: 'early' });
    await busy.next('ACK');
    const invite = await second.next('INVITE');
    expect(tagOf(header(invite, 'to'))).toBeUndefined();
    await second.respond(invite, 486);
    await second.next('ACK');
    await refused;
    await expect.poll(() => engine.load()).toMatchObject({ dialogs: 0, clientTransactions: 0 });
  });

  it('[RFC 3263 4.3] goes on when the connection breaks before anything was said', async () => {
    const [broken, second] = [await peer('broken', 'tcp'), await peer('second', 'tcp')];
    await served(broken.address, second.address);
    const refused = expect(called('sip:bob@example.com;transport=tcp')).rejects.toMatchObject({ status: 404 });
    await broken.next('INVITE');
    await broken.close();
    await second.respond(await second.next('INVITE'), 404);
    await second.next('ACK');
    await refused;
  });

  it('[RFC 3263 4.3] has as many targets as the name has: then the application hears of the last', async () => {
    const busy = await Promise.all(['one', 'two', 'three'].map((name) => peer(name)));
    await served(...busy.map(({ address }) => address));
    const refused = expect(called()).rejects.toMatchObject({ status: 503, reason: 'Three Is Full' });
    for (const [at, each] of busy.entries()) {
      const reason = ['One', 'Two', 'Three'][at] + ' Is Full';
      await each.respond(await each.next('INVITE'), 503, { reason });
      await each.next('ACK');
    }
    await refused;
  });

  it('[RFC 3261 9.1] is cancelled where it is now', async () => {
    const [busy, second] = [await peer('busy'), await peer('second')];
    await served(busy.address, second.address);
    const sent = Promise.withResolvers<Srf.SrfRequest>();
    const ringing = Promise.withResolvers<void>();
    const refused = expect(
      srf.createUAC(
        URI,
        { localSdp: ALICE },
        { cbRequest: (_error, req) => sent.resolve(req), cbProvisional: () => ringing.resolve() },
      ),
    ).rejects.toMatchObject({ status: 487 });
    await busy.respond(await busy.next('INVITE'), 503);
    await busy.next('ACK');
    const invite = await second.next('INVITE');
    await second.respond(invite, 180);
    await ringing.promise;
    (await sent.promise).cancel(() => undefined);
    const cancel = await second.next('CANCEL');
    expect(header(cancel, 'via')).toBe(header(invite, 'via'));
    await second.respond(cancel, 200);
    await second.respond(invite, 487);
    await second.next('ACK');
    await refused;
    expect(busy.count('CANCEL')).toBe(0);
  });

  it('[RFC 3261 9.1] that was cancelled is taken to nobody else', async () => {
    const [silent, second] = [await peer('silent'), await peer('second')];
    await served(silent.address, second.address);
    const sent = Promise.withResolvers<Srf.SrfRequest>();
    const refused = expect(
      srf.createUAC(URI, { localSdp: ALICE }, { cbRequest: (_error, req) => sent.resolve(req) }),
    ).rejects.toMatchObject({ status: 408 });
    await silent.next('INVITE');
    (await sent.promise).cancel(() => undefined);
    await refused;
    expect(second.count('INVITE')).toBe(0);
  });

  it('[RFC 3263 4.3] that rings stays where it is when its connection breaks', async () => {
    const [broken, second] = [await peer('broken', 'tcp'), await peer('second', 'tcp')];
    await served(broken.address, second.address);
    const refused = expect(called('sip:bob@example.com;transport=tcp')).rejects.toMatchObject({ status: 503 });
    await broken.respond(await broken.next('INVITE'), 180);
    await broken.close();
    await refused;
    expect(second.count('INVITE')).toBe(0);
  });
});

it('[RFC 3263 4.3] any other request goes on likewise, and keeps its number', async () => {
  const [silent, busy, third] = [await peer('silent'), await peer('busy'), await peer('third')];
  await served(silent.address, busy.address, third.address);
  const options = await srf.request(URI, { method: 'OPTIONS' });
  const final = finalOf(options);
  const first = await silent.next('OPTIONS');
  await busy.respond(await busy.next('OPTIONS'), 503);
  const last = await third.next('OPTIONS');
  expect(cseqOf(last)).toEqual(cseqOf(first));
  await third.respond(last, 200);
  expect((await final).status).toBe(200);
});

describe('a request that is forwarded', () => {
  it.for(['silence', 503] as const)('[RFC 3261 16.6] goes to the next address of its target after %s', async (how) => {
    const [first, second] = [await peer('first'), await peer('second')];
    await served(first.address, second.address);
    srf.use('invite', (req: Srf.SrfRequest) => void req.proxy({ destination: URI, remainInDialog: true }));
    const caller = await Peer.open('alice', engine.endpoints.map(({ port }) => ({ host, port }))[0]!);
    peers.push(caller);
    const call = await Call.begin(caller, 'bob', { body: ALICE });
    const lost = await first.next('INVITE');
    if (how === 503) {
      await first.respond(lost, 503);
      await first.next('ACK');
    }
    const invite = await second.next('INVITE');
    expect(parameterOf(header(invite, 'via'), 'branch')).not.toBe(parameterOf(header(lost, 'via'), 'branch'));
    await second.respond(invite, 486);
    await second.next('ACK');
    const final = await caller.next((message) => (statusOf(message) ?? 0) >= 200);
    expect(statusOf(final)).toBe(486);
    await call.ackRefusal(final);
  });
});
