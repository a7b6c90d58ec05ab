/** Many calls at once: `SIP_CALLS=10000 npm test -- sip` makes them ten thousand. */
import { describe, expect, it } from 'vitest';
import { sdp } from '../../support/sip/sdp.ts';
import { sipp } from '../../support/sip/sipp.ts';
import { setStage } from '../../support/sip/stage.ts';
import { missingTools } from '../../support/sip/tools.ts';

const stage = setStage();
const RATE = 200;
const calls = Number(process.env.SIP_CALLS ?? 1_000);
const within = 30 + calls / RATE;

describe.skipIf((await missingTools()).includes('sipp')).for(['udp', 'tcp'] as const)('load over %s', (transport) => {
  it(`[drachtio uas] ${calls} calls at ${RATE} a second, and not one fails`, { timeout: within * 1_000 }, async () => {
    let ended = 0;
    const { srf } = await stage.application({
      invite(req, res) {
        res.send(180);
        // By callback: a BYE on the heels of the ACK is there before a promise is.
        srf.createUAS(req, res, { localSdp: sdp({ who: 'hello' }) }, (_error, dialog) => {
          dialog.on('destroy', () => (ended += 1));
        });
      },
    });
    const to = stage.address(transport);
    const result = await sipp({ scenario: 'uac', to, transport, calls, rate: RATE, within, more: ['-s', 'hall'] });
    expect(result).toMatchObject({ successful: calls, failed: 0, errors: '' });
    await expect.poll(() => ended).toBe(calls);
  });
});
