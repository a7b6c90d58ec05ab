import { describe, expect, it } from 'vitest';
import { Breaks, BREAKS } from '../../../../web/tv/demo/breaks.ts';
import type { Network } from '../../../../web/tv/demo/network.ts';

/** A box of an MP4: size, name, content. */
function box(name: string, content: number[]): number[] {
  return [0, 0, 0, 8 + content.length, ...[...name].map((letter) => letter.charCodeAt(0)), ...content];
}
const segment = Uint8Array.from([...box('moof', [1, 2, 3, 4]), ...box('mdat', [0, 0, 0, 3, 101, 66, 67])]);

function demo() {
  const said: string[] = [];
  const asked: string[] = [];
  const network: Network = {
    cut: false,
    setCut: (cut) => void said.push(cut ? 'cut' : 'joined'),
  };
  const breaks = new Breaks(
    network,
    (address) => {
      asked.push(address);
      return Promise.resolve(segment.slice().buffer);
    },
    {
      raise: ({ code }) => void said.push(`raise ${code}`),
      clear: (code) => void said.push(`clear ${code}`),
      locked: () => void said.push('locked'),
    },
  );
  return { breaks, said, asked };
}

describe('the demo breaks things for real', () => {
  it('unreachable: segments come from an address that nobody has (RFC 5737)', async () => {
    const { breaks, asked, said } = demo();
    breaks.break('unreachable');
    await breaks.load('/tv/clip/0.m4s');
    expect(asked).toEqual(['http://192.0.2.1/tv/clip/0.m4s']);
    expect(said).not.toContainEqual(expect.stringContaining('raise'));
  });

  it('corrupt: the samples are damaged, the boxes around them are not, and nothing is announced', async () => {
    const { breaks, said } = demo();
    breaks.break('corrupt');
    const bytes = new Uint8Array(await breaks.load('/tv/clip/0.m4s'));
    expect(bytes.length).toBe(segment.length);
    expect(bytes.slice(0, 20)).toEqual(segment.slice(0, 20));
    expect(bytes.slice(20)).not.toEqual(segment.slice(20));
    expect(said).not.toContainEqual(expect.stringContaining('raise'));
  });

  it('corrupt: the manifest and the init segment come whole', async () => {
    const { breaks } = demo();
    breaks.break('corrupt');
    expect(new Uint8Array(await breaks.load('/tv/clip/init.mp4'))).toEqual(segment);
  });

  it('no network: the connections are cut', () => {
    const { breaks, said } = demo();
    breaks.break('offline');
    expect(said[said.length - 1]).toBe('cut');
    breaks.mend();
    expect(said[said.length - 1]).toBe('joined');
  });

  it.each([
    ['key', 'drm:key-missing'],
    ['box', 'tr069:9002'],
    ['account', 'account:expired'],
  ] as const)('[M6] %s: the host raises %s, and clears it when mended', (name, code) => {
    const { breaks, said } = demo();
    breaks.break(name);
    expect(said).toContain(`raise ${code}`);
    breaks.mend();
    expect(said).toContain(`clear ${code}`);
  });

  it('a title without its key does not start again until it is mended', () => {
    const { breaks, said } = demo();
    breaks.break('key');
    expect(said).toContain('locked');
    expect(breaks.refuses()).toBe(true);
    breaks.mend();
    expect(breaks.refuses()).toBe(false);
  });

  it('one thing is broken at a time', async () => {
    const { breaks, said } = demo();
    breaks.break('account');
    breaks.break('corrupt');
    expect(said).toContain('clear account:expired');
    expect(breaks.broken).toBe('corrupt');
    breaks.mend();
    expect(new Uint8Array(await breaks.load('/tv/clip/0.m4s'))).toEqual(segment);
  });

  it('each says what really happens', () => {
    for (const { how } of BREAKS) expect(how).toMatch(/^[A-Z].*\.$/);
  });
});
