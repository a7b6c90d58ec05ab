/** An engine that listens on `::`, and peers of IPv4 and IPv6. */
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import Srf from 'drachtio-srf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSipEngine, type SipEngine } from '../../../sip/engine/engine.ts';
import { Call } from '../../support/sip/call.ts';
import { header, parameterOf } from '../../support/sip/message.ts';
import { Peer, type Transport } from '../../support/sip/peer.ts';
import { ALICE, BOB } from '../../support/sip/talk.ts';

const secret = 'open sesame';
const hasIPv6 = Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === '::1'));
let engine: SipEngine;
let srf: Srf.Application;
let peer: Peer;

beforeEach(async () => {
  engine = await startSipEngine({
    listen: [
      { protocol: 'udp', address: '::', port: 0 },
      { protocol: 'tcp', address: '::', port: 0 },
    ],
    control: { address: '127.0.0.1', port: 0, secret },
    timers: { t1: 20, t2: 160, t4: 200 },
  });
  srf = new Srf() as Srf.Application;
  const connected = once(srf, 'connect');
  void srf.connect({ host: '127.0.0.1', port: engine.controlPort, secret });
  await connected;
});

afterEach(async () => {
  srf.disconnect();
  await engine.close();
  await peer.close();
});

const ways = ['127.0.0.1', '::1'].flatMap((host) =>
  (['udp', 'tcp'] as const).map((transport) => ({ host, transport })),
);

describe.skipIf(!hasIPv6).each(ways)('a peer at $host over $transport', ({ host, transport }) => {
  const written = host.includes(':') ? `[${host}]` : host;
  const portOf = (each: Transport) => engine.endpoints.find(({ protocol }) => protocol === each)?.port ?? 0;
  const opened = (user: string) => Peer.open(user, { host, port: portOf(transport) }, transport);

  it('calls: it is seen and answered at an address of its own kind', async () => {
    const source = Promise.withResolvers<string>();
    srf.invite((req, res) => {
      source.resolve(req.source_address);
      void srf.createUAS(req, res, { localSdp: BOB });
    });
    peer = await opened('alice');
    const call = await Call.begin(peer, 'bob', { body: ALICE });
    const ok = await call.answered();
    expect(await source.promise).toBe(host);
    expect(header(ok, 'contact')).toContain(`sip:${written}:${portOf(transport)}`);
    expect(parameterOf(header(ok, 'via'), 'received') ?? host).toBe(host);
    await call.bye();
  });

  it('is called: by the same socket, from an address of its own kind', async () => {
    peer = await opened('bob');
    const refused = expect(srf.createUAC(peer.uri, { localSdp: ALICE })).rejects.toMatchObject({ status: 486 });
    const invite = await peer.next('INVITE');
    expect(header(invite, 'via')).toContain(` ${written}:${portOf(transport)};`);
    expect(header(invite, 'contact')).toContain(`${written}:${portOf(transport)}`);
    if (transport === 'udp') expect(invite.from).toEqual({ host, port: portOf('udp') });
    await peer.respond(invite, 486);
    await peer.next('ACK');
    await refused;
  });
});
