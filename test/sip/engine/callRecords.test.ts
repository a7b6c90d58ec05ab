/** Records of calls that the engine itself gives up. Its clock is turned by hand. */
import type Srf from 'drachtio-srf';
import { expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { HandClock } from '../../support/sip/handClock.ts';
import { startServer } from '../../support/sip/server.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE, BOB } from '../../support/sip/talk.ts';

const clock = new HandClock();
const stage = setStage(() => startServer({ clock }));

/** alice's call, which the application lets ring like this; what is recorded of it. */
async function ringing(ring: Srf.Handler, status: number) {
  const stops: string[] = [];
  const { srf } = await stage.application({ invite: ring });
  srf.on('cdr:stop', (source, _time, reason) => stops.push(`${source} ${reason}`));
  // What is asked for and told on one connection keeps its order.
  const settled = async () => srf.request((await stage.peer('meter')).uri, { method: 'OPTIONS' });
  await settled();
  const call = await Call.begin(await stage.peer('alice'), 'bob', { body: ALICE, headers: { Supported: '100rel' } });
  await call.response(status);
  return { call, stops, settled };
}

it('[RFC 3261 13.3.1.1] one that nobody answered stops with the 408', async () => {
  const { call, stops, settled } = await ringing((_req, res) => res.send(180), 180);
  clock.turn(320_000);
  await call.ackRefusal(await call.response(408));
  await settled();
  expect(stops).toEqual(['application call-rejected']);
});

it('[RFC 3262 3] one whose reliable response nobody acknowledged stops with the 504', async () => {
  const ring: Srf.Handler = (_req, res) => res.send(183, { headers: { Require: '100rel' }, body: BOB });
  const { call, stops, settled } = await ringing(ring, 183);
  clock.turn(40_000);
  await call.ackRefusal(await call.response(504));
  await settled();
  expect(stops).toEqual(['application call-rejected']);
});
