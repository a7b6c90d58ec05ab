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

describe('settings of SIP', () => {
  test('without any there is none', () => {
    expect(readConfig({}).sip).toBeNull();
    expect(readConfig({ SIP_PORT: '', SIP_LOCAL_NETWORKS: '10.0.0.0/8' }).sip).toBeNull();
  });

  test('a port switches the embedded server on, at HOST', () => {
    const nat = { SIP_EXTERNAL_ADDRESS: '192.0.2.4', SIP_LOCAL_NETWORKS: '10.0.0.0/8, fd00::/8' };
    expect(readConfig({ SIP_PORT: '5060', HOST: '10.0.0.7', ...nat }).sip).toEqual({
      engine: {
        address: '10.0.0.7',
        port: 5060,
        externalAddress: '192.0.2.4',
        localNetworks: ['10.0.0.0/8', 'fd00::/8'],
      },
    });
  });

  test('a drachtio-server is used instead, whatever the port says', () => {
    const daemon = { DRACHTIO_HOST: 'sip.example', DRACHTIO_SECRET: 'north' };
    const sip = { daemon: { host: 'sip.example', port: 9_022, secret: 'north' } };
    expect(readConfig(daemon).sip).toEqual(sip);
    expect(readConfig({ ...daemon, SIP_PORT: '5060' }).sip).toEqual(sip);
  });

  test.for([
    ['SIP_PORT', '65536'],
    ['SIP_EXTERNAL_ADDRESS', 'sip.example'],
    ['SIP_LOCAL_NETWORKS', '10.0.0.0'],
    ['SIP_LOCAL_NETWORKS', '10.0.0.0/33'],
    ['SIP_LOCAL_NETWORKS', '10.0.0.0/8,lan/8'],
    ['DRACHTIO_PORT', '0'],
  ] as const)('%s=%s is refused by name', ([name, value]) => {
    expect(() => readConfig({ [name]: value })).toThrow(`${name}=${value}: `);
  });

  test('a drachtio-server without its secret is refused, and the secret is never repeated', () => {
    expect(() => readConfig({ DRACHTIO_HOST: 'sip.example' })).toThrow(/DRACHTIO_SECRET=: must be set with/);
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

describe('what is not understood', () => {
  test.for([
    ['PORT', 'abc', 'must be a whole number from 0 to 65535'],
    ['PORT', '80.5', 'must be a whole number from 0 to 65535'],
    ['PORT', '-0.5', 'must be a whole number from 0 to 65535'],
    ['MAX_CONNECTIONS', 'many', 'must be a whole number of 0 or more'],
    ['CONNECT_RATE_PER_ADDRESS', '-1', 'must be a number of 0 or more'],
    ['OFFER_SECONDS', 'soon', 'must be seconds, from 0.05 to 86400'],
    ['HANDSHAKE_SECONDS', '121', 'must be seconds, from 0.05 to 120'],
    ['LOG_LEVEL', 'loud', 'must be trace, debug, info, warn, error, fatal or silent'],
    ['DEMO', 'yes', 'must be on or off'],
    ['TRUST_PROXY', 'true', 'must be on or off'],
    ['PUBLIC_URL', 'help.example', 'must be an address such as https://help.example'],
  ] as const)('%s=%s is told once, with what it takes', ([name, value, takes]) => {
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`again\\.\\n  ${name}=${value}: ${takes}$`));
  });

  test('a token that is too short is told with what it takes, and not repeated', () => {
    expect(() => readConfig({ METRICS_TOKEN: 'short' })).toThrow('METRICS_TOKEN=…: must have 16 characters or more');
  });
});
