/** Calls for what was registered over a connection, with an application that grants what it is asked. */
import type Srf from 'drachtio-srf';
import { expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import type { Peer } from '../../support/sip/peer.ts';
import { startServer } from '../../support/sip/server.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE } from '../../support/sip/talk.ts';

const stage = setStage(() => startServer({ t1: 20 }));

const grant: Srf.Handler = (req, res) =>
  void res.send(req.method === 'REGISTER' ? 200 : 202, {
    headers: { Contact: req.get('contact') ?? '', Expires: req.get('expires') ?? '300' },
  });

async function register(peer: Peer, contact: string): Promise<void> {
  const call = await Call.begin(peer, peer.user, { method: 'REGISTER', headers: { Contact: contact } });
  await call.response(200, 'REGISTER');
}

/** The peer is called, and refuses. */
async function isCalled(peer: Peer, srf: Srf.Application, uri: string): Promise<void> {
  const refused = expect(srf.createUAC(uri, { localSdp: ALICE })).rejects.toMatchObject({ status: 486 });
  await peer.respond(await peer.next('INVITE'), 486);
  await peer.next('ACK');
  await refused;
}

it('a call for bob reaches bob, though mallory registers his address as her own', async () => {
  const { srf } = await stage.application({ register: grant });
  const [bob, mallory] = [await stage.peer('bob'), await stage.peer('mallory', 'tcp')];
  await register(mallory, bob.contact);
  await isCalled(bob, srf, bob.uri);
  expect(mallory.count('INVITE')).toBe(0);
});

it('[RFC 5626] a phone that ends a subscription is called by its connection as before', async () => {
  const { srf } = await stage.application({ register: grant, subscribe: grant });
  const bob = await stage.peer('bob', 'tcp');
  const contact = '<sip:bob@h.invalid;transport=tcp>';
  await register(bob, contact);
  const headers = { Contact: contact, Event: 'presence', Expires: '0' };
  const subscription = await Call.begin(bob, 'carol', { method: 'SUBSCRIBE', headers });
  await subscription.response(202, 'SUBSCRIBE');
  await isCalled(bob, srf, 'sip:bob@h.invalid;transport=tcp');
});
