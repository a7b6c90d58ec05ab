/** SIP over TLS, with SIPp behind a wrapper (Debian's speaks none itself), sipsak and a certificate of our own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../support/checks.ts';
import { sdp } from '../../support/sip/sdp.ts';
import { startServer } from '../../support/sip/server.ts';
import { sipp } from '../../support/sip/sipp.ts';
import { setStage } from '../../support/sip/stage.ts';
import { makeCertificate, startTlsWay, type Certificate, type TlsWay } from '../../support/sip/tls.ts';
import { missingTools } from '../../support/sip/tools.ts';

const missing = await missingTools();
const absent = (program: string) => missing.includes(program) || missing.includes('openssl');
let certificate: Certificate;
const stage = setStage(async () => {
  certificate = await makeCertificate();
  return startServer({ certificate });
});

describe.skipIf(absent('sipp') || process.env.DRACHTIO_HOST !== undefined)('over TLS', () => {
  let way: TlsWay;

  beforeAll(async () => {
    way = await startTlsWay(stage.address('tls'), certificate);
  });

  afterAll(async () => way?.close());

  it.for(['uac', 'uac_reinvite'])(
    '[drachtio uas] SIPp %s: INVITE, ACK and BYE on one connection (RFC 3261, 26.2.1)',
    async (scenario) => {
      const { srf } = await stage.application({
        invite(req, res) {
          expect(req.protocol).toBe('tls');
          void srf.createUAS(req, res, { localSdp: sdp({ who: 'hello' }) });
        },
      });
      const result = await sipp({ scenario, to: way, transport: 'tcp', calls: 5, rate: 50, more: ['-s', 'hall'] });
      expect(result).toMatchObject({ successful: 5, failed: 0, errors: '' });
    },
  );

  it('[drachtio cancel] SIPp takes a call back (RFC 3261, 9)', async () => {
    await stage.application({ invite: (_req, res) => res.send(180) });
    const result = await sipp({ scenario: 'uac_cancel', to: way, transport: 'tcp', calls: 5, more: ['-s', 'hall'] });
    expect(result).toMatchObject({ successful: 5, failed: 0, errors: '' });
  });
});

describe.skipIf(missing.includes('sipsak')).for(['udp', 'tcp'] as const)('sipsak over %s', (transport) => {
  it('[drachtio request] OPTIONS is answered by the application (RFC 3261, 11)', async () => {
    const agents: string[] = [];
    await stage.application({
      options(req, res) {
        agents.push(req.get('User-Agent'));
        res.send(200, { headers: { Accept: 'application/sdp' } });
      },
    });
    const { host, port } = stage.address(transport);
    const { code, output } = await run('sipsak', ['-vv', '--transport', transport, '-s', `sip:hall@${host}:${port}`]);
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('SIP/2.0 200 OK') as string });
    expect(agents[0]).toContain('sipsak');
  });
});
