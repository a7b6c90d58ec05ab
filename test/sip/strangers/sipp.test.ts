/** SIPp calls and is called; the application between says hello to all of them. */
import type Srf from 'drachtio-srf';
import { afterEach, describe, expect, it } from 'vitest';
import { challenge, digestParts, proves } from '../../support/sip/digest.ts';
import { startServer } from '../../support/sip/server.ts';
import { setStage } from '../../support/sip/stage.ts';
import { sdp } from '../../support/sip/sdp.ts';
import { sipp, startSipp, type SippResult } from '../../support/sip/sipp.ts';
import { makeCertificate, startTlsDoor, startTlsWay, type Certificate, type TlsWay } from '../../support/sip/tls.ts';
import { missingTools } from '../../support/sip/tools.ts';

let certificate: Certificate;
const absent = await missingTools();
/** A server that is there already trusts no certificate of ours. */
const secure = !absent.includes('openssl') && process.env.DRACHTIO_HOST === undefined;
const stage = setStage(async () => {
  if (!secure) return startServer();
  certificate = await makeCertificate();
  return startServer({ certificate });
});
const missing = absent.includes('sipp');
const transports = secure ? (['udp', 'tcp', 'tls'] as const) : (['udp', 'tcp'] as const);
const HELLO = sdp({ who: 'hello', port: 42_000 });
const login = { username: 'desk', password: 'lamp' };

/** Every call went through, and SIPp has nothing to complain of. */
function expectCalls(result: SippResult, calls: number): void {
  expect(result).toMatchObject({ successful: calls, failed: 0, errors: '' });
}

/** Answers every call with 180 and 200. */
async function hello(): Promise<Srf.Application> {
  const { srf } = await stage.application({
    invite(req, res) {
      res.send(180);
      void srf.createUAS(req, res, { localSdp: HELLO });
    },
  });
  return srf;
}

