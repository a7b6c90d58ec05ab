/** What may happen to WebSocket frames on their way, by bad luck or on purpose. */
import { deflateRawSync } from 'node:zlib';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { livingRoomTv } from '../../support/wire.ts';
import { openRealtime, type RealtimeBench } from './bench.ts';

let bench: RealtimeBench;
beforeEach(async () => {
  bench = await openRealtime();
});
afterEach(() => bench.close());

const FIN = 0x80;
const RSV1 = 0x40;
const TEXT = 1;
const CONTINUATION = 0;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** A client's frame, masked with zeros. */
function frame(first: number, payload: Buffer): Buffer {
  const head =
    payload.length < 126
      ? [first, FIN | payload.length]
      : [first, FIN | 126, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload]);
}

const register = Buffer.from(
  JSON.stringify({
    v: 1,
    id: 'register',
    type: 'registerTv',
    credentials: { kind: 'secret', serial: 'living-room', secret: 'a secret of sixteen or more' },
    told: livingRoomTv,
    resume: [],
  }),
);

/** A bare socket after the handshake, and what the service said to it. */
async function shakeHands(): Promise<{
  socket: Socket;
  answer: string;
  says: (what: RegExp) => Promise<string>;
  closes: () => Promise<number>;
}> {
  const socket = await bench.raw();
  const key = Buffer.from('sixteen bytes !!').toString('base64');
  socket.write(
    `GET /connect HTTP/1.1\r\nHost: couchline\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n` +
      `Sec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  let heard = Buffer.alloc(0);
  let look = () => {};
  socket.on('data', (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk]);
    look();
  });
  socket.on('error', () => {});
  const until = <T>(find: () => T | undefined) =>
    new Promise<T>((resolve) => {
      look = () => {
        const found = find();
        if (found !== undefined) resolve(found);
      };
      look();
    });
  const answer = await until(() => {
    const end = heard.indexOf('\r\n\r\n');
    return end < 0 ? undefined : heard.subarray(0, end).toString();
  });
  heard = heard.subarray(answer.length + 4);
  return {
    socket,
    answer,
    says: (what) => until(() => what.exec(heard.toString())?.[0]),
    closes: () =>
      until(() => {
        const at = heard.indexOf(FIN | CLOSE);
        return at < 0 || heard.length < at + 4 ? undefined : heard.readUInt16BE(at + 2);
      }),
  };
}

describe('[M4] frames', () => {
  it('that come byte by byte are a message all the same', async () => {
    const { socket, says } = await shakeHands();
    socket.setNoDelay(true);
    for (const byte of frame(FIN | TEXT, register)) {
      await new Promise<void>((resolve) => socket.write(Buffer.from([byte]), () => resolve()));
    }
    await says(/"resumed"/);
  });

  it('a message in several fragments, the last one empty, is a message all the same', async () => {
    const { socket, says } = await shakeHands();
    const third = Math.ceil(register.length / 3);
    socket.write(frame(TEXT, register.subarray(0, third)));
    socket.write(frame(CONTINUATION, register.subarray(third, 2 * third)));
    socket.write(frame(CONTINUATION, register.subarray(2 * third)));
    socket.write(frame(FIN | CONTINUATION, Buffer.alloc(0)));
    await says(/"resumed"/);
  });

  it('a message in thousands of fragments ends the connection with 1008', async () => {
    const { socket, closes } = await shakeHands();
    socket.write(frame(TEXT, Buffer.from('{')));
    for (let n = 0; n < 300; n += 1) socket.write(frame(CONTINUATION, Buffer.from(' ')));
    expect(await closes()).toBe(1008);
  });

  it('fragments that together are longer than a message may be end the connection with 1009', async () => {
    const { socket, closes } = await shakeHands();
    socket.write(frame(TEXT, Buffer.alloc(40_000, ' ')));
    socket.write(frame(CONTINUATION, Buffer.alloc(40_000, ' ')));
    expect(await closes()).toBe(1009);
  });

  it('compression is not taken up when it is offered, and a bomb of it ends the connection with 1002 unopened', async () => {
    const { socket, answer, closes } = await shakeHands();
    expect(answer).toMatch(/^HTTP\/1.1 101 /);
    expect(answer).not.toMatch(/extensions/i);
    const bomb = deflateRawSync(Buffer.alloc(60_000_000, ' '));
    expect(bomb.length).toBeLessThan(64 * 1024);
    socket.write(frame(FIN | RSV1 | TEXT, bomb));
    expect(await closes()).toBe(1002);
    expect(bench.counted.filter((one) => one.startsWith('messageRefused'))).toEqual([]);
  });

  it('[RFC 6455 7.1.1] once both said goodbye the service closes, though the client keeps its side open', async () => {
    const { socket, closes } = await shakeHands();
    socket.allowHalfOpen = true;
    socket.write(frame(FIN | CLOSE, Buffer.from([0x03, 0xe8])));
    expect(await closes()).toBe(1000);
    await expect.poll(() => bench.counted).toContain('closed left');
    expect(socket.writable).toBe(true);
  });

  it.each([
    ['text that is not UTF-8', FIN | TEXT, 1007],
    ['a reserved bit', FIN | RSV1 | TEXT, 1002],
  ])('after %s, what the client had sent already does not keep it from hearing why', async (_what, first, code) => {
    const { socket, closes } = await shakeHands();
    socket.write(frame(first, Buffer.from([0xc3, 0x28])));
    for (let n = 0; n < 50; n += 1) socket.write(frame(FIN | TEXT, Buffer.alloc(2_000, ' ')));
    expect(await closes()).toBe(code);
    socket.write(frame(FIN | CLOSE, Buffer.from([code >> 8, code & 255])));
    await expect.poll(() => bench.counted).toContainEqual(expect.stringMatching(/^closed /));
  });

  it('text that is not UTF-8 ends the connection with 1007', async () => {
    const { socket, closes } = await shakeHands();
    socket.write(frame(FIN | TEXT, Buffer.from([0xc3, 0x28])));
    expect(await closes()).toBe(1007);
  });
});

describe('[M4] clients that are not of this time', () => {
  it.each([0, 2, 1.5, '1'])(
    'one that speaks version %j is told which is spoken here, and closed with 4002',
    async (v) => {
      const client = await bench.connect();
      client.say({ v, id: 'hello', type: 'registerTv', whatever: { this: 'version has' } });
      expect(await client.closed).toBe(4002);
      expect(client.heard).toEqual([
        expect.objectContaining({
          type: 'refused',
          re: 'hello',
          code: 'version',
          message: expect.stringContaining('Version 1'),
        }),
      ]);
      expect(bench.counted).toContain('messageRefused version');
    },
  );

  it('one of this version that says more than is known is understood', async () => {
    const tv = await bench.tv('living-room');
    tv.say({ id: 'ping', type: 'ping', mood: 'cheerful' });
    await tv.hears('pong', 'ping');
  });
});

describe('[M4] a TV that sends as fast as it can', () => {
  it('is told to wait and cut off with 4008, and the one beside it is answered meanwhile', async () => {
    const loud = await bench.tv('loud');
    const quiet = await bench.tv('quiet');
    for (let n = 0; n < 5_000; n += 1) loud.say({ id: `${n}`, type: 'ping' });
    quiet.say({ id: 'please', type: 'ping' });
    await quiet.hears('pong', 'please');
    expect(await loud.closed).toBe(4008);
    const answers = loud.heard.filter((one) => one.type === 'pong' || one.type === 'refused');
    // A burst and the patience: what was said after that was not even looked at.
    expect(answers.length).toBeLessThanOrEqual(80 + 40);
  });

  it('gets no more to say by coming back', async () => {
    const loud = await bench.tv('loud');
    for (let n = 0; n < 200; n += 1) loud.say({ id: `${n}`, type: 'ping' });
    await loud.closed;
    const back = await bench.connect();
    back.register('loud');
    expect(await back.closed).toBe(4008);
    expect(back.heard).toEqual([expect.objectContaining({ type: 'refused', code: 'rateLimited', retry: true })]);
    expect(bench.counted).toContain('registration tv rateLimited');
    bench.moveElapsed(1_000);
    await bench.tv('loud');
  });
});

describe('[M4] a client that floods with what is not answered', () => {
  /**
   * Writes it again and again until the connection is gone.
   * @returns the close code, if one was heard, and the bytes that went off
   */
  async function flood({ socket, closes }: Awaited<ReturnType<typeof shakeHands>>, what: Buffer) {
    const many = Buffer.concat(Array.from({ length: Math.ceil(65_536 / what.length) }, () => what));
    let code: number | undefined;
    void closes().then((heard) => (code = heard));
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    while (!socket.destroyed) await Promise.race([gone, written(socket, many)]);
    await gone;
    return { code, taken: socket.bytesWritten - socket.writableLength };
  }

  const written = (socket: Socket, what: Buffer) =>
    new Promise<void>((resolve) => socket.write(what, () => void setImmediate(resolve)));

  it.each([
    ['pongs', frame(FIN | PONG, Buffer.alloc(0)), [4008]],
    ['long pongs', frame(FIN | PONG, Buffer.alloc(125)), [4008]],
    // ws cuts off by itself whoever does not hear its pongs.
    ['pings', frame(FIN | PING, Buffer.alloc(0)), [4008, undefined]],
  ])(
    'such as %s is cut off and not read any more, and the one beside it is answered',
    async (_what, control, codes) => {
      const quiet = await bench.tv('quiet');
      const loud = await shakeHands();
      loud.socket.write(frame(FIN | TEXT, register));
      await loud.says(/"resumed"/);
      const flooded = flood(loud, control);
      quiet.say({ id: 'please', type: 'ping' });
      await quiet.hears('pong', 'please');
      const { code, taken } = await flooded;
      expect(codes).toContain(code);
      expect(taken).toBeLessThan(10_000_000);
      await expect.poll(() => bench.endpoint.figures().tv).toBe(1);
    },
  );

  it('such as live frames in a talk is cut off with 4008', async () => {
    const quiet = await bench.tv('quiet');
    const loud = await bench.tv('loud');
    await bench.agent('sam');
    bench.helps('sam', 'loud');
    const live = JSON.stringify({
      v: 1,
      type: 'live',
      interactionId: 'loud',
      screen: { path: ['Player'], focused: 'Pause' },
    });
    for (let n = 0; n < 20_000; n += 1) loud.socket.send(live);
    quiet.say({ id: 'please', type: 'ping' });
    await quiet.hears('pong', 'please');
    expect(await loud.closed).toBe(4008);
    expect(bench.endpoint.live.rateLimited).toBeLessThan(2_000);
  });

  it('one that goes on though it was told goodbye is cut all the same', async () => {
    const loud = await shakeHands();
    loud.socket.write(frame(FIN | TEXT, Buffer.from('{"v":1,"id":"1","type":"ping"}')));
    expect(await loud.closes()).toBe(4001);
    const gone = new Promise((resolve) => loud.socket.once('close', resolve));
    const many = Buffer.concat(Array.from({ length: 10_000 }, () => frame(FIN | PONG, Buffer.alloc(0))));
    while (!loud.socket.destroyed) await Promise.race([gone, written(loud.socket, many)]);
  });
});

describe('[M4] a client that says much, but no more than it may', () => {
  it('is heard, the longest messages and a proxy’s pings included', async () => {
    const tv = await shakeHands();
    tv.socket.write(frame(FIN | TEXT, register));
    await tv.says(/"resumed"/);
    const ping = Buffer.from('{"v":1,"id":"long","type":"ping","more":""}');
    for (let n = 0; n < 70; n += 1) {
      tv.socket.write(frame(FIN | PING, Buffer.from('proxy')));
      tv.socket.write(frame(FIN | TEXT, Buffer.concat([ping, Buffer.alloc(60_000, ' ')])));
    }
    tv.socket.write(frame(FIN | TEXT, Buffer.from('{"v":1,"id":"last","type":"ping"}')));
    await tv.says(/"re":"last"/);
    expect(bench.counted.filter((one) => one.startsWith('messageRefused') || one.startsWith('closed'))).toEqual([]);
  });
});
