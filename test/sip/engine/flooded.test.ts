/** Who gets through while strangers send more than is read of strangers. The engine's clock is turned by hand. */
import { once } from 'node:events';
import Srf from 'drachtio-srf';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { startSipEngine } from '../../../sip/engine/engine.ts';
import { Call } from '../../support/sip/call.ts';
import { HandClock } from '../../support/sip/handClock.ts';
import { Peer, type Transport } from '../../support/sip/peer.ts';
import { ALICE, BOB } from '../../support/sip/talk.ts';

const host = '127.0.0.1';
const clock = new HandClock();
let srf: Srf.Application;
let ports: Partial<Record<Transport, number>>;
let opened: Peer[];

/** Somebody at 127.0.9.`last`, which nobody has heard of. */
async function stranger(last: number, transport: Transport = 'udp'): Promise<Peer> {
  const peer = await Peer.at(`127.0.9.${last}`, 'bob', { host, port: ports[transport] ?? 0 }, transport);
  opened.push(peer);
  return peer;
}

/** An engine that reads twenty messages of strangers, which ten of them have sent already; no time passes. */
beforeEach(async () => {
  const engine = await startSipEngine({
    listen: [
      { protocol: 'udp', address: host, port: 0 },
      { protocol: 'tcp', address: host, port: 0 },
    ],
    control: { address: host, port: 0, secret: 'open sesame' },
    limits: { messagesFromStrangers: 10 },
    clock,
  });
  ports = Object.fromEntries(engine.endpoints.map(({ protocol, port }) => [protocol, port]));
  opened = [];
  srf = new Srf() as Srf.Application;
  const connecting = once(srf, 'connect');
  void srf.connect({ host, port: engine.controlPort, secret: 'open sesame' });
  await connecting;
  const answered: string[] = [];
  srf.use('options', (req, res) => {
    answered.push(req.get('from') ?? '');
    res.send(200);
  });
  for (let last = 101; last <= 110; last++) {
    const mallory = await stranger(last);
    for (let count = 0; count < 2; count++) {
      await Call.begin(mallory, 'desk', { method: 'OPTIONS' });
      await mallory.next('200 OPTIONS');
    }
  }
  expect(answered).toHaveLength(20);
  onTestFinished(async () => {
    srf.disconnect();
    await Promise.all(opened.map((each) => each.close()));
    await engine.close();
  });
});

it.for(['udp', 'tcp'] as const)('who is called answers, and hangs up, over %s', async (transport) => {
  const bob = await stranger(1, transport);
  const calling = srf.createUAC(bob.uri, { localSdp: ALICE });
  const invite = await bob.next('INVITE');
  const call = Call.from(bob, invite);
  await call.respond(invite, 180);
  await call.respond(invite, 200, { body: BOB });
  await call.hears('ACK');
  await calling;
  await call.bye();
});

it('who is called is heard from another address of theirs, within the call and in answer to it', async () => {
  const bob = await stranger(1);
  const calling = srf.createUAC(bob.uri, { localSdp: ALICE });
  const invite = await bob.next('INVITE');
  const elsewhere = await stranger(2);
  const call = Call.from(elsewhere, invite);
  await call.respond(invite, 200, { body: BOB });
  // Where the INVITE went: an address that the caller has not heard from may be behind a translator.
  await bob.next('ACK');
  await calling;
  const third = await stranger(3);
  const there = Call.from(third, invite);
  there.local = call.local;
  await there.bye();
});

it('a request in no dialog of ours is not read', async () => {
  const bob = await stranger(1);
  const calling = srf.createUAC(bob.uri, { localSdp: ALICE });
  const invite = await bob.next('INVITE');
  const mallory = await stranger(2);
  const forged = Call.from(mallory, invite);
  // Read, it would be answered: with 481.
  await forged.request('BYE');
  const call = Call.from(bob, invite);
  await call.respond(invite, 200, { body: BOB });
  await call.hears('ACK');
  await calling;
  expect(mallory.count('481 BYE')).toBe(0);
  await call.bye();
});
