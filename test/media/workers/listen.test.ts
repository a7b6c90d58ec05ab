import { describe, expect, test } from 'vitest';
import { backOffMs } from '../../../media/workers/backOff.ts';
import { listenInfos } from '../../../media/workers/listen.ts';

/** For all browsers of a worker at once. */
const buffers = { recvBufferSize: 2_097_152, sendBufferSize: 2_097_152 };

describe('where a worker listens', () => {
  test('on every address of the machine, told as it is', () => {
    expect(listenInfos(40_000, null, ['192.0.2.7', '2001:db8::7'])).toEqual([
      { protocol: 'udp', ip: '192.0.2.7', port: 40_000, ...buffers },
      { protocol: 'tcp', ip: '192.0.2.7', port: 40_000 },
      { protocol: 'udp', ip: '2001:db8::7', port: 40_000, ...buffers },
      { protocol: 'tcp', ip: '2001:db8::7', port: 40_000 },
    ]);
  });

  test('behind NAT, on all of them, and only the announced one is told', () => {
    expect(listenInfos(40_000, 'media.example', ['10.0.0.7'])).toEqual([
      { protocol: 'udp', ip: '0.0.0.0', announcedAddress: 'media.example', port: 40_000, ...buffers },
      { protocol: 'tcp', ip: '0.0.0.0', announcedAddress: 'media.example', port: 40_000 },
    ]);
  });

  test('on free ports where none is given', () => {
    expect(listenInfos(null, null, ['192.0.2.7'])).toEqual([
      { protocol: 'udp', ip: '192.0.2.7', ...buffers },
      { protocol: 'tcp', ip: '192.0.2.7' },
    ]);
  });

  test('by itself finds addresses that are no loopback, or loopback alone', () => {
    const addresses = new Set(listenInfos(null, null).map(({ ip }) => ip));
    expect(addresses.size).toBeGreaterThan(0);
    if (addresses.has('127.0.0.1')) expect([...addresses]).toEqual(['127.0.0.1']);
    expect([...addresses].filter((address) => /^(fe80|::1)/.test(address))).toEqual([]);
  });
});

test('a worker that lived long is replaced at once; one that keeps dying, ever later, to half a minute', () => {
  const waits = Array.from({ length: 12 }, (_, shortLives) => backOffMs(shortLives));
  expect(waits).toEqual([0, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000]);
});
