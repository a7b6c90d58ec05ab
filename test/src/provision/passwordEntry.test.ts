import { PassThrough, Readable } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { enterPassword } from '../../../src/provision/passwordEntry.ts';

const river = 'a long walk by the river';

/** A terminal at which somebody types the next answer at every question. */
function terminal(...answers: string[]) {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
  const shown: string[] = [];
  const output = new PassThrough();
  output.on('data', (chunk: Buffer) => {
    shown.push(chunk.toString());
    if (/: $/.test(chunk.toString())) input.write(answers.shift() ?? '');
  });
  return { input, output, shown };
}

describe('a password', () => {
  let output: PassThrough;
  beforeEach(() => {
    output = new PassThrough();
  });

  it('[M2] is asked for twice on a terminal, which does not show it', async () => {
    const { input, output: screen, shown } = terminal(`${river}\r`, `${river}\r`);
    expect(await enterPassword(input, screen)).toBe(river);
    expect(shown.join('')).toMatch(/^Password, 12 characters or more .*: \nThe same again: \n$/);
  });

  it('[M2] can be mended while it is typed', async () => {
    const { input, output: screen } = terminal(`a long walk by the see\x7f\x7f\x7friver\r`, `${river}\r`);
    expect(await enterPassword(input, screen)).toBe(river);
  });

  it('[M2] that is another the second time, or was given up, is none', async () => {
    const different = terminal(`${river}\r`, 'a long walk by the liver\r');
    await expect(enterPassword(different.input, different.output)).rejects.toThrow('are not the same');
    for (const key of ['\x03', '\x04']) {
      const givenUp = terminal(key);
      await expect(enterPassword(givenUp.input, givenUp.output)).rejects.toThrow('No password was entered');
    }
  });

  it('[M2] is read from what is piped in, without the end of its line', async () => {
    for (const end of ['', '\n', '\r\n']) {
      expect(await enterPassword(Readable.from([Buffer.from(river + end)]), output)).toBe(river);
    }
    expect(output.readableLength).toBe(0);
  });

  it('[M2] is neither short, nor longer than signing in takes, nor of several lines', async () => {
    const piped = (given: string) => enterPassword(Readable.from([Buffer.from(given)]), output);
    await expect(piped('')).rejects.toThrow('has 0 characters. Choose one of 12 or more');
    await expect(piped('x'.repeat(11))).rejects.toThrow('12 or more');
    await expect(piped('x'.repeat(201))).rejects.toThrow('at most 200');
    await expect(piped(`${river}\n${river}`)).rejects.toThrow('several lines');
    expect(await piped('x'.repeat(12))).toHaveLength(12);
    expect(await piped('x'.repeat(200))).toHaveLength(200);
  });
});
