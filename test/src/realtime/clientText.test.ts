/** Whole frames of text that are taken before ws sees them: what is heard is what ws alone would have heard. */
import { EventEmitter } from 'node:events';
import { Duplex } from 'node:stream';
import * as ws from 'ws';
import { describe, expect, it } from 'vitest';
import { asServerFrame, endOfText } from '../../../src/realtime/clientText.ts';
import { Connection, type ConnectionOwner } from '../../../src/realtime/connection.ts';
import { unmetered } from '../../../src/realtime/meter.ts';
import { textFrame } from '../../../src/realtime/textFrame.ts';
import { fc } from '../../support/properties.ts';

/** Their typings do not have it. */
const { Receiver } = ws as unknown as {
  Receiver: new (options: object) => EventEmitter & { write(bytes: Buffer): void };
};
const newReceiver = () => new Receiver({ isServer: true, maxPayload: 64 * 1024, maxFragments: 256 });

const FIN = 0x80;
const TEXT = 1;
const CONTINUATION = 0;
const BINARY = 2;
const PING = 9;

/** A client's frame. @param length how its length is written: in 7 bits, 16 or 64; as short as can be if not told */
function frame(first: number, payload: Buffer, mask: Buffer, length?: 16 | 64): Buffer {
  const { length: bytes } = payload;
  const head =
    length === 64
      ? [first, 0xff, 0, 0, 0, 0, 0, 0, bytes >> 8, bytes & 255]
      : bytes < 126 && length === undefined
        ? [first, 0x80 | bytes]
        : [first, 0xfe, bytes >> 8, bytes & 255];
  const masked = payload.map((byte, at) => byte ^ (mask[at % 4] as number));
  return Buffer.concat([Buffer.from(head), mask, masked]);
}

const mask = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
  fc.constant(Buffer.alloc(4)),
);
const payload = fc.oneof(
  fc.integer({ min: 0, max: 300 }).map((n) => Buffer.from(JSON.stringify({ v: 1, id: 'm', text: 'é'.repeat(n) }))),
  fc.constant(Buffer.from('{"v":1,"id":"m"}')),
);
/** What a client may send between two others. */
const sent = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(payload, mask).map(([bytes, key]) => frame(FIN | TEXT, bytes, key)) },
  fc.tuple(payload, mask).map(([bytes, key]) => frame(FIN | TEXT, bytes, key, 16)),
  fc.tuple(payload, mask).map(([bytes, key]) => frame(FIN | TEXT, bytes, key, 64)),
  mask.map((key) => frame(FIN | PING, Buffer.from('still there?'), key)),
  fc
    .tuple(payload, mask)
    .map(([bytes, key]) =>
      Buffer.concat([
        frame(TEXT, bytes.subarray(0, 5), key),
        frame(FIN | PING, Buffer.alloc(0), key),
        frame(FIN | CONTINUATION, bytes.subarray(5), key),
      ]),
    ),
);
/** Where the stream is cut: at these parts of its length. */
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });

function chunksOf(bytes: Buffer, at: readonly number[]): Buffer[] {
  const ends = [...at.map((part) => Math.floor(part * bytes.length)).sort((one, other) => one - other), bytes.length];
  // Each its own memory, as the socket gives it.
  return ends.map((end, n) => Buffer.from(bytes.subarray(ends[n - 1] ?? 0, end)));
}

/** What ws alone hears of the chunks. */
function heardByWs(chunks: Buffer[]): string[] {
  const heard: string[] = [];
  const receiver = newReceiver();
  receiver.on('message', (data: Buffer) => heard.push(data.toString('utf8')));
  for (const chunk of chunks) receiver.write(chunk);
  return heard;
}

