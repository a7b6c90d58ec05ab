import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import Srf from 'drachtio-srf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startSipEngine, type SipEngine, type SipEngineOptions } from '../../../sip/engine/engine.ts';
import { HandClock } from '../../support/sip/handClock.ts';
import { Peer } from '../../support/sip/peer.ts';
import { ALICE } from '../../support/sip/talk.ts';

const host = '127.0.0.1';
const HANDSHAKE = [
  'GET /sip HTTP/1.1',
  'Host: example.com',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '',
  '',
].join('\r\n');
let engine: SipEngine;
let srf: Srf.Application;
let joined: boolean;
let web: Server;
let webPort: number;
const browsers: WebSocket[] = [];

const start = (more: Partial<SipEngineOptions> = {}) =>
  startSipEngine({
    listen: [{ protocol: 'udp', address: host, port: 0 }],
    control: { address: host, port: 0, secret: 'open sesame' },
    timers: { t1: 50, t2: 400, t4: 500 },
    limits: { serverTransactions: 500, connections: 3 },
    ...more,
  });

beforeEach(async () => {
  engine = await start();
  web = createServer();
  web.on('upgrade', (request, socket, head) => engine.handleUpgrade(request, socket, head));
  web.listen(0, host);
  await once(web, 'listening');
  webPort = (web.address() as AddressInfo).port;
  srf = new Srf() as Srf.Application;
  joined = false;
});

afterEach(async () => {
  for (const browser of browsers.splice(0)) browser.terminate();
  if (joined) srf.disconnect();
  await engine.close();
  web.close();
});

async function connected(): Promise<void> {
  const connecting = once(srf, 'connect');
  void srf.connect({ host, port: engine.controlPort, secret: 'open sesame' });
  await connecting;
  joined = true;
}

async function browser(): Promise<WebSocket> {
  const socket = new WebSocket(`ws://${host}:${webPort}/sip`, 'sip');
  browsers.push(socket);
  await once(socket, 'open');
  return socket;
}

async function heard(socket: WebSocket): Promise<{ text: string; header(name: string): string }> {
  const [data] = (await once(socket, 'message')) as [Buffer];
  const text = data.toString();
  return { text, header: (name) => new RegExp(`^${name}: (.*)$`, 'mi').exec(text)?.[1] ?? '' };
}

