/** Calls over TLS, from peers and to peers that are who they say and to others (RFC 3261, 26.2; RFC 5922). */
import { createServer, type AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { header } from '../../support/sip/message.ts';
import type { Peer } from '../../support/sip/peer.ts';
import { startServer } from '../../support/sip/server.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE, BOB } from '../../support/sip/talk.ts';
import { makeCertificate, type Certificate } from '../../support/sip/tls.ts';
import { missingTools } from '../../support/sip/tools.ts';

/** Of 127.0.0.1 and of example.com, which the server trusts; and one that nobody vouches for. */
let numeric: Certificate;
let named: Certificate;
let stranger: Certificate;

const nothing = () => Promise.reject(new Error('ENODATA'));
const lookup = () => Promise.resolve(['127.0.0.1']);

// A server that is there already trusts none of ours.
const skipped = process.env.DRACHTIO_HOST !== undefined || (await missingTools()).includes('openssl');

describe.skipIf(skipped)('peers that prove who they are', () => {
  let ours: Certificate;
  let theirs: Certificate;
  const stage = setStage(async () => {
    [ours, theirs] = await Promise.all([makeCertificate(), makeCertificate()]);
    return startServer({ certificate: ours, trusted: [theirs.cert], mutual: true });
  });

  it('[drachtio uas] who shows a certificate that is trusted is heard (RFC 5923, 5)', async () => {
    await stage.application({ invite: (_req, res) => res.send(486) });
    const alice = await stage.peer('alice', 'tls', { ...theirs, ca: ours.cert });
    const call = await Call.begin(alice, 'bob', { body: ALICE });
    await call.ackRefusal(await call.response(486));
  });

  it('[drachtio uas] who shows none, or one of his own, is not (RFC 3261, 26.3.1)', async () => {
    const mallory = await makeCertificate();
    for (const shown of [{}, mallory]) {
      const socket = connect({ ...stage.address('tls'), ...shown, ca: ours.cert });
      const closed = new Promise((done) => socket.on('close', done));
      socket.on('error', () => undefined);
      // With TLS 1.3 the refusal comes behind the handshake.
      socket.resume();
      await closed;
    }
  });

  it('[drachtio uac] whom we call sees our certificate (RFC 5923, 5)', async () => {
    const { srf } = await stage.application();
    const bob = await stage.peer('bob', 'tls', { ...theirs, ca: ours.cert });
    const refused = expect(
      srf.createUAC(`sips:bob@127.0.0.1:${bob.address.port}`, { localSdp: ALICE }),
    ).rejects.toMatchObject({ status: 486 });
    await bob.respond(await bob.next('INVITE'), 486);
    await refused;
  });
});

describe.skipIf(skipped)('calls over TLS', () => {
  const stage = setStage(async () => {
    [numeric, named, stranger] = await Promise.all([
      makeCertificate(),
      makeCertificate('DNS:example.com'),
      makeCertificate(),
    ]);
    return startServer({ certificate: numeric, trusted: [named.cert], dns: { naptr: nothing, srv: nothing, lookup } });
  });

  const at = (scheme: 'sip' | 'sips', host: string, { address }: Peer) =>
    `${scheme}:bob@${host}:${address.port}${scheme === 'sip' ? ';transport=tls' : ''}`;

  it.for(['sip', 'sips'] as const)(
    '[drachtio uac] %s: the whole call is on one connection, and says of itself that it is secure (RFC 3261, 26.2.1)',
    async (scheme) => {
      const { srf } = await stage.application();
      const bob = await stage.peer('bob', 'tls', numeric);
      const uri = at(scheme, '127.0.0.1', bob);
      const calling = srf.createUAC(uri, { localSdp: ALICE });
      const invite = await bob.next('INVITE');
      expect(invite.start).toBe(`INVITE ${uri} SIP/2.0`);
      expect(header(invite, 'via')).toMatch(/^SIP\/2\.0\/TLS /);
      expect(header(invite, 'contact')).toMatch(/^<sips?:.*transport=tls/);
      const call = Call.from(bob, invite);
      await call.respond(invite, 200, { body: BOB });
      await call.hears('ACK');
      const dialog = await calling;
      const modified = dialog.modify(ALICE);
      const again = await call.hears('INVITE');
      await call.respond(again, 200, { body: BOB });
      await call.hears('ACK');
      await modified;
      await call.bye();
      expect(bob.connections).toBe(1);
    },
  );

  it('[drachtio uas] a call in is told as tls, and is answered as such (RFC 3261, 12.1.1)', async () => {
    const protocols: string[] = [];
    const { srf } = await stage.application({
      invite(req, res) {
        protocols.push(req.protocol);
        void srf.createUAS(req, res, { localSdp: BOB });
      },
    });
    const alice = await stage.peer('alice', 'tls', numeric);
    const call = await Call.begin(alice, 'bob', { body: ALICE });
    const ok = await call.answered();
    expect(header(ok, 'contact')).toMatch(/^<sips:.*transport=tls/);
    await call.bye();
    expect(protocols).toEqual(['tls']);
    expect(alice.connections).toBe(1);
  });

  it('[drachtio uac] a name is called where its certificate names it, whatever address it has (RFC 5922, 7.2)', async () => {
    const { srf } = await stage.application();
    const bob = await stage.peer('bob', 'tls', named);
    const refused = expect(srf.createUAC(at('sips', 'example.com', bob), { localSdp: ALICE })).rejects.toMatchObject({
      status: 486,
    });
    await bob.respond(await bob.next('INVITE'), 486);
    await bob.next('ACK');
    await refused;
  });

  it.for([
    ['nobody vouches for', () => stranger, '127.0.0.1', /^Certificate Refused: .*self.signed/],
    ['names another address', () => named, '127.0.0.1', /^Certificate Refused: .*127\.0\.0\.1/],
    ['names an address, not the domain', () => numeric, 'example.com', /^Certificate Refused: .*example\.com/],
  ] as const)(
    '[drachtio uac] a certificate that %s is a local 503 that says so, and nothing is sent (RFC 5922, 7.2)',
    async ([, identity, host, reason]) => {
      const { srf } = await stage.application();
      const mallory = await stage.peer('mallory', 'tls', identity());
      await expect(srf.createUAC(at('sips', host, mallory), { localSdp: ALICE })).rejects.toMatchObject({
        status: 503,
        reason: expect.stringMatching(reason) as string,
      });
      expect(mallory.count(() => true)).toBe(0);
    },
  );

  it('[drachtio uac] a connection checked for one name serves no other (RFC 5922, 7.3)', async () => {
    const { srf } = await stage.application();
    const bob = await stage.peer('bob', 'tls', named);
    const first = expect(srf.createUAC(at('sips', 'example.com', bob), { localSdp: ALICE })).rejects.toMatchObject({
      status: 404,
    });
    await bob.respond(await bob.next('INVITE'), 404);
    await first;
    await expect(srf.createUAC(at('sips', 'other.example', bob), { localSdp: ALICE })).rejects.toMatchObject({
      status: 503,
    });
    expect(bob.count('INVITE')).toBe(0);
  });

  it('[drachtio uac] a port that speaks no TLS is a local 503 (RFC 3261, 8.1.3.1)', async () => {
    const { srf } = await stage.application();
    const deaf = createServer((socket) => socket.end('SIP/2.0 400 What\r\n\r\n')).listen(0, '127.0.0.1');
    await expect.poll(() => deaf.listening).toBe(true);
    const { port } = deaf.address() as AddressInfo;
    await expect(srf.createUAC(`sips:bob@127.0.0.1:${port}`, { localSdp: ALICE })).rejects.toMatchObject({
      status: 503,
      reason: 'Service Unavailable',
    });
    deaf.close();
  });
});
