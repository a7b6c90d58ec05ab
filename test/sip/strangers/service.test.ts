/** The service with SIP switched on, tried out as whoever installs it does: with a softphone. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { freePort } from '../../support/ports.ts';
import { startService, type Service } from '../../support/service.ts';
import { startBaresip, type Baresip } from '../../support/sip/baresip.ts';
import { Call } from '../../support/sip/call.ts';
import { header } from '../../support/sip/message.ts';
import { Peer, type Transport } from '../../support/sip/peer.ts';
import { startServer } from '../../support/sip/server.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE } from '../../support/sip/talk.ts';
import { missingTools } from '../../support/sip/tools.ts';

const host = '127.0.0.1';
const absent = (await missingTools()).includes('baresip');
/** The tone is played at 12000. */
const AUDIBLE = 6_000;
const MEDIA = { MEDIA_WORKERS: '1' };

/** A Postgres is made with the first start. */
const PATIENCE = 180_000;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'couchline-sip-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The service on a Postgres of its own, one after the other on the same. */
function started(env: Record<string, string>): Promise<Service> {
  return startService({ DATA_DIR: folder, ...env });
}

async function phone(dial: string): Promise<Baresip> {
  const one = await startBaresip('alice', dial);
  onTestFinished(() => one.stop());
  return one;
}

async function peer(port: number, transport: Transport = 'udp'): Promise<Peer> {
  const opened = await Peer.open('alice', { host, port }, transport);
  onTestFinished(() => opened.close());
  return opened;
}

describe('with SIP_PORT', () => {
  let service: Service;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    service = await started({ ...MEDIA, SIP_PORT: String(port) });
  }, PATIENCE);
  afterAll(async () => {
    if (service.runs) await service.stop();
  });

  it('says whom to call', async () => {
    const sentence = `Call sip:echo@localhost:${port} with any softphone and hear yourself.`;
    await expect.poll(() => service.output()).toContain(sentence);
  });

  it.for(['udp', 'tcp'] as const)(
    'answers OPTIONS over %s, and knows nobody else (RFC 3261 11.2)',
    async (transport) => {
      const alice = await peer(port, transport);
      const asking = await Call.begin(alice, 'echo', { method: 'OPTIONS' });
      expect(header(await asking.response(200, 'OPTIONS'), 'allow')).toContain('INVITE');
      const calling = await Call.begin(alice, 'bob', { body: ALICE });
      await calling.ackRefusal(await calling.response(404));
      const registering = await Call.begin(alice, 'alice', { method: 'REGISTER' });
      await registering.response(404, 'REGISTER');
    },
  );

  it('[RFC 7118] takes SIP over WebSocket on its HTTP port, at /sip', async () => {
    const socket = new WebSocket(`ws://${host}:${service.port}/sip`, 'sip');
    onTestFinished(() => socket.terminate());
    const said = new Promise<string>((done, fail) => {
      socket.once('error', fail);
      socket.once('message', (data: Buffer) => done(data.toString()));
    });
    socket.once('open', () => {
      const via = 'Via: SIP/2.0/WS x.invalid;branch=z9hG4bKone';
      const names = ['From: <sip:alice@x.invalid>;tag=1', `To: <sip:echo@${host}>`, 'Call-ID: 1@x', 'CSeq: 1 OPTIONS'];
      socket.send([`OPTIONS sip:echo@${host} SIP/2.0`, via, 'Max-Forwards: 70', ...names, '', ''].join('\r\n'));
    });
    expect(await said).toMatch(/^SIP\/2\.0 200 /);
  });

  it('and not for a page of another origin', async () => {
    const socket = new WebSocket(`ws://${host}:${service.port}/sip`, 'sip', { origin: 'https://elsewhere.example' });
    const refused = await new Promise<number | undefined>((done, fail) => {
      socket.once('open', () => fail(new Error('It was let in.')));
      socket.once('error', fail);
      socket.once('unexpected-response', (request, response) => {
        request.destroy();
        done(response.statusCode);
      });
    });
    expect(refused).toBe(403);
  });

  it.skipIf(absent)('a softphone that calls echo hears itself, by the media service (RFC 3665, 3.1)', async () => {
    const alice = await phone(`sip:echo@${host}:${port}`);
    await expect.poll(() => alice.loudest()).toBeGreaterThan(AUDIBLE);
  });

  it.skipIf(absent)('a service that stops in mid-call hangs up, and ends in order', async () => {
    const alice = await phone(`sip:echo@${host}:${port}`);
    await expect.poll(() => alice.loudest()).toBeGreaterThan(AUDIBLE);
    const gone = alice.says(/session closed|terminated/);
    expect(await service.stop()).toBe(0);
    await gone;
  });
});

describe('without', () => {
  it('there is no SIP: not a word of it, and no WebSocket at /sip', { timeout: PATIENCE }, async () => {
    const service = await started({});
    onTestFinished(async () => void (await service.stop()));
    await expect.poll(() => service.output()).toContain('Ctrl-C stops it.');
    expect(service.output()).not.toMatch(/sip/i);
    const response = await new Promise<number | undefined>((done, fail) => {
      const socket = new WebSocket(`ws://${host}:${service.port}/sip`, 'sip');
      socket.once('error', fail);
      socket.once('unexpected-response', (request, { statusCode }) => {
        request.destroy();
        done(statusCode);
      });
    });
    expect(response).toBe(404);
  });
});

describe.skipIf(absent)('with DRACHTIO_HOST', () => {
  const stage = setStage(startServer);

  it('calls go by that server, and no SIP port is opened here', { timeout: PATIENCE }, async () => {
    const { control } = stage.server();
    const daemon = {
      DRACHTIO_HOST: control.host,
      DRACHTIO_PORT: String(control.port),
      DRACHTIO_SECRET: control.secret,
    };
    const unused = await freePort();
    // Which is named all the same, and says nothing then.
    const service = await started({ ...MEDIA, ...daemon, SIP_PORT: String(unused) });
    onTestFinished(async () => void (await service.stop()));
    const sentence = `SIP goes by the drachtio-server at ${control.host}:${control.port}`;
    await expect.poll(() => service.output()).toContain(sentence);
    const alice = await phone(`sip:echo@${host}:${stage.address('udp').port}`);
    await expect.poll(() => alice.loudest()).toBeGreaterThan(AUDIBLE);
    const mine = await Peer.open('bob', { host, port: 9 }, 'tcp', undefined, unused);
    await mine.close();
    const gone = alice.says(/session closed|terminated/);
    expect(await service.stop()).toBe(0);
    await gone;
  });
});