function register(headers: string[] = []): string {
  return [
    'REGISTER sip:example.com SIP/2.0',
    'Via: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bKasudf;rport',
    'From: <sip:alice@example.com>;tag=65bnmj.34asd',
    'To: <sip:alice@example.com>',
    'Call-ID: aiuy7k9njasd',
    'CSeq: 1 REGISTER',
    'Max-Forwards: 70',
    'Contact: <sip:alice@df7jal23ls0d.invalid;transport=ws>',
    ...headers,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

describe('WebSocket on the HTTP port', () => {
  it('[RFC 7118 5.1, RFC 3581] REGISTER is answered on its connection, with received and rport; the application is told tcp', async () => {
    const protocols: string[] = [];
    srf.use('register', (req, res) => {
      protocols.push(req.protocol);
      res.send(200, { headers: { Contact: `${req.get('contact')};expires=600` } });
    });
    await connected();
    const socket = await browser();
    socket.send(register());
    const ok = await heard(socket);
    expect(ok.text).toMatch(/^SIP\/2\.0 200 OK\r\n/);
    expect(ok.header('Via')).toMatch(/;received=127\.0\.0\.1;?.*rport=\d+|rport=\d+.*received=127\.0\.0\.1/);
    expect(protocols).toEqual(['tcp']);
    expect(engine.load().bindings).toBe(1);
  });

  it('[RFC 7118 5.2] a contact that leads nowhere by its name is called by its connection, and gone with it', async () => {
    srf.use('register', (req, res) => res.send(200, { headers: { Contact: `${req.get('contact')};expires=600` } }));
    await connected();
    const socket = await browser();
    socket.send(register());
    await heard(socket);
    const calling = srf.createUAC('sip:alice@df7jal23ls0d.invalid;transport=ws', { localSdp: ALICE });
    const invite = await heard(socket);
    expect(invite.text).toMatch(/^INVITE sip:alice@df7jal23ls0d\.invalid;transport=ws SIP\/2\.0\r\n/);
    expect(invite.header('Via')).toMatch(new RegExp(`^SIP/2\\.0/WS 127\\.0\\.0\\.1:${webPort};branch=z9hG4bK`));
    expect(invite.header('Contact')).toContain('transport=ws');
    const refusal = ['SIP/2.0 486 Busy Here'];
    for (const name of ['Via', 'From', 'Call-ID', 'CSeq']) refusal.push(`${name}: ${invite.header(name)}`);
    refusal.push(`To: ${invite.header('To')};tag=b`, 'Content-Length: 0', '', '');
    const refused = expect(calling).rejects.toMatchObject({ status: 486 });
    socket.send(refusal.join('\r\n'));
    expect((await heard(socket)).text).toMatch(/^ACK /);
    await refused;
    socket.close();
    await expect.poll(() => engine.load().bindings).toBe(0);
    await expect(
      srf.createUAC('sip:alice@df7jal23ls0d.invalid;transport=ws', { localSdp: ALICE }),
    ).rejects.toMatchObject({
      status: 503,
    });
  });

  it('[RFC 7118 4.1] without the subprotocol sip there is no handshake', async () => {
    const socket = new WebSocket(`ws://${host}:${webPort}/sip`);
    browsers.push(socket);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('400');
  });

  it.each(['full', 'without the subprotocol'])(
    'a refused handshake (%s) outlives its peer, not the other way',
    async (why) => {
      const before = why === 'full' ? await Promise.all(Array.from({ length: 3 }, browser)) : [];
      const upgraded = once(web, 'upgrade') as Promise<[unknown, Socket]>;
      const mallory = connect({ port: webPort, host, allowHalfOpen: true });
      mallory.write(HANDSHAKE);
      const [, refused] = await upgraded;
      // As when the peer resets the connection.
      refused.emit('error', new Error('ECONNRESET'));
      const [answer] = (await once(mallory, 'data')) as [Buffer];
      expect(answer.toString()).toMatch(why === 'full' ? /^HTTP\/1\.1 503 / : /^HTTP\/1\.1 400 /);
      await once(mallory, 'end');
      await expect.poll(() => engine.load().connections).toBe(before.length);
      expect(refused.closed).toBe(true);
      mallory.destroy();
    },
  );
});

describe('floods', () => {
  it('INVITEs that nobody acknowledges are bounded: what is over is refused, and in time all are forgotten', async () => {
    await engine.close();
    // All are read, and none of them ends while others still come, however slow the machine is.
    const clock = new HandClock();
    const all = { messagesPerAddress: 10_000, messagesFromStrangers: 10_000 };
    engine = await start({ clock, limits: { serverTransactions: 500, ...all } });
    srf.use('invite', (_req, res) => void res.send(486));
    await connected();
    const [udp] = engine.endpoints;
    const mallory = await Peer.open('mallory', { host, port: udp?.port ?? 0 });
    let sent = 0;
    const pour = async (until: number) => {
      while (sent < until) await mallory.send(invite(mallory, sent++));
    };
    await pour(499);
    await expect.poll(() => engine.load().serverTransactions).toBe(499);
    expect(mallory.count('503 INVITE')).toBe(0);
    await pour(800);
    await mallory.next('503 INVITE');
    expect(engine.load().serverTransactions).toBe(500);
    await expect.poll(() => mallory.count('486 INVITE')).toBeGreaterThan(100);
    const later = () => {
      clock.turn(64 * 50);
      return engine.load().serverTransactions;
    };
    await expect.poll(later).toBe(0);
    expect(engine.load().dialogs).toBe(0);
    await mallory.close();
  });

  it('garbage is answered once each where it can be, and kept nowhere', async () => {
    await connected();
    const [udp] = engine.endpoints;
    const mallory = await Peer.open('mallory', { host, port: udp?.port ?? 0 });
    for (let number = 0; number < 500; number++) await mallory.send(`GARBAGE ${number}\r\nVia: x\r\n\r\n`);
    for (let number = 0; number < 500; number++) await mallory.send(Buffer.alloc(200, number & 255));
    const alice = await Peer.at('127.0.9.1', 'alice', mallory.server);
    await alice.send(invite(alice, 1));
    await alice.next('503 INVITE');
    await alice.close();
    expect(engine.load()).toMatchObject({ dialogs: 0, clientTransactions: 0, bindings: 0 });
    expect(engine.load().serverTransactions).toBeLessThanOrEqual(1);
    await mallory.close();
  });
});

it('closing twice is harmless, and nothing listens any more', async () => {
  await engine.close();
  await engine.close();
  const again = await startSipEngine({
    listen: engine.endpoints.map(({ address, port }) => ({ protocol: 'udp', address, port })),
    control: { address: host, port: engine.controlPort, secret: 'x' },
  });
  await again.close();
});

it('a port that is taken is said, and nothing is left open', async () => {
  const listen = engine.endpoints.map(({ address, port }) => ({ protocol: 'udp' as const, address, port }));
  await expect(startSipEngine({ listen, control: { address: host, port: 0, secret: 'x' } })).rejects.toThrow(
    /EADDRINUSE/,
  );
});

function invite(peer: Peer, number: number): string {
  return [
    'INVITE sip:bob@example.com SIP/2.0',
    `Via: SIP/2.0/UDP ${peer.address.host}:${peer.address.port};branch=z9hG4bKflood${number}`,
    `From: <sip:mallory@example.com>;tag=m${number}`,
    'To: <sip:bob@example.com>',
    `Call-ID: flood${number}`,
    'CSeq: 1 INVITE',
    'Max-Forwards: 70',
    `Contact: ${peer.contact}`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}
