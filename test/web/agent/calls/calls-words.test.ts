import { describe, expect, it } from 'vitest';
import type { CallsState } from '../../../../src/protocol/calls.ts';
import {
  isInside,
  listed,
  pathInWords,
  percent,
  portsInWords,
  verdictOf,
  workerInWords,
  type Trying,
} from '../../../../web/agent/calls/calls-words.ts';

/** Section 4 of the screens. */
const BANNED = /oops|invalid|failed to|\buser\b|simply|\bjust\b|\bshould\b|!|connectivity|resolved/i;

const calls: CallsState = {
  missing: null,
  workersWanted: 2,
  workers: [
    { slot: 0, ports: [9500], cpu: 0.034, memory: 13_700_000, rooms: 1 },
    { slot: 1, ports: [9501], cpu: null, memory: null, rooms: 0 },
  ],
  addresses: ['203.0.113.9'],
  turnUrls: [],
  rooms: 0,
  browsers: 0,
  telephones: 0,
};
const udp = { protocol: 'udp', relay: null, address: '203.0.113.9', port: 9500 } as const;
const nothing = { connection: 'nothing', from: null, endsAt: 0 } as const;

const verdict = (more: Partial<Trying>) =>
  verdictOf({
    calls,
    connection: 'connected',
    ms: 5_000,
    path: udp,
    service: null,
    sends: true,
    comesBack: true,
    pageHost: 'help.example',
    ...more,
  });
const stuck = (more: Partial<Trying> = {}) => {
  const said = verdict({
    connection: 'connecting',
    ms: 8_000,
    path: null,
    comesBack: false,
    service: nothing,
    ...more,
  });
  return said === null ? '' : [said.tone, said.what, ...said.todo].join(' ');
};

describe('the calls page', () => {
  it('tells ports and workers, and leaves out what was not measured', () => {
    expect(portsInWords(calls)).toBe('UDP and TCP ports 9500 and 9501');
    expect(portsInWords({ workers: calls.workers.slice(0, 1) })).toBe('UDP and TCP port 9500');
    expect(portsInWords({ workers: [] })).toBe('No port is open.');
    expect(calls.workers.map(workerInWords)).toEqual([
      'port 9500 · 3 % of a core · 14 MB · 1 room',
      'port 9501 · 0 rooms',
    ]);
    expect(['a', 'ab', 'abc'].map((all) => listed([...all]))).toEqual(['a', 'a and b', 'a, b and c']);
    expect([0, 0.001, 0.034, 1].map(percent)).toEqual(['0 %', 'under 1 %', '3 %', '100 %']);
  });

  it('tells the way that packets take', () => {
    expect(pathInWords(udp)).toBe('UDP, straight to 203.0.113.9, port 9500');
    expect(pathInWords({ ...udp, protocol: 'tcp', address: null })).toBe('TCP, straight to the service');
    expect(pathInWords({ ...udp, relay: 'tls' })).toBe(
      'By the TURN server (reached by TLS), then UDP to 203.0.113.9, port 9500',
    );
  });
});

describe('what a try has shown', () => {
  it('[B8] it works: by UDP, by TCP with a warning, by TURN with a hint', () => {
    expect(verdict({})).toEqual({
      tone: 'ok',
      what: 'Sound and picture go to the service and come back, by UDP.',
      todo: [],
    });
    expect(verdict({ path: { ...udp, protocol: 'tcp' } })).toMatchObject({
      tone: 'warn',
      what: 'Sound and picture go to the service and come back, by TCP alone.',
      todo: ['Pictures stop more often by TCP: open UDP ports 9500 and 9501 to 203.0.113.9.'],
    });
    expect(verdict({ path: { ...udp, relay: 'udp' } })).toMatchObject({ tone: 'info' });
    expect(verdict({ sends: false, comesBack: false })).toMatchObject({
      what: 'The way to the service is open, by UDP.',
    });
  });

  it('says nothing before there is something to say', () => {
    expect(verdict({ path: null })).toBeNull();
    expect(verdict({ comesBack: false })).toBeNull();
    expect(verdict({ comesBack: false, ms: 8_000 })).toMatchObject({ tone: 'warn' });
    expect(verdict({ connection: 'joining', ms: 7_999 })).toBeNull();
  });

  it('[B8] nothing came through: which ports to open, to which addresses, and what helps where that cannot be', () => {
    expect(stuck()).toBe(
      'bad Nothing of this browser’s sound and picture reached the service. ' +
        'Open UDP and TCP ports 9500 and 9501 to 203.0.113.9 in the firewall. ' +
        'Where no port can be opened, a TURN server helps: TURN_URL and TURN_SECRET.',
    );
    expect(stuck({ calls: { ...calls, turnUrls: ['turn:turn.example:3478'] } })).toMatch(
      /look whether turn:turn\.example:3478 is reached from here\.$/,
    );
  });

  it('[B8] the service tells an address of its own network to a page from outside: the setting comes first', () => {
    const inside = { ...calls, addresses: ['10.0.0.5', 'fd00::2'] };
    expect(stuck({ calls: inside })).toMatch(
      /to 10\.0\.0\.5 and fd00::2, which only its own network knows\. Set MEDIA_ANNOUNCED_ADDRESS/,
    );
    expect(stuck({ calls: inside, pageHost: '10.0.0.5' })).not.toContain('MEDIA_ANNOUNCED_ADDRESS');
    expect(stuck({ calls: inside, pageHost: 'localhost' })).not.toContain('MEDIA_ANNOUNCED_ADDRESS');
  });

  it('[B8] packets came and encryption did not; a connection broke; the workers are gone', () => {
    expect(stuck({ service: { ...nothing, connection: 'reached' } })).toContain('encryption was not agreed on');
    expect(stuck({ calls: { ...calls, missing: 'There is no sound and no picture.' } })).toBe(
      'bad There is no sound and no picture.',
    );
    expect(verdict({ connection: 'reconnecting' })).toMatchObject({ tone: 'warn' });
    expect(verdict({ connection: 'impossible' })).toMatchObject({ tone: 'bad' });
  });

  it('has none of the words that the screens do without', () => {
    const all = [
      ...(['nothing', 'reached', 'lost'] as const).map((connection) => stuck({ service: { ...nothing, connection } })),
      ...[{}, { sends: false }, { path: { ...udp, protocol: 'tcp' as const } }, { path: { ...udp, relay: 'udp' } }].map(
        (more) => JSON.stringify(verdict(more)),
      ),
      JSON.stringify(verdict({ connection: 'impossible' })),
      JSON.stringify(verdict({ connection: 'reconnecting' })),
      JSON.stringify(verdict({ comesBack: false, ms: 9_000 })),
    ];
    for (const words of all) expect(words).not.toMatch(BANNED);
  });
});

it.each([
  ['10.1.2.3', true],
  ['172.16.0.1', true],
  ['172.32.0.1', false],
  ['192.168.1.4', true],
  ['100.64.0.1', true],
  ['100.128.0.1', false],
  ['[::1]', true],
  ['fd12:3456::1', true],
  ['2001:db8::1', false],
  ['203.0.113.9', false],
  ['localhost', true],
  ['couchline.lan', true],
  ['couchline', true],
  ['help.example', false],
])('%s is inside: %s', (host, inside) => {
  expect(isInside(host)).toBe(inside);
});