describe.skipIf(missing).for(transports)('SIPp over %s', (transport) => {
  const ways: TlsWay[] = [];
  // Debian's SIPp speaks no TLS: somebody does it for it, on either side.
  const spoken = transport === 'tls' ? 'tcp' : transport;

  afterEach(async () => {
    await Promise.all(ways.splice(0).map((way) => way.close()));
  });

  async function through(way: Promise<TlsWay>): Promise<TlsWay> {
    ways.push(await way);
    return way;
  }

  async function from(scenario: string, more: string[] = [], calls = 5, rate = 50) {
    const server = stage.address(transport);
    const to = transport === 'tls' ? await through(startTlsWay(server, certificate)) : server;
    return sipp({ scenario, to, transport: spoken, calls, rate, more: ['-s', 'hall', ...more] });
  }

  /** SIPp waits for calls; the URI that reaches it. */
  async function waiting(scenario: string, more: string[] = [], calls = 1) {
    const running = await startSipp({ scenario, transport: spoken, calls, more });
    const { host, port } = transport === 'tls' ? await through(startTlsDoor(running, certificate)) : running;
    return {
      result: running.result,
      at: `${host}:${port};transport=${transport}`,
      uri: `sip:hall@${host}:${port};transport=${transport}`,
    };
  }

  it('[drachtio uas] uac: INVITE, ACK, BYE (RFC 3665, 3.1)', async () => {
    await hello();
    expectCalls(await from('uac', [], 20), 20);
  });

  it('[drachtio uac] uas: called, acknowledged, hung up on (RFC 3665, 3.1)', async () => {
    const { srf } = await stage.application();
    const { uri, result } = await waiting('uas', [], 5);
    for (let count = 0; count < 5; count += 1) await (await srf.createUAC(uri, { localSdp: HELLO })).destroy();
    expectCalls(await result, 5);
  });

  it('[drachtio cancel] a call taken back while it rings (RFC 3665, 3.8)', async () => {
    await stage.application({ invite: (_req, res) => res.send(180) });
    expectCalls(await from('uac_cancel'), 5);
  });

  it('[drachtio cancel] a call that the application takes back (RFC 3261, 9.1)', async () => {
    const { srf } = await stage.application();
    const { uri, result } = await waiting('uas_cancel');
    const sent = Promise.withResolvers<Srf.SrfRequest>();
    const calling = srf.createUAC(
      uri,
      { localSdp: HELLO },
      {
        cbRequest: (_error, req) => sent.resolve(req),
        cbProvisional: () => void sent.promise.then((req) => req.cancel(() => undefined)),
      },
    );
    await expect(calling).rejects.toMatchObject({ status: 487 });
    expectCalls(await result, 1);
  });

  it('[drachtio prack] a reliable 183 of ours is acknowledged (RFC 3262, 3)', async () => {
    const { srf } = await stage.application({
      invite(req, res) {
        const answer = () => void srf.createUAS(req, res, { localSdp: HELLO });
        res.send(183, { headers: { Require: '100rel' }, body: HELLO }, () => undefined, answer);
      },
    });
    expectCalls(await from('uac_prack'), 5);
  });

  it('[drachtio prack] a reliable 183 of SIPp is acknowledged (RFC 3262, 4)', async () => {
    const { srf } = await stage.application();
    const { uri, result } = await waiting('uas_prack');
    const dialog = await srf.createUAC(uri, { localSdp: HELLO, headers: { Supported: '100rel' } });
    await dialog.destroy();
    expectCalls(await result, 1);
  });

  it('[drachtio dialog] SIPp holds and takes it back (RFC 3261, 14.2)', async () => {
    await hello();
    expectCalls(await from('uac_reinvite'), 5);
  });

  it('[drachtio dialog] the application calls again within the call (RFC 3261, 14.1)', async () => {
    const { srf } = await stage.application();
    const { uri, result } = await waiting('uas_reinvite');
    const dialog = await srf.createUAC(uri, { localSdp: HELLO });
    expect(await dialog.modify(HELLO.replace('sendrecv', 'sendonly'))).toContain('m=audio');
    await dialog.destroy();
    expectCalls(await result, 1);
  });

  it('[drachtio dialog] SIPp refers, and is told how it went (RFC 3515)', async () => {
    const { srf } = await stage.application({
      invite(req, res) {
        void srf.createUAS(req, res, { localSdp: HELLO }).then((dialog) => {
          dialog.on('refer', (_refer, accepted) => {
            accepted.send(202);
            const headers = {
              Event: 'refer',
              'Subscription-State': 'terminated;reason=noresource',
              'Content-Type': 'message/sipfrag',
            };
            void dialog.request({ method: 'NOTIFY', headers, body: 'SIP/2.0 200 OK' });
          });
        });
      },
    });
    expectCalls(await from('uac_refer'), 5);
  });

  it('[drachtio dialog] the application refers SIPp (RFC 3515)', async () => {
    const { srf } = await stage.application();
    const { uri, result } = await waiting('uas_refer');
    const dialog = await srf.createUAC(uri, { localSdp: HELLO });
    const refer = { method: 'REFER', headers: { 'Refer-To': '<sip:carol@example.com>' } } as const;
    expect((await dialog.request(refer)).status).toBe(202);
    await dialog.destroy();
    expectCalls(await result, 1);
  });

  it("[drachtio uas] SIPp's answer to a challenge of its call (RFC 3261, 22.2)", async () => {
    const sipps = { username: 'sipp', password: 'secret' };
    const { srf } = await stage.application({
      invite(req, res) {
        if (proves(req.get('Authorization'), 'INVITE', sipps)) {
          void srf.createUAS(req, res, { localSdp: HELLO });
        } else {
          res.send(401, { headers: { 'WWW-Authenticate': challenge('couchline', req.get('Call-ID')) } });
        }
      },
    });
    expectCalls(await from('uac_challenge', ['-au', sipps.username, '-ap', sipps.password]), 5);
  });

  it('[drachtio uas] SIPp is told where else to call (RFC 3261, 21.3.3)', async () => {
    await stage.application({
      invite: (_req, res) => res.send(302, { headers: { Contact: '<sip:mobile@elsewhere.example>' } }),
    });
    expectCalls(await from('uac_redirect'), 5);
  });

  it("[drachtio register] SIPp's answer to a digest challenge (RFC 3261, 22.4)", async () => {
    const nonces: string[] = [];
    await stage.application({
      register(req, res) {
        const authorization = req.get('Authorization') as string | undefined;
        const nonce = digestParts(authorization).get('nonce') ?? '';
        if (nonces.includes(nonce)) return res.send(200, { headers: { Contact: req.get('Contact'), Expires: '300' } });
        nonces.push(req.get('Call-ID'));
        res.send(401, { headers: { 'WWW-Authenticate': challenge('couchline', req.get('Call-ID')) } });
      },
    });
    expectCalls(await from('uac_register', ['-au', 'sipp', '-ap', 'secret']), 5);
    expect(nonces).toHaveLength(5);
  });

  it('[drachtio uac] our answer to a digest challenge, as SIPp verifies it (RFC 3261, 22.3)', async () => {
    const { srf } = await stage.application();
    const { uri, result } = await waiting('uas_challenge');
    const dialog = await srf.createUAC(uri, { localSdp: HELLO, auth: login });
    await dialog.destroy();
    expectCalls(await result, 1);
  });

  it('[drachtio uac] a 302 of SIPp is followed to another SIPp (RFC 3261, 8.1.3.4)', async () => {
    const { srf } = await stage.application();
    const mobile = await waiting('uas_answer');
    const { uri, result } = await waiting('uas_redirect', ['-key', 'elsewhere', mobile.at]);
    const dialog = await srf.createUAC(uri, { localSdp: HELLO, followRedirects: true });
    await dialog.destroy();
    expectCalls(await result, 1);
    expectCalls(await mobile.result, 1);
  });

  it('[drachtio b2bua] SIPp to SIPp through the application (RFC 7092)', async () => {
    const { uri, result } = await waiting('uas_answer', [], 5);
    const { srf } = await stage.application({
      invite(req, res) {
        void srf.createB2BUA(req, res, uri, {}).then(({ uas, uac }) => {
          uas.on('destroy', () => void uac.destroy());
        });
      },
    });
    expectCalls(await from('uac'), 5);
    expectCalls(await result, 5);
  });

  it('[drachtio proxy] SIPp to SIPp, the server staying in between (RFC 3261, 16)', async () => {
    const { uri, result } = await waiting('uas_answer', [], 5);
    await stage.application({
      invite: (req) => void req.proxy({ destination: uri, remainInDialog: true }),
    });
    expectCalls(await from('uac_route'), 5);
    expectCalls(await result, 5);
  });
});