/** A connection with a reader of ws's behind it. */
function openBench() {
  const heard: string[] = [];
  const read = { byWs: 0 };
  const socket = Object.assign(new EventEmitter(), {
    readyState: 1,
    OPEN: 1,
    close(this: { readyState: number }) {
      this.readyState = 2;
    },
    resume() {},
  });
  const receiver = newReceiver();
  receiver.on('message', (data: Buffer, isBinary: boolean) => {
    read.byWs += 1;
    socket.emit('message', data, isBinary);
  });
  const wire = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  wire.on('data', (chunk: Buffer) => receiver.write(chunk));
  const owner = {
    meter: unmetered,
    elapsed: () => 0,
    mayTalk: () => true,
    async message(_connection: Connection, message: object) {
      heard.push(JSON.stringify(message));
    },
  } as unknown as ConnectionOwner;
  new Connection(socket as unknown as ws.WebSocket, wire, '::1', null, owner);
  return { heard, read, socket, hears: (chunk: Buffer) => wire.emit('data', chunk) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('[RFC 6455 5] what clients send', () => {
  it('is heard as ws alone hears it, whatever it is mixed with and wherever it is cut', async () => {
    let whole = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(sent, { minLength: 1, maxLength: 8 }), cuts, async (frames, at) => {
        const chunks = chunksOf(Buffer.concat(frames), at);
        const expected = heardByWs(chunks.map((chunk) => Buffer.from(chunk)));
        const { heard, read, hears } = openBench();
        for (const chunk of chunks) hears(chunk);
        await settled();
        expect(heard).toEqual(expected);
        whole += expected.length - read.byWs;
      }),
      { numRuns: 1_500 },
    );
    // Both read.
    expect(whole).toBeGreaterThan(1_000);
  });

  it('is taken before ws again after a frame that came in two parts', async () => {
    const { heard, read, hears } = openBench();
    const one = frame(FIN | TEXT, Buffer.from('{"v":1,"id":"one"}'), Buffer.from([1, 2, 3, 4]));
    hears(Buffer.from(one.subarray(0, 12)));
    hears(Buffer.concat([one.subarray(12), one]));
    hears(Buffer.from(one));
    await settled();
    expect(heard).toEqual(Array(3).fill('{"v":1,"id":"one"}'));
    expect(read.byWs).toBe(2);
  });

  it('that is no text, or bytes that are no UTF-8, ends the connection', () => {
    for (const broken of [
      frame(FIN | BINARY, Buffer.from('{"v":1}'), Buffer.alloc(4)),
      frame(FIN | TEXT, Buffer.from([0xc3, 0x28]), Buffer.from([9, 8, 7, 6])),
    ]) {
      const { heard, socket, hears } = openBench();
      hears(Buffer.concat([broken, frame(FIN | TEXT, Buffer.from('{"v":1,"id":"late"}'), Buffer.alloc(4))]));
      expect(socket.readyState).toBe(2);
      expect(heard).toEqual([]);
    }
  });
});

describe('[RFC 6455 5.2] a frame made a server’s in place', () => {
  it.each([0, 1, 125, 126, 127, 400, 65_535])('of %i bytes is the same as one that is made anew', (length) => {
    const payload = Buffer.from(Array.from({ length }, (_, n) => n & 0x7f));
    const before = Buffer.from('what came before');
    const bytes = frame(FIN | TEXT, payload, Buffer.from([0xde, 0xad, 0xbe, 0xef]));
    const chunk = Buffer.concat([before, bytes, Buffer.from('and after')]);
    const end = endOfText(chunk, before.length);
    expect(end).toBe(before.length + bytes.length);
    expect(asServerFrame(chunk, before.length, end)).toEqual(textFrame(payload));
    expect(chunk.subarray(0, before.length).toString()).toBe('what came before');
    expect(chunk.subarray(end).toString()).toBe('and after');
  });

  const text = Buffer.from('{}');
  const key = Buffer.from([1, 2, 3, 4]);
  const whole = frame(FIN | TEXT, text, key);
  it.each([
    ['without a mask', textFrame('{"v":1}')],
    ['of bytes', frame(FIN | BINARY, text, key)],
    ['a ping', frame(FIN | PING, text, key)],
    ['the first of several', frame(TEXT, text, key)],
    ['compressed, or so it says', frame(FIN | 0x40 | TEXT, text, key)],
    ['with its length written longer than need be', frame(FIN | TEXT, text, key, 16)],
    ['with its length in 64 bits', frame(FIN | TEXT, text, key, 64)],
    ['that is not all there', whole.subarray(0, -1)],
    ['of which only the head is there', whole.subarray(0, 1)],
  ])('%s is left to ws', (_what, chunk) => {
    expect(endOfText(chunk, 0)).toBe(0);
  });
});
