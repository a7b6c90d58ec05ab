/**
 * The engine and an application in one process, as the service has them, for those that measure it from outside: alice,
 * bob and SIPp's callers are answered, mallory is refused. Whoever forked it asks how it is, and has it call.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import Srf from 'drachtio-srf';
import { startSipEngine } from '../../../sip/engine/engine.ts';
import type { AnsweringState, Question, Reply } from './answering.ts';
import { sdp } from './sdp.ts';

const host = '127.0.0.1';
const secret = randomUUID();
const engine = await startSipEngine({
  listen: [
    { protocol: 'udp', address: host, port: 0 },
    { protocol: 'tcp', address: host, port: 0 },
  ],
  control: { address: host, port: 0, secret },
  // One machine plays all the browsers.
  limits: { connections: 50_000, connectionsPerAddress: 50_000 },
});
const http = createServer();
http.on('upgrade', (request, socket, head) => engine.handleUpgrade(request, socket, head));
http.listen(0, host);
await once(http, 'listening');

const srf = new Srf() as Srf.Application;
const answer = sdp({ who: 'bob' });
const isMallory = (req: Srf.SrfRequest) => (req.get('from') ?? '').includes('mallory');

srf.invite((req, res) => {
  if (isMallory(req)) {
    res.send(403);
    return;
  }
  res.send(180);
  // A caller who is gone already has taken the call back: the caller counts it, here there is nothing to do.
  srf.createUAS(req, res, { localSdp: answer }).catch(() => undefined);
});
srf.use('register', (req, res) => {
  if (isMallory(req))
    res.send(401, { headers: { 'WWW-Authenticate': `Digest realm="hall", nonce="${randomUUID()}"` } });
  else res.send(200, { headers: { Contact: `${req.get('contact')};expires=3600` } });
});
srf.use('options', (_req, res) => void res.send(200));
for (const method of ['message', 'subscribe', 'publish']) {
  srf.use(method, (req, res) => void res.send(isMallory(req) ? 403 : 200));
}
srf.use('notify', (_req, res) => void res.send(481));
void srf.connect({ host, port: engine.controlPort, secret });
await once(srf, 'connect');

function state(): AnsweringState {
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    rss,
    held: heapUsed + external,
    cpuSeconds: (user + system) / 1e6,
    load: engine.load(),
    resources: process.getActiveResourcesInfo().length,
  };
}

process.on('message', (question: Question) => {
  void answerTo(question).then((reply) => process.send?.(reply));
});

async function answerTo(question: Question): Promise<Reply> {
  const { id } = question;
  if ('call' in question) return { id, called: await call(question.call) };
  if (question.state === 'swept') await sweep();
  return { id, state: state() };
}

async function call(uri: string): Promise<boolean> {
  try {
    const dialog = await srf.createUAC(uri, { localSdp: answer });
    await dialog.destroy();
    return true;
  } catch {
    return false;
  }
}

/** What the first sweep frees may be what the second can free, and V8 gives pages back a while later. */
async function sweep(): Promise<void> {
  for (let count = 0; count < 3; count++) {
    globalThis.gc?.();
    await pause(1000);
  }
}
process.once('disconnect', () => process.exit(0));
const [udp, tcp] = engine.endpoints;
process.send?.({ udp: udp?.port, tcp: tcp?.port, http: (http.address() as AddressInfo).port });
