import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';

describe('settings of media', () => {
  test('without any, the workers are one a core from port 9500 on, at the machine’s own addresses', () => {
    expect(readConfig({ MEDIA_WORKERS: '', TURN_URL: '' }).media).toEqual({
      workerBin: null,
      workers: null,
      firstPort: 9_500,
      announcedAddress: null,
      turn: null,
    });
  });

  test('an address, a name and several TURN servers are taken', () => {
    const told = { MEDIA_PORT: '3000', MEDIA_WORKERS: '2', MEDIASOUP_WORKER_BIN: '/opt/worker' };
    const turn = { TURN_URL: 'turn:turn.example:3478?transport=udp,turns:turn.example:443', TURN_SECRET: 'north' };
    expect(readConfig({ ...told, ...turn, MEDIA_ANNOUNCED_ADDRESS: '2001:db8::7' }).media).toEqual({
      workerBin: '/opt/worker',
      workers: 2,
      firstPort: 3_000,
      announcedAddress: '2001:db8::7',
      turn: { urls: ['turn:turn.example:3478?transport=udp', 'turns:turn.example:443'], secret: 'north' },
    });
    expect(readConfig({ MEDIA_ANNOUNCED_ADDRESS: 'media.example' }).media.announcedAddress).toBe('media.example');
  });

  test('0 as port takes free ones, 0 workers is a service without media', () => {
    expect(readConfig({ MEDIA_PORT: '0', MEDIA_WORKERS: '0' }).media).toMatchObject({ firstPort: null, workers: 0 });
  });

  test.for([
    ['MEDIA_PORT', '-1'],
    ['MEDIA_PORT', '65001'],
    ['MEDIA_WORKERS', '-1'],
    ['MEDIA_WORKERS', '257'],
    ['MEDIA_ANNOUNCED_ADDRESS', 'https://media.example'],
    ['TURN_URL', 'turn.example'],
    ['TURN_URL', 'turn:a.example, turn:b.example'],
  ] as const)('%s=%s is refused by name', ([name, value]) => {
    expect(() => readConfig({ TURN_SECRET: 'north', [name]: value })).toThrow(`${name}=${value}: `);
  });

  test('a TURN server without its secret is refused: nobody could use it', () => {
    expect(() => readConfig({ TURN_URL: 'turn:turn.example' })).toThrow(/TURN_SECRET=: must be set with TURN_URL/);
  });
});

describe('SECRET_KEY', () => {
  const key = Buffer.alloc(32, 7).toString('base64');

  test('[M8] is 32 bytes of base64, or several with the newest first', () => {
    expect(readConfig({}).secretKeys).toEqual([]);
    expect(readConfig({ SECRET_KEY: key }).secretKeys).toEqual([Buffer.alloc(32, 7)]);
    const other = Buffer.alloc(32, 8).toString('base64');
    expect(readConfig({ SECRET_KEY: `${other}, ${key}` }).secretKeys).toEqual([
      Buffer.alloc(32, 8),
      Buffer.alloc(32, 7),
    ]);
  });

  test.each(['short', Buffer.alloc(31).toString('base64'), `${key},c2hvcnQ=`])(
    '[M8] %j is refused with how to make one, and not repeated',
    (wrong) => {
      const read = () => readConfig({ SECRET_KEY: wrong });
      expect(read).toThrow('SECRET_KEY=…: each key must be 32 bytes in base64; "openssl rand -base64 32" makes one');
      expect(read).not.toThrow(wrong);
    },
  );
});
