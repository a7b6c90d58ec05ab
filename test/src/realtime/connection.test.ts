import { EventEmitter } from 'node:events';
import { Writable, type Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { Connection, type ConnectionOwner } from '../../../src/realtime/connection.ts';
import { unmetered } from '../../../src/realtime/meter.ts';

/** A connection whose every write into the kernel is noted, as the texts of the frames that went with it. */
function bench() {
  const writes: string[][] = [];
  const wire = new Writable({
    highWaterMark: 1024 * 1024,
    write(chunk: Buffer, _encoding, done) {
      writes.push([textOf(chunk)]);
      done();
    },
    writev(chunks, done) {
      writes.push(chunks.map(({ chunk }) => textOf(chunk as Buffer)));
      done();
    },
  });
  const socket = Object.assign(new EventEmitter(), { readyState: 1, OPEN: 1 });
  const owner = { meter: unmetered, elapsed: () => 0 } as unknown as ConnectionOwner;
  const connection = new Connection(socket as unknown as WebSocket, wire as unknown as Duplex, '::1', null, owner);
  return { connection, writes };
}

/** Of a frame of at most 65535 bytes. */
function textOf(frame: Buffer): string {
  return frame.subarray(frame[1] === 126 ? 4 : 2).toString('utf8');
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('what is said on a connection', () => {
  it('in one turn of the event loop leaves by one write, in order', async () => {
    const { connection, writes } = bench();
    connection.write('event');
    await Promise.resolve();
    connection.write('ack');
    expect(writes).toEqual([]);
    await turn();
    expect(writes).toEqual([['event', 'ack']]);
    connection.write('line');
    await turn();
    expect(writes).toEqual([['event', 'ack'], ['line']]);
  });

  it('at length is not gathered whole', async () => {
    const { connection, writes } = bench();
    const long = 'x'.repeat(8_000);
    for (let n = 0; n < 20; n += 1) connection.write(long);
    expect(writes.length).toBeGreaterThan(1);
    await turn();
    expect(writes.flat()).toHaveLength(20);
  });
});
