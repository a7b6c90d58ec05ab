/** baresip places a call and answers one, with PCMU from phone to phone. */
import type Srf from 'drachtio-srf';
import { afterEach, describe, expect, it } from 'vitest';
import { startBaresip, type Baresip } from '../../support/sip/baresip.ts';
import { heard } from '../../support/sip/talk.ts';
import { setStage } from '../../support/sip/stage.ts';
import { missingTools } from '../../support/sip/tools.ts';

const stage = setStage();
const phones: Baresip[] = [];
/** The tone is played at 12000. */
const AUDIBLE = 6_000;

async function phone(name: string, dial?: string): Promise<Baresip> {
  const started = await startBaresip(name, dial);
  phones.push(started);
  return started;
}

afterEach(async () => {
  await Promise.all(phones.splice(0).map((each) => each.stop()));
});

describe.skipIf((await missingTools()).includes('baresip'))('baresip', () => {
  it('[drachtio b2bua] places and answers a PCMU call, and both hear the other (RFC 3665, 3.1; RFC 3551)', async () => {
    const bob = await phone('bob');
    const bridged = Promise.withResolvers<{ uas: Srf.Dialog; uac: Srf.Dialog }>();
    const { srf } = await stage.application({
      invite(req, res) {
        srf.createB2BUA(req, res, bob.uri, {}).then(bridged.resolve, bridged.reject);
      },
    });
    const { host, port } = stage.address('udp');
    const alice = await phone('alice', `sip:bob@${host}:${port}`);
    const { uas, uac } = await bridged.promise;
    expect(uac.remote.sdp).toMatch(/a=rtpmap:0 PCMU\/8000/);
    await expect.poll(() => alice.loudest()).toBeGreaterThan(AUDIBLE);
    await expect.poll(() => bob.loudest()).toBeGreaterThan(AUDIBLE);
    await uas.destroy();
    await uac.destroy();
    await Promise.all([alice.says(/session closed|terminated/), bob.says(/session closed|terminated/)]);
  });

  it('[drachtio uac] answers the application, which hangs up (RFC 3665, 3.1)', async () => {
    const bob = await phone('bob');
    const { srf } = await stage.application();
    const dialog = await srf.createUAC(bob.uri, { noAck: true }).then((late) => late as unknown as Srf.LateOffer);
    expect(dialog.sdp).toContain('PCMU');
    const talking = await dialog.ack(dialog.sdp);
    const gone = bob.says(/session closed|terminated/);
    await talking.destroy();
    await gone;
  });

  it('[drachtio uas] hangs up, and the application is told (RFC 3665, 3.1)', async () => {
    const dialog = Promise.withResolvers<Srf.Dialog>();
    const { srf } = await stage.application({
      invite(req, res) {
        srf.createUAS(req, res, { localSdp: req.body }).then(dialog.resolve, dialog.reject);
      },
    });
    const { host, port } = stage.address('udp');
    const alice = await phone('alice', `sip:hall@${host}:${port}`);
    const destroyed = heard(await dialog.promise, 'destroy');
    phones.length = 0;
    await alice.stop();
    await destroyed;
  });
});
