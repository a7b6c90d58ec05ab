/**
 * The engine and a hello-world application in one process, as the service has them: every call
 * rings and is answered, and hung up when the caller does.
 */
import { randomUUID } from 'node:crypto';
import Srf from 'drachtio-srf';
import { startSipEngine } from '../../../sip/engine/engine.ts';
import { sdp } from '../../support/sip/sdp.ts';

const host = '127.0.0.1';
const secret = randomUUID();
const engine = await startSipEngine({
  listen: [{ protocol: 'udp', address: host, port: 0 }],
  control: { address: host, port: 0, secret },
});
const srf = new Srf() as Srf.Application;
const answer = sdp({ who: 'hello' });

srf.invite((req, res) => {
  res.send(180);
  // A caller who is gone already has taken the call back: SIPp counts it, here there is nothing to do.
  srf.createUAS(req, res, { localSdp: answer }).catch(() => undefined);
});
srf.on('connect', () => console.log(`listening on ${engine.endpoints[0]?.port}`));
void srf.connect({ host, port: engine.controlPort, secret });

process.once('SIGTERM', () => process.exit(0));
