import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Application } from '../../../../sip/engine/control/application.ts';
import {
  ControlServer,
  type ControlUser,
  type ProxyOrder,
  type SipOrder,
} from '../../../../sip/engine/control/controlServer.ts';
import { encodeFrame, FrameDecoder } from '../../../../sip/engine/control/frame.ts';
import { Routes } from '../../../../sip/engine/control/routes.ts';
import { HandClock } from '../../../support/sip/handClock.ts';

const clock = new HandClock();
const routes = new Routes();
const orders: (SipOrder | ProxyOrder)[] = [];
let gone: Application[] = [];
let users: ControlUser;
/** Whose order came last. */
let orderedBy: Application | undefined;
let server: ControlServer;
let port: number;
const sockets: Socket[] = [];

beforeEach(async () => {
  users = {
    hostports: () => ({ external: 'udp/192.0.2.1:5060', local: 'udp/127.0.0.1:5060' }),
    send: (application: Application, order: SipOrder) => {
      orderedBy = application;
      orders.push(order);
    },
    proxy: (_: Application, order: ProxyOrder) => void orders.push(order),
    applicationGone: (application: Application) => void gone.push(application),
  };
  gone = [];
  orderedBy = undefined;
  orders.length = 0;
  server = new ControlServer({ address: '127.0.0.1', port: 0, secret: 'open sesame' }, users, routes, clock);
  port = await server.listen();
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

/** A connection that speaks frames; `answer` sends one and gives what comes back, without its ids. */
async function open() {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  const decoder = new FrameDecoder();
  const answer = async (payload: string): Promise<string> => {
    socket.write(encodeFrame(payload));
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    return decoder.push(chunk)[0]?.split('|').slice(1).join('|') ?? 'incomplete';
  };
  return { socket, answer };
}

describe('the secret', () => {
  it('opens, and tells where the server is reached', async () => {
    const { answer } = await open();
    expect(await answer('1|authenticate|open sesame|')).toMatch(
      /^response\|1\|OK\|udp\/192\.0\.2\.1:5060\|v\d+\.\d+\.\d+\|udp\/127\.0\.0\.1:5060$/,
    );
    expect(await answer('2|ping')).toBe('response|2|OK|pong');
  });

  it.each(['', 'open', 'open sesamf', 'OPEN SESAME', 'open sesame '])(
    'is not %j: refused and closed',
    async (secret) => {
      const { socket, answer } = await open();
      expect(await answer(`1|authenticate|${secret}|`)).toBe('response|1|NO|incorrect secret');
      await once(socket, 'close');
      expect(gone).toEqual([]);
    },
  );

  it('before it nothing is done and nothing long is read', async () => {
    const impatient = await open();
    impatient.socket.write(encodeFrame('1|route|INVITE'));
    await once(impatient.socket, 'close');
    expect(routes.choose('INVITE')).toBeUndefined();
    const verbose = await open();
    verbose.socket.write('99999#1|authenticate|');
    await once(verbose.socket, 'close');
  });

  it('who has not said it after five seconds is sent away', async () => {
    const { socket } = await open();
    // The server has taken the connection once another, later one is answered.
    await (await open()).answer('1|authenticate|open sesame|');
    clock.turn(5000);
    await once(socket, 'close');
  });
});

describe('where it listens', () => {
  it('is loopback, where nobody decided otherwise', async () => {
    const alone = new ControlServer({ port: 0, secret: 'x' }, users, routes, clock);
    const at = await alone.listen();
    const other = connect(at, '127.0.0.2');
    const [error] = (await once(other, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    await alone.close();
  });
});

describe('an application that takes more than it may', () => {
  it('and never reads what it is sent is let go before memory is full', async () => {
    const { socket, answer } = await open();
    await answer('1|authenticate|open sesame|');
    socket.pause();
    socket.write(encodeFrame('2|sip||\r\nOPTIONS sip:x SIP/2.0\r\n\r\n'));
    await expect.poll(() => orderedBy).toBeDefined();
    const application = orderedBy as Application;
    const message = Buffer.alloc(64 * 1024, 'x');
    let sent = 0;
    while (!application.closed && sent < 10_000) {
      application.sendMessage('sip|network', message);
      sent += 1;
    }
    expect(application.closed).toBe(true);
    expect(sent * message.length).toBeLessThan(32 * 1024 * 1024);
    expect(gone).toEqual([application]);
  });

  it('and asks without reading the answers is not listened to until it reads', async () => {
    const { socket, answer } = await open();
    await answer('1|authenticate|open sesame|');
    socket.write(encodeFrame('2|sip||\r\nOPTIONS sip:x SIP/2.0\r\n\r\n'));
    await expect.poll(() => orderedBy).toBeDefined();
    const before = orders.length;
    // More than the kernel keeps for both of us, so that it waits in our memory.
    orderedBy?.sendMessage('sip|network', Buffer.alloc(12 * 1024 * 1024, 'x'));
    socket.pause();
    socket.write(encodeFrame('3|sip||\r\nOPTIONS sip:y SIP/2.0\r\n\r\n'));
    await (await open()).answer('1|authenticate|open sesame|');
    expect(orders).toHaveLength(before);
    socket.resume();
    await expect.poll(() => orders.length).toBe(before + 1);
  });

  it('and a frame that is never finished keeps no more than its length', async () => {
    const { socket, answer } = await open();
    await answer('1|authenticate|open sesame|');
    socket.write('99999#');
    socket.write(Buffer.alloc(99_998, '|'));
    await (await open()).answer('1|authenticate|open sesame|');
    expect(gone).toEqual([]);
    socket.write('100000#');
    await once(socket, 'close');
  });

  it('and sixty-four of them at once are all there may be', async () => {
    const all = await Promise.all(Array.from({ length: 64 }, open));
    expect(await all[63]?.answer('1|authenticate|open sesame|')).toContain('OK');
    const { socket } = await open();
    await once(socket, 'close');
  });
});

describe('orders', () => {
  it('are taken apart: a request with its dialog and proxy, and the message behind', async () => {
    const { socket, answer } = await open();
    await answer('1|authenticate|open sesame|blue,green');
    socket.write(encodeFrame('2|sip||c1;from-tag=a|sip:proxy.example\r\nINFO sip:x SIP/2.0\r\n\r\n'));
    socket.write(
      encodeFrame('3|proxy|t1|remainInDialog|fullResponse||serial|2s||sip:a|sip:b\r\nINVITE sip:a SIP/2.0\r\n'),
    );
    expect(await answer('4|ping')).toContain('|4|OK|pong');
    expect(orders[0]).toEqual({
      requestId: '2',
      transactionId: '',
      dialogId: 'c1;from-tag=a',
      proxy: 'sip:proxy.example',
      message: 'INFO sip:x SIP/2.0\r\n\r\n',
    });
    expect(orders[1]).toMatchObject({
      transactionId: 't1',
      remainInDialog: true,
      fullResponse: true,
      followRedirects: false,
      simultaneous: false,
      provisionalTimeout: '2s',
      finalTimeout: '',
      destinations: ['sip:a', 'sip:b'],
    });
  });

  it.each([
    ['2|sip', 'NO|Invalid message format'],
    ['2|proxy|t1', 'NO|Invalid message format'],
    ['2|route|FROBNICATE', 'NO|Route request includes unsupported verb'],
    ['2|remove_route|FROBNICATE', 'NO|Remove route request includes unsupported verb'],
    ['2|frobnicate', 'NO|Unknown message type'],
    ['2', 'NO|Unknown message type'],
  ])('%j is answered %j, and the connection stays', async (payload, answered) => {
    const { answer } = await open();
    await answer('1|authenticate|open sesame|');
    expect(await answer(payload)).toBe(`response|2|${answered}`);
    expect(await answer('3|ping')).toBe('response|3|OK|pong');
  });

  it('what is not framed ends the connection, and its routes', async () => {
    const { socket, answer } = await open();
    await answer('1|authenticate|open sesame|');
    await answer('2|route|INVITE');
    expect(routes.choose('invite')).toBeDefined();
    socket.write('INVITE sip:bob@example.com SIP/2.0\r\n');
    await once(socket, 'close');
    expect(gone).toHaveLength(1);
    expect(routes.choose('invite')).toBeUndefined();
  });
});
