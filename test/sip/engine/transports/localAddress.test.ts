import { describe, expect, it, vi } from 'vitest';
import { LocalAddresses } from '../../../../sip/engine/transports/localAddress.ts';

// A machine in two networks of IPv4 and one of IPv6.
vi.mock('node:os', () => ({
  networkInterfaces: () => ({
    lo: [
      { address: '127.0.0.1', cidr: '127.0.0.1/8' },
      { address: '::1', cidr: '::1/128', scopeid: 0 },
    ],
    eth0: [
      { address: '10.0.0.5', cidr: '10.0.0.5/24' },
      { address: 'fe80::5', cidr: 'fe80::5/64', scopeid: 2 },
      { address: 'fd00::5', cidr: 'fd00::5/64', scopeid: 0 },
    ],
    eth1: [{ address: '192.168.1.5', cidr: '192.168.1.5/24' }],
    tunnel: undefined,
  }),
}));

const at = (address: string) => ({ address, port: 5060 });

describe('without address translation a peer is told', () => {
  const addresses = new LocalAddresses({});

  it.each([
    ['10.0.0.5', '203.0.113.99', '10.0.0.5'],
    ['fd00::5', '2001:db8::99', '[fd00::5]'],
  ])('%s, where we listen there', (local, remote, told) => {
    expect(addresses.advertise(at(local), remote)).toBe(told);
    expect(addresses.external(local)).toBe(told);
  });

  it.each([
    ['0.0.0.0', '192.168.1.77', '192.168.1.5', 'the address in its own network'],
    ['0.0.0.0', '203.0.113.99', '10.0.0.5', 'the first that leads outside'],
    ['0.0.0.0', '127.0.0.1', '127.0.0.1', 'loopback'],
    ['::', '2001:db8::99', '[fd00::5]', 'the first that leads outside'],
    ['::', '::1', '[::1]', 'loopback'],
    ['::', '192.168.1.77', '192.168.1.5', 'one of its own kind'],
  ])('listening on %s, at %s: %s, %s', (local, remote, told) => {
    expect(addresses.advertise(at(local), remote)).toBe(told);
  });
});

describe.each([
  {
    kind: 'IPv4',
    external: '203.0.113.7',
    written: '203.0.113.7',
    networks: ['10.0.0.0/8', '192.168.1.0/24'],
    local: '10.0.0.5',
    told: '10.0.0.5',
    inside: ['10.200.0.1', '192.168.1.77', '127.0.0.1'],
    outside: ['203.0.113.99', '11.0.0.1', '192.168.2.1'],
    other: { local: 'fd00::5', remote: '2001:db8::99', told: '[fd00::5]' },
  },
  {
    kind: 'IPv6',
    external: '2001:db8::7',
    written: '[2001:db8::7]',
    networks: ['fd00::/8'],
    local: 'fd00::5',
    told: '[fd00::5]',
    inside: ['fd00::77', 'fdff::1', '::1'],
    outside: ['2001:db8::99', 'fc00::1'],
    other: { local: '10.0.0.5', remote: '203.0.113.99', told: '10.0.0.5' },
  },
])('with an external address of $kind', ({ external, written, networks, local, told, inside, outside, other }) => {
  const addresses = new LocalAddresses({ externalAddress: external, localNetworks: networks });

  it('peers outside of the local networks are told that one', () => {
    for (const remote of outside) expect(addresses.advertise(at(local), remote)).toBe(written);
    expect(addresses.external(local)).toBe(written);
  });

  it('those inside, and loopback, our own', () => {
    for (const remote of inside) expect(addresses.advertise(at(local), remote)).toBe(told);
    expect(addresses.external('127.0.0.1')).toBe('127.0.0.1');
    expect(addresses.external('::1')).toBe('[::1]');
  });

  it('those of the other kind our own, which they can reach', () => {
    expect(addresses.advertise(at(other.local), other.remote)).toBe(other.told);
    expect(addresses.advertise(at('::'), other.remote)).toBe(other.told);
    expect(addresses.external(other.local)).toBe(other.told);
  });

  it('listening everywhere, both kinds of peers are told theirs', () => {
    expect(addresses.advertise(at('::'), outside[0] ?? '')).toBe(written);
    expect(addresses.advertise(at('::'), inside[0] ?? '')).toBe(told);
    expect(addresses.external('::')).toBe(written);
  });

  it('it is one of ours, as those of the machine are', () => {
    for (const host of [written, told, 'localhost', '127.0.0.1', '[::1]']) expect(addresses.isOurs(host)).toBe(true);
    for (const host of ['203.0.113.8', '[2001:db8::8]', 'example.com']) expect(addresses.isOurs(host)).toBe(false);
  });
});

it('an external name is told to all', () => {
  const addresses = new LocalAddresses({ externalAddress: 'sip.example.com', localNetworks: ['10.0.0.0/8'] });
  expect(addresses.advertise(at('0.0.0.0'), '203.0.113.99')).toBe('sip.example.com');
  expect(addresses.advertise(at('::'), '2001:db8::99')).toBe('sip.example.com');
  expect(addresses.advertise(at('0.0.0.0'), '10.9.9.9')).toBe('10.0.0.5');
});

it.each(['10.0.0.0', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0/8', 'fd00::/129', '/8', 'home/8', ''])(
  'the local network "%s" is refused, with how to write it',
  (network) => {
    expect(() => new LocalAddresses({ localNetworks: [network] })).toThrow(`"${network}"`);
    expect(() => new LocalAddresses({ localNetworks: [network] })).toThrow('10.0.0.0/8');
  },
);
