/** sipsak asks whether anybody is there. */
import { describe, expect, it } from 'vitest';
import { run } from '../../support/checks.ts';
import { startServer } from '../../support/sip/server.ts';
import { setStage } from '../../support/sip/stage.ts';
import { makeCertificate, startTlsWay, type Certificate } from '../../support/sip/tls.ts';
import { missingTools } from '../../support/sip/tools.ts';

const missing = await missingTools();
const secure = !missing.includes('openssl') && process.env.DRACHTIO_HOST === undefined;
const transports = secure ? (['udp', 'tcp', 'tls'] as const) : (['udp', 'tcp'] as const);
let certificate: Certificate;
const stage = setStage(async () => {
  if (!secure) return startServer();
  certificate = await makeCertificate();
  return startServer({ certificate });
});

describe.skipIf(missing.includes('sipsak')).for(transports)('sipsak over %s', (transport) => {
  it('[drachtio request] OPTIONS is answered by the application (RFC 3261, 11)', async () => {
    const agents: string[] = [];
    await stage.application({
      options(req, res) {
        expect(req.protocol).toBe(transport);
        agents.push(req.get('User-Agent'));
        res.send(200, { headers: { Accept: 'application/sdp' } });
      },
    });
    const server = stage.address(transport);
    // Its own TLS has no say in whom to trust.
    const way = transport === 'tls' ? await startTlsWay(server, certificate) : undefined;
    const { host, port } = way ?? server;
    const spoken = transport === 'tls' ? 'tcp' : transport;
    const { code, output } = await run('sipsak', ['-vv', '--transport', spoken, '-s', `sip:hall@${host}:${port}`]);
    await way?.close();
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('SIP/2.0 200 OK') as string });
    expect(agents[0]).toContain('sipsak');
  });
});
