import { describe, expect, it } from 'vitest';
import { lanAddress } from '../../src/lanAddress.ts';

const v4 = (address: string, internal = false) => ({ address, family: 'IPv4' as const, internal });
const home = {
  lo: [v4('127.0.0.1', true)],
  docker0: [v4('172.17.0.1')],
  eth0: [{ address: 'fe80::1', family: 'IPv6' as const, internal: false }, v4('192.168.1.20')],
};

describe('[M1] the address that a TV shows for pairing, while none is set', () => {
  it('is the machine’s own in its network, for no phone reaches its localhost', () => {
    expect(lanAddress('0.0.0.0', home)).toBe('192.168.1.20');
    expect(lanAddress('::', home)).toBe('192.168.1.20');
  });

  it('is what the service listens on, where that is one address', () => {
    expect(lanAddress('10.0.0.7', home)).toBe('10.0.0.7');
    for (const host of ['127.0.0.1', '::1', 'localhost']) expect(lanAddress(host, home)).toBe('localhost');
  });

  it('is localhost on a machine without a network', () => {
    const alone = { lo: home.lo, docker0: home.docker0, eth0: [v4('169.254.3.4')] };
    expect(lanAddress('0.0.0.0', alone)).toBe('localhost');
  });
});
