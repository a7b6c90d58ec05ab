/** REGISTER with digest: the application is the registrar, the server brings what it needs for that. */
import { randomBytes } from 'node:crypto';
import type Srf from 'drachtio-srf';
import { describe, expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { answer, challenge, digestParts, proves } from '../../support/sip/digest.ts';
import { header, uriOf } from '../../support/sip/message.ts';
import type { Peer } from '../../support/sip/peer.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE, BOB } from '../../support/sip/talk.ts';

const stage = setStage();
const alice = { username: 'alice', password: 'wonderland' };

/** A registrar that issues each nonce once and takes it once. */
async function registrar() {
  const issued = new Set<string>();
  const registrations: Srf.SrfRequest[] = [];
  const { srf } = await stage.application({
    register(req, res) {
      const authorization = req.get('Authorization') as string | undefined;
      const nonce = digestParts(authorization).get('nonce') ?? '';
      if (!issued.delete(nonce) || !proves(authorization, 'REGISTER', alice)) {
        const fresh = randomBytes(8).toString('hex');
        issued.add(fresh);
        return res.send(401, { headers: { 'WWW-Authenticate': challenge('couchline', fresh) } });
      }
      registrations.push(req);
      res.send(200, { headers: { Contact: req.get('Contact'), Expires: '300' } });
    },
  });
  return { srf, registrations };
}

async function register(peer: Peer, call: Call, authorization?: string) {
  await call.request('REGISTER', { headers: { Authorization: authorization, Expires: '300' } });
}

describe.for(['udp', 'tcp'] as const)('REGISTER over %s', (transport) => {
  it('[drachtio register] a challenge, an answer, and a contact with the address it came from (RFC 3261, 10.3, 22.4)', async () => {
    const { registrations } = await registrar();
    const phone = await stage.peer('alice', transport);
    const call = Call.to(phone, 'alice');
    await register(phone, call);
    const challenged = header(await call.response(401, 'REGISTER'), 'www-authenticate') ?? '';
    await register(phone, call, answer(challenged, 'REGISTER', call.target, alice));
    const ok = await call.response(200, 'REGISTER');
    expect(header(ok, 'expires')).toBe('300');
    expect(uriOf(header(ok, 'contact'))).toBe(phone.uri);
    const [req] = registrations;
    expect(req?.source_address).toBe('127.0.0.1');
    expect(req?.protocol).toBe(transport);
    if (transport === 'udp') expect(req?.source_port).toBe(phone.address.port);
  });
});

it('[drachtio register] a nonce that was never issued, or was used before, is challenged anew (RFC 2617, 3.3)', async () => {
  const { registrations } = await registrar();
  const phone = await stage.peer('alice');
  const call = Call.to(phone, 'alice');
  await register(phone, call, answer(challenge('couchline', 'made-up'), 'REGISTER', call.target, alice));
  const challenged = header(await call.response(401, 'REGISTER'), 'www-authenticate') ?? '';
  const proof = answer(challenged, 'REGISTER', call.target, alice);
  await register(phone, call, proof);
  await call.response(200, 'REGISTER');
  await register(phone, call, proof);
  await call.response(401, 'REGISTER');
  expect(registrations).toHaveLength(1);
});

it('[drachtio register] Contact: * with Expires: 0 reaches the registrar as it is (RFC 3261, 10.2.2)', async () => {
  const told = Promise.withResolvers<Srf.SrfRequest>();
  await stage.application({
    register(req, res) {
      told.resolve(req);
      res.send(200);
    },
  });
  const phone = await stage.peer('alice');
  const call = Call.to(phone, 'alice');
  await call.request('REGISTER', { headers: { Contact: '*', Expires: '0' } });
  await call.response(200, 'REGISTER');
  expect((await told.promise).get('Contact')).toBe('*');
});

it('[drachtio register] a contact over TCP is called by the connection it registered on (RFC 5923)', async () => {
  const { srf, registrations } = await registrar();
  const phone = await stage.peer('alice', 'tcp');
  const call = Call.to(phone, 'alice');
  await register(phone, call);
  const challenged = header(await call.response(401, 'REGISTER'), 'www-authenticate') ?? '';
  await register(phone, call, answer(challenged, 'REGISTER', call.target, alice));
  await call.response(200, 'REGISTER');
  const { source_address: host, source_port: port } = registrations[0]!;
  const calling = srf.createUAC(`sip:alice@${host}:${port};transport=tcp`, { localSdp: ALICE });
  const invite = await phone.next('INVITE');
  const leg = Call.from(phone, invite);
  await leg.respond(invite, 200, { body: BOB });
  await leg.hears('ACK');
  await calling;
  await leg.bye();
});
