import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls, type TlsOptions } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StreamEvent } from '../../../../sip/engine/messages/parse.ts';
import { ConnectionLimits } from '../../../../sip/engine/transports/connectionLimits.ts';
import { Connections } from '../../../../sip/engine/transports/connections.ts';
import { Unreachable } from '../../../../sip/engine/transports/flow.ts';
import type { StreamFlow } from '../../../../sip/engine/transports/stream.ts';
import { HandClock } from '../../../support/sip/handClock.ts';
import { makeCertificate, type Certificate } from '../../../support/sip/tls.ts';

const OPTIONS = [
  'OPTIONS sip:bob@example.com SIP/2.0',
  'Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1',
  'From: <sip:alice@example.com>;tag=a',
  'To: <sip:bob@example.com>',
  'Call-ID: c1',
  'CSeq: 1 OPTIONS',
  'Content-Length: 0',
  '',
  '',
].join('\r\n');

/** A stream's message that does not say how long it is. */
const ENDLESS = 'OPTIONS sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\n\r\n';

const clock = new HandClock();
const limits = { messageMs: 20_000, idleMs: 60_000, unreadBytes: 100_000 };
const sockets: Socket[] = [];
let events: StreamEvent['type'][];
let held: ConnectionLimits;
let connections: Connections;
let port: number;

beforeEach(async () => {
  events = [];
  held = new ConnectionLimits(20, 10);
  const owner = {
    streamEvent: (event: StreamEvent) => void events.push(event.type),
    streamClosed: () => undefined,
  };
  connections = new Connections(owner, held, clock, limits);
  ({ port } = await connections.listen('tcp', { address: '127.0.0.1', port: 0 }, undefined));
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await connections.close();
});

async function join(to = port, allowHalfOpen = false): Promise<Socket> {
  const socket = connect({ port: to, host: '127.0.0.1', allowHalfOpen });
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Our side of it. */
async function flowOf(socket: Socket): Promise<StreamFlow> {
  const remote = { address: '127.0.0.1', port: socket.localPort ?? 0 };
  await expect.poll(() => connections.find('tcp', remote)).toBeDefined();
  return connections.find('tcp', remote) as StreamFlow;
}

describe('peers that cost more than they should', () => {
  it('who sends a byte a minute is let go before the message is whole', async () => {
    const socket = await join();
    // The answer to the ping tells that everything before was read.
    socket.write('\r\n\r\n');
    await once(socket, 'data');
    const flow = await flowOf(socket);
    socket.write('O');
    await expect.poll(() => clock.running).toBe(2);
    clock.turn(limits.messageMs);
    await once(socket, 'close');
    expect(flow.closed).toBe(true);
  });

  it('who never reads is let go when too much waits', async () => {
    const socket = await join();
    socket.pause();
    socket.write(OPTIONS);
    await expect.poll(() => events).toEqual(['message']);
    const flow = await flowOf(socket);
    const message = Buffer.alloc(50_000, 'x');
    let sent = 0;
    while (flow.send(message)) sent++;
    expect(flow.closed).toBe(true);
    expect(sent).toBeLessThan(200);
  });

  it('who is idle is let go, but a keep-alive is use', async () => {
    const socket = await join();
    socket.write('\r\n\r\n');
    await once(socket, 'data');
    clock.turn(50_000);
    socket.write('\r\n\r\n');
    await once(socket, 'data');
    clock.turn(50_000);
    expect((await flowOf(socket)).closed).toBe(false);
    clock.turn(10_000);
    await once(socket, 'close');
  });

  it('who has as many connections as an address may have is closed before anything is read', async () => {
    await Promise.all(Array.from({ length: 10 }, async () => flowOf(await join())));
    const socket = await join();
    socket.write(OPTIONS);
    await once(socket, 'close');
    expect(held.count).toBe(10);
    expect(events).toEqual([]);
    sockets[0]?.destroy();
    await expect.poll(() => held.count).toBe(9);
    await flowOf(await join());
  });

  it('[RFC 3261 18.3] after something without an end in sight the connection is closed', async () => {
    const socket = await join();
    socket.write(ENDLESS);
    await once(socket, 'close');
    expect(events).toEqual(['lost']);
  });

  it('[RFC 3261 18.3] that one, too, is closed whose peer does not hang up then, and is counted until it is', async () => {
    const socket = await join(port, true);
    socket.resume();
    socket.write(ENDLESS);
    await once(socket, 'end');
    expect(held.count).toBe(1);
    clock.turn(limits.messageMs);
    await expect.poll(() => held.count).toBe(0);
    expect(clock.running).toBe(0);
  });
});

describe('before the handshake of TLS', () => {
  let certificate: Certificate;
  beforeAll(async () => {
    certificate = await makeCertificate();
  });

  const listenTls = async (tls: TlsOptions = {}) =>
    (await connections.listen('tls', { address: '127.0.0.1', port: 0 }, { ...certificate, ...tls })).port;

  it('connections are counted and limited as any others', async () => {
    const secure = await listenTls();
    const silent = await Promise.all(Array.from({ length: 10 }, () => join(secure)));
    await expect.poll(() => held.count).toBe(10);
    await once(await join(secure), 'close');
    silent[0]?.destroy();
    await expect.poll(() => held.count).toBe(9);
    const bob = connectTls({ port: secure, host: '127.0.0.1', ca: certificate.cert });
    sockets.push(bob);
    bob.write('\r\n\r\n');
    expect(String(await once(bob, 'data'))).toBe('\r\n');
    expect(held.count).toBe(10);
  });

  it('who does not finish it in time is let go', async () => {
    const socket = await join(await listenTls({ handshakeTimeout: 20 }));
    await once(socket, 'close');
    await expect.poll(() => held.count).toBe(0);
  });

  it('who speaks something else is let go', async () => {
    const socket = await join(await listenTls());
    socket.resume();
    socket.write(OPTIONS);
    await once(socket, 'close');
    await expect.poll(() => held.count).toBe(0);
  });

  it('who is silent does not keep the server from closing', async () => {
    const socket = await join(await listenTls());
    await expect.poll(() => held.count).toBe(1);
    const closed = once(socket, 'close');
    await connections.close();
    await closed;
    await expect.poll(() => held.count).toBe(0);
  });
});

describe('connections', () => {
  it('[RFC 5626 3.5.1] a ping is answered with CRLF', async () => {
    const socket = await join();
    socket.write('\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toBe('\r\n');
  });

  it('[RFC 5923] one to a peer serves both directions, whoever opened it', async () => {
    const socket = await join();
    const flow = await flowOf(socket);
    expect(await connections.open('tcp', flow.remote, undefined)).toBe(flow);
  });

  it('two that want the same peer at once share what is opened', async () => {
    const server = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const remote = { address: '127.0.0.1', port: (server.address() as AddressInfo).port };
    const [one, other] = await Promise.all([
      connections.open('tcp', remote, undefined),
      connections.open('tcp', remote, undefined),
    ]);
    expect(one).toBeDefined();
    expect(other).toBe(one);
    server.close();
  });

  it('a peer that is not there is no flow, but unreachable', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const remote = { address: '127.0.0.1', port: (server.address() as AddressInfo).port };
    server.close();
    await once(server, 'close');
    expect(await connections.open('tcp', remote, undefined)).toBeInstanceOf(Unreachable);
  });
});
