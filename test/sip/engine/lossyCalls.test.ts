import { once } from 'node:events';
import Srf from 'drachtio-srf';
import { expect, it, onTestFinished } from 'vitest';
import { startSipEngine } from '../../../sip/engine/engine.ts';
import { startLossyRelay } from '../../support/sip/lossyRelay.ts';
import { ALICE, BOB } from '../../support/sip/talk.ts';

const host = '127.0.0.1';
const CALLS = 20;

/** An application on an engine of its own. */
async function application() {
  const engine = await startSipEngine({
    listen: [{ protocol: 'udp', address: host, port: 0 }],
    control: { address: host, port: 0, secret: 'open sesame' },
    timers: { t1: 200, t2: 1600, t4: 2000 },
  });
  const srf = new Srf() as Srf.Application;
  const connecting = once(srf, 'connect');
  void srf.connect({ host, port: engine.controlPort, secret: 'open sesame' });
  await connecting;
  onTestFinished(async () => {
    srf.disconnect();
    await engine.close();
  });
  return { engine, srf, port: engine.endpoints[0]?.port ?? 0 };
}

it('[RFC 3261 13, 14, 17] every call is answered, changed by either side and hung up once over UDP that loses a fifth both ways and reorders', async () => {
  const alice = await application();
  const bob = await application();
  const toBob = await startLossyRelay({ host, port: bob.port }, { loss: 0.2, delay: 60, seed: 3261 });
  const toAlice = await startLossyRelay({ host, port: alice.port }, { loss: 0.2, delay: 60, seed: 5407 });
  onTestFinished(() => {
    toBob.close();
    toAlice.close();
  });
  let asked = 0;
  let changed = 0;
  let hungUp = 0;
  bob.srf.invite((req, res) => {
    asked++;
    // ACK, re-INVITE and BYE come by the same path.
    const headers = { Contact: `<sip:bob@${host}:${toBob.port}>` };
    void bob.srf.createUAS(req, res, { localSdp: BOB, headers }).then((dialog) => {
      let acknowledged = 0;
      dialog.on('destroy', () => hungUp++);
      dialog.on('ack', () => {
        // Her INVITE and her re-INVITE; now it is his turn.
        acknowledged++;
        if (acknowledged === 2) void dialog.modify(BOB).then(() => changed++);
      });
    });
  });
  const calls = Array.from({ length: CALLS }, async () => {
    const dialog = await alice.srf.createUAC(`sip:bob@${host}:${toBob.port}`, {
      localSdp: ALICE,
      headers: { Contact: `<sip:alice@${host}:${toAlice.port}>` },
    });
    // On the heels of the ACK, which it overtakes now and then.
    await dialog.modify(ALICE);
    return dialog;
  });
  const dialogs = await Promise.all(calls);
  await expect.poll(() => changed).toBe(CALLS);
  expect([alice.engine.load().dialogs, bob.engine.load().dialogs, hungUp]).toEqual([CALLS, CALLS, 0]);
  await Promise.all(dialogs.map((dialog) => dialog.destroy()));
  await expect.poll(() => hungUp).toBe(CALLS);
  expect(asked).toBe(CALLS);
  expect(toBob.lost()).toBeGreaterThan(0);
  expect(toAlice.lost()).toBeGreaterThan(0);
  await expect.poll(() => [alice.engine.load().dialogs, bob.engine.load().dialogs]).toEqual([0, 0]);
});
