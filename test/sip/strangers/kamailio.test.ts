/** kamailio stands between: it is sent what goes out, hands in what comes, and stays in the route of both. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startKamailio, type Kamailio } from '../../support/sip/kamailio.ts';
import { sdp } from '../../support/sip/sdp.ts';
import { sipp, startSipp } from '../../support/sip/sipp.ts';
import { setStage } from '../../support/sip/stage.ts';
import { missingTools } from '../../support/sip/tools.ts';

const stage = setStage();
const missing = await missingTools();
const HELLO = sdp({ who: 'hello', port: 42_000 });

describe.skipIf(missing.includes('kamailio') || missing.includes('sipp'))('behind kamailio', () => {
  let kamailio: Kamailio;

  beforeAll(async () => {
    kamailio = await startKamailio();
  });

  afterAll(async () => kamailio?.stop());

  it('[drachtio uac] calls out go through it, and so do their ACK, re-INVITE and BYE (RFC 3261, 16.12)', async () => {
    const { srf } = await stage.application();
    const called = await startSipp({ scenario: 'uas_reinvite' });
    const proxy = `sip:${kamailio.host}:${kamailio.port}`;
    const dialog = await srf.createUAC(`sip:hall@${called.host}:${called.port}`, { localSdp: HELLO, proxy });
    expect(dialog.res.get('Record-Route')).toContain(`:${kamailio.port}`);
    expect(await dialog.modify(HELLO.replace('sendrecv', 'sendonly'))).toContain('m=audio');
    await dialog.destroy();
    expect(await called.result).toMatchObject({ successful: 1, failed: 0, errors: '' });
  });

  it.for(['uac_route', 'uac_reinvite', 'uac_cancel'])(
    '[drachtio uas] SIPp %s comes in through it (RFC 3261, 16.12)',
    async (scenario) => {
      const { srf } = await stage.application({
        invite(req, res) {
          res.send(180);
          if (scenario !== 'uac_cancel') void srf.createUAS(req, res, { localSdp: HELLO });
        },
      });
      const way = ['-s', 'hall', '-rsa', `${kamailio.host}:${kamailio.port}`];
      const result = await sipp({ scenario, to: stage.address('udp'), calls: 5, rate: 50, more: way });
      expect(result).toMatchObject({ successful: 5, failed: 0, errors: '' });
    },
  );
});
