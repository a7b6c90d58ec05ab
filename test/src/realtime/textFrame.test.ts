import type { EventEmitter } from 'node:events';
import * as ws from 'ws';
import { describe, expect, it } from 'vitest';
import { textFrame } from '../../../src/realtime/textFrame.ts';

/** Its typings do not have it. */
const { Receiver } = ws as unknown as {
  Receiver: new (options: { isServer: boolean }) => EventEmitter & { write(bytes: Buffer): void };
};

/** What a WebSocket client reads out of some bytes. */
async function read(bytes: Buffer): Promise<{ text: string; isBinary: boolean }> {
  const receiver = new Receiver({ isServer: false });
  const heard = new Promise<{ text: string; isBinary: boolean }>((resolve, reject) => {
    receiver.on('message', (data: Buffer, isBinary: boolean) => resolve({ text: data.toString('utf8'), isBinary }));
    receiver.on('error', reject);
  });
  receiver.write(bytes);
  return await heard;
}

describe('[RFC 6455 5.2] a frame of text', () => {
  // Where the form of the length changes, and at the most that is taken.
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])('of %i bytes is read as it was meant', async (length) => {
    const text = 'm'.repeat(length);
    expect(await read(textFrame(text))).toEqual({ text, isBinary: false });
    expect(textFrame(Buffer.from(text))).toEqual(textFrame(text));
  });

  it('counts bytes and not letters', async () => {
    const text = 'Olé ✓ 📺'.repeat(20);
    expect(await read(textFrame(text))).toEqual({ text, isBinary: false });
  });
});
