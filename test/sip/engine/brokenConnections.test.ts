/** Answers whose connection is gone (RFC 3261, 18.2.2). */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import Srf from 'drachtio-srf';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSipEngine, type SipEngine } from '../../../sip/engine/engine.ts';
import { Call } from '../../support/sip/call.ts';
import { Peer } from '../../support/sip/peer.ts';
import { ALICE } from '../../support/sip/talk.ts';

const host = '127.0.0.1';
const secret = 'open sesame';
let engine: SipEngine;
let srf: Srf.Application;
let alice: Peer;
/** What came and is not answered, and the peer's name as its Via says it. */
let answer: (status: number) => Promise<void>;
let asked: Promise<void>;

beforeEach(async () => {
  const lookup = (name: string) =>
    name === 'alice.example' ? Promise.resolve(['127.0.0.2']) : Promise.reject(new Error('ENOTFOUND'));
  const nothing = () => Promise.reject(new Error('ENODATA'));
  engine = await startSipEngine({
    listen: [{ protocol: 'tcp', address: host, port: 0 }],
    control: { address: host, port: 0, secret },
    timers: { t1: 20, t2: 160, t4: 200 },
    dns: { naptr: nothing, srv: nothing, lookup },
  });
  srf = new Srf() as Srf.Application;
  const { promise, resolve } = Promise.withResolvers<void>();
  asked = promise;
  const take = (_req: Srf.SrfRequest, res: Srf.SrfResponse) => {
    answer = (status) => new Promise((done, fail) => res.send(status, {}, (error) => (error ? fail(error) : done())));
    resolve();
  };
  srf.use('options', take);
  srf.use('invite', take);
  const connected = once(srf, 'connect');
  void srf.connect({ host, port: engine.controlPort, secret });
  await connected;
  alice = await Peer.open('alice', { host, port: engine.endpoints[0]?.port ?? 0 }, 'tcp');
});

afterEach(async () => {
  srf.disconnect();
  await engine.close();
  await alice.close();
});

/** alice's request came, and then her connection broke. */
async function askedAndGone(method: string, sentBy?: string): Promise<Call> {
  const headers = sentBy === undefined ? {} : { Via: `SIP/2.0/TCP ${sentBy};branch=z9hG4bKgone` };
  const call = await Call.begin(alice, 'bob', { method, headers, ...(method === 'INVITE' ? { body: ALICE } : {}) });
  await asked;
  alice.cut();
  await expect.poll(() => engine.load().connections).toBe(0);
  return call;
}

it('[RFC 3261 18.2.2] a 200 goes to the source address, at the port of sent-by', async () => {
  const call = await askedAndGone('OPTIONS');
  await answer(200);
  await call.response(200, 'OPTIONS');
});

it('[RFC 3261 18.2.2] so does what the engine answers itself: 487 after a CANCEL on a new connection', async () => {
  const call = await askedAndGone('INVITE');
  await call.cancel();
  await call.response(200, 'CANCEL');
  await call.ackRefusal(await call.response(487));
  await expect.poll(() => engine.load().serverTransactions).toBe(0);
});

it('[RFC 3261 18.2.2] where nobody listens there the answer is lost, and nothing stays behind', async () => {
  await askedAndGone('OPTIONS', '127.0.0.1:9');
  await answer(200);
  await expect.poll(() => engine.load()).toMatchObject({ serverTransactions: 0, connections: 0 });
});

it('[RFC 3263 5] the name in sent-by is asked for where the source address takes no connection', async () => {
  const elsewhere = createServer().listen(0, '127.0.0.2');
  await once(elsewhere, 'listening');
  await askedAndGone('OPTIONS', `alice.example:${(elsewhere.address() as AddressInfo).port}`);
  const connected = once(elsewhere, 'connection') as Promise<[Socket]>;
  await answer(200);
  const [socket] = await connected;
  const [data] = (await once(socket, 'data')) as [Buffer];
  expect(data.toString()).toMatch(/^SIP\/2\.0 200 /);
  socket.destroy();
  elsewhere.close();
});
