import { describe, expect, it } from 'vitest';
import { parseUri, type SipUri } from '../../../../sip/engine/messages/uri.ts';
import { resolveTarget, type Dns } from '../../../../sip/engine/transports/target.ts';

const nothing: Dns = {
  naptr: () => Promise.reject(new Error('ENODATA')),
  srv: () => Promise.reject(new Error('ENODATA')),
  lookup: () => Promise.reject(new Error('ENOTFOUND')),
};
const targets = async (uri: string, dns: Partial<Dns> = {}) =>
  (await resolveTarget(parseUri(uri) as SipUri, { ...nothing, ...dns })).map(
    ({ protocol, address, port }) => `${protocol} ${address} ${port}`,
  );

describe('numeric hosts are answered at once', () => {
  it.each([
    ['sip:bob@192.0.2.4', 'udp 192.0.2.4 5060'],
    ['sip:bob@192.0.2.4:5070;transport=tcp', 'tcp 192.0.2.4 5070'],
    ['sips:bob@192.0.2.4', 'tls 192.0.2.4 5061'],
    ['sip:bob@192.0.2.4;transport=tls', 'tls 192.0.2.4 5061'],
    ['sip:bob@[2001:db8::1]:5090', 'udp 2001:db8::1 5090'],
    ['sip:bob@example.com;maddr=192.0.2.7', 'udp 192.0.2.7 5060'],
    ['sip:bob@localhost:5090', 'udp 127.0.0.1 5090'],
    ['sip:bob@192.0.2.4;transport=ws', 'ws 192.0.2.4 80'],
  ])('[RFC 3263 4.1, 4.2] %s is %s', (uri, target) => {
    const found = resolveTarget(parseUri(uri) as SipUri, nothing);
    expect(found).not.toBeInstanceOf(Promise);
    expect(found).toMatchObject([{}]);
    expect(
      (found as { protocol: string; address: string; port: number }[]).map(
        (each) => `${each.protocol} ${each.address} ${each.port}`,
      ),
    ).toEqual([target]);
  });

  it('transports that are not ours lead nowhere', async () => {
    expect(await targets('sip:bob@192.0.2.4;transport=sctp')).toEqual([]);
    expect(await targets('sips:bob@192.0.2.4;transport=udp')).toEqual([]);
  });
});

describe('names', () => {
  it('[RFC 3263 4.1] NAPTR tells transports in order, SRV hosts and ports by priority', async () => {
    expect(
      await targets('sip:bob@example.com', {
        naptr: () =>
          Promise.resolve([
            { service: 'SIP+D2U', replacement: '_sip._udp.example.com', order: 90, preference: 50 },
            { service: 'SIP+D2T', replacement: '_sip._tcp.example.com', order: 50, preference: 50 },
            { service: 'E2U+email', replacement: 'other', order: 1, preference: 1 },
          ]),
        srv: (name) =>
          Promise.resolve(
            name === '_sip._tcp.example.com'
              ? [
                  { name: 'b.example.com', port: 5070, priority: 2, weight: 0 },
                  { name: 'a.example.com', port: 5060, priority: 1, weight: 0 },
                ]
              : [],
          ),
        lookup: (name) => Promise.resolve([name === 'a.example.com' ? '192.0.2.1' : '192.0.2.2']),
      }),
    ).toEqual(['tcp 192.0.2.1 5060', 'tcp 192.0.2.2 5070']);
  });

  it('[RFC 3263 4.2] without SRV the address itself, at the default port', async () => {
    const lookup = () => Promise.resolve(['192.0.2.1', '2001:db8::1']);
    expect(await targets('sip:bob@example.com', { lookup })).toEqual(['udp 192.0.2.1 5060', 'udp 2001:db8::1 5060']);
  });

  it('[RFC 3263 4.2] with a port only the address is asked for', async () => {
    const asked: string[] = [];
    const lookup = (name: string) => {
      asked.push(name);
      return Promise.resolve(['192.0.2.1']);
    };
    const never = (name: string) => {
      asked.push(name);
      return Promise.resolve([]);
    };
    expect(await targets('sip:bob@example.com:5090', { lookup, srv: never, naptr: never })).toEqual([
      'udp 192.0.2.1 5090',
    ]);
    expect(asked).toEqual(['example.com']);
  });

  it('[RFC 2782] chance goes by weight within a priority', async () => {
    let heavy = 0;
    for (let round = 0; round < 200; round++) {
      const [first] = await targets('sip:bob@example.com;transport=tcp', {
        srv: () =>
          Promise.resolve([
            { name: 'light', port: 1, priority: 1, weight: 10 },
            { name: 'heavy', port: 2, priority: 1, weight: 90 },
          ]),
        lookup: () => Promise.resolve(['192.0.2.1']),
      });
      if (first === 'tcp 192.0.2.1 2') heavy++;
    }
    expect(heavy).toBeGreaterThan(140);
    expect(heavy).toBeLessThan(200);
  });

  it('[RFC 3263 4.2] servers at port 0 are none, wherever it is said', async () => {
    const lookup = () => Promise.resolve(['192.0.2.1']);
    const at = (...ports: number[]) => ({
      lookup,
      srv: () => Promise.resolve(ports.map((port) => ({ name: 'a', port, priority: 1, weight: 0 }))),
    });
    expect(await targets('sip:bob@192.0.2.4:0')).toEqual([]);
    expect(await targets('sip:bob@example.com:0', { lookup })).toEqual([]);
    expect(await targets('sip:bob@example.com;transport=tcp', at(0, 5070))).toEqual(['tcp 192.0.2.1 5070']);
  });

  it('a name that is none leads nowhere', async () => {
    expect(await targets('sip:bob@nowhere.invalid')).toEqual([]);
  });
});
