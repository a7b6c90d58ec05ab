import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StreamEvent } from '../../../../sip/engine/messages/parse.ts';
import { Connections } from '../../../../sip/engine/transports/connections.ts';
import { Unreachable } from '../../../../sip/engine/transports/flow.ts';
import type { StreamFlow } from '../../../../sip/engine/transports/stream.ts';
import { HandClock } from '../../../support/sip/handClock.ts';

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

const clock = new HandClock();
const limits = { messageMs: 20_000, idleMs: 60_000, unreadBytes: 100_000 };
const sockets: Socket[] = [];
let events: StreamEvent['type'][];
let opened: StreamFlow[];
let admitted: boolean;
let connections: Connections;
let port: number;

beforeEach(async () => {
  events = [];
  opened = [];
  admitted = true;
  const owner = {
    streamOpened: (flow: StreamFlow) => void opened.push(flow),
    streamEvent: (event: StreamEvent) => void events.push(event.type),
    streamClosed: () => undefined,
  };
  connections = new Connections(owner, () => admitted, clock, limits);
  ({ port } = await connections.listen('tcp', { address: '127.0.0.1', port: 0 }, undefined));
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await connections.close();
});

async function join(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

describe('peers that cost more than they should', () => {
  it('who sends a byte a minute is let go before the message is whole', async () => {
    const socket = await join();
    // The answer to the ping tells that everything before was read.
    socket.write('\r\n\r\n');
    await once(socket, 'data');
    socket.write('O');
    await expect.poll(() => clock.running).toBe(2);
    clock.turn(limits.messageMs);
    await once(socket, 'close');
    expect(opened[0]?.closed).toBe(true);
  });

  it('who never reads is let go when too much waits', async () => {
    const socket = await join();
    socket.pause();
    socket.write(OPTIONS);
    await expect.poll(() => events).toEqual(['message']);
    const message = Buffer.alloc(50_000, 'x');
    let sent = 0;
    while (opened[0]?.send(message)) sent++;
    expect(opened[0]?.closed).toBe(true);
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
    expect(opened[0]?.closed).toBe(false);
    clock.turn(10_000);
    await once(socket, 'close');
  });

  it('who is not admitted is closed before anything is read', async () => {
    admitted = false;
    const socket = await join();
    await once(socket, 'close');
    expect(opened).toEqual([]);
  });

  it('[RFC 3261 18.3] after something without an end in sight the connection is closed', async () => {
    const socket = await join();
    socket.write('OPTIONS sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\n\r\n');
    await once(socket, 'close');
    expect(events).toEqual(['lost']);
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
    await expect.poll(() => opened.length).toBe(1);
    const remote = { address: '127.0.0.1', port: socket.localPort ?? 0 };
    expect(await connections.open('tcp', remote, undefined)).toBe(opened[0]);
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
