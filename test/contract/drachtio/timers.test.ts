/** Session timers, as far as every drachtio server has them (RFC 4028). */
import { expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { header } from '../../support/sip/message.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE, BOB } from '../../support/sip/talk.ts';

const stage = setStage();
const asked = { Supported: 'timer', 'Session-Expires': '1800;refresher=uac' };

it('[drachtio timers] a timer that the caller asks for is granted without the application (RFC 4028, 9)', async () => {
  const { srf } = await stage.application({
    invite: (req, res) => void srf.createUAS(req, res, { localSdp: BOB }),
  });
  const call = await Call.begin(await stage.peer('alice'), 'bob', { headers: asked, body: ALICE });
  expect(header(await call.answered(), 'session-expires')).toMatch(/^1800; ?refresher=uac$/);
  await call.bye();
});

it('[drachtio timers] a re-INVITE refreshes, and one that asks for less than 90 seconds is answered 422 (RFC 4028, 9)', async () => {
  const { srf } = await stage.application({
    invite(req, res) {
      srf.createUAS(req, res, { localSdp: BOB }, (_error, dialog) => {
        dialog.on('refresh', () => undefined);
      });
    },
  });
  const call = await Call.begin(await stage.peer('alice'), 'bob', { headers: asked, body: ALICE });
  await call.answered();
  await call.request('INVITE', { headers: asked, body: ALICE });
  await call.answered();
  call.opening = await call.request('INVITE', {
    headers: { ...asked, 'Session-Expires': '60;refresher=uac' },
    body: ALICE,
  });
  const refusal = await call.response(422);
  expect(header(refusal, 'min-se')).toBe('90');
  await call.ackRefusal(refusal);
  await call.bye();
});
