import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../../src/http/addresses.ts';
import { refuseUrl } from '../../../src/http/webhookClient.ts';

describe('addresses that a webhook may go to', () => {
  it.each(['93.184.216.34', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
    '[M8] %s lies in the open',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    '127.0.0.1',
    '127.255.255.255',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:169.254.169.254',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::1',
    '2001:db8::1',
    'localhost',
    '',
  ])('[M8] %s does not', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('a webhook’s address', () => {
  it.each([
    'http://hooks.example/',
    'https://127.0.0.1/',
    'https://localhost/',
    'https://localhost:8443/',
    'https://api.localhost/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://user:secret@hooks.example/',
    'ftp://hooks.example/',
    'file:///etc/passwd',
  ])('[M8] %s is refused', (url) => expect(refuseUrl(new URL(url), false)).toMatch(/\.$/));

  it('[M8] https to a name is taken; where it leads is looked at when it is resolved', () => {
    expect(refuseUrl(new URL('https://hooks.example/couchline?centre=1'), false)).toBeNull();
  });

  it('[M8] ALLOW_PRIVATE_WEBHOOKS takes private addresses, and http to loopback only', () => {
    expect(refuseUrl(new URL('https://10.0.0.7/hooks'), true)).toBeNull();
    expect(refuseUrl(new URL('http://127.0.0.1:9000/'), true)).toBeNull();
    expect(refuseUrl(new URL('http://10.0.0.7/hooks'), true)).not.toBeNull();
  });
});
