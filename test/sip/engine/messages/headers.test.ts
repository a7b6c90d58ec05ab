import { describe, expect, it } from 'vitest';
import { SipHeaders } from '../../../../sip/engine/messages/headers.ts';
import { parseVia } from '../../../../sip/engine/messages/via.ts';

const headers = (...fields: [string, string][]) => {
  const made = new SipHeaders();
  for (const [name, value] of fields) made.add(name, value);
  return made;
};
const lines = (made: SipHeaders) => [...made.entries()].map(([name, value]) => `${name}: ${value}`);

describe('[RFC 3261 7.3] header fields', () => {
  it.each([
    ['v', 'Via'],
    ['F', 'from'],
    ['t', 'TO'],
    ['i', 'call-id'],
    ['m', 'Contact'],
    ['l', 'Content-Length'],
    ['c', 'content-type'],
    ['k', 'Supported'],
    ['x', 'Session-Expires'],
    ['o', 'Event'],
    ['r', 'Refer-To'],
    ['u', 'Allow-Events'],
    ['s', 'Subject'],
    ['e', 'Content-Encoding'],
    ['b', 'Referred-By'],
  ])('7.3.3: %s is %s', (compact, full) => {
    expect(headers([compact, 'x']).get(full)).toBe('x');
    expect(headers([full, 'x']).has(compact)).toBe(true);
  });

  it.each(['constructor', '__proto__', 'hasOwnProperty', 'toString', '__defineGetter__'])(
    'a header named %s is like any other',
    (name) => {
      const made = new SipHeaders();
      expect(made.get(name)).toBeUndefined();
      expect(made.has(name)).toBe(false);
      expect(made.set(name, 'alice').get(name)).toBe('alice');
      expect(made.remove(name).size).toBe(0);
    },
  );

  it('keeps order and spelling', () => {
    const made = headers(['vIa', 'SIP/2.0/UDP a'], ['X-Tv', 'living room'], ['v', 'SIP/2.0/UDP b']);
    expect(lines(made)).toEqual(['vIa: SIP/2.0/UDP a', 'X-Tv: living room', 'v: SIP/2.0/UDP b']);
  });

  it('7.3.1: a comma separates values where the grammar is a list', () => {
    const made = headers(
      ['Via', 'SIP/2.0/UDP a;branch=1 , SIP/2.0/UDP b'],
      ['Via', 'SIP/2.0/UDP c'],
      ['Contact', '"Bell, Alexander \\",\\"" <sip:a,b@example.com>;q=1, <sip:c@example.com>'],
      ['Allow', 'INVITE,ACK ,\tBYE'],
      ['Supported', ''],
    );
    expect(made.all('Via')).toEqual(['SIP/2.0/UDP a;branch=1', 'SIP/2.0/UDP b', 'SIP/2.0/UDP c']);
    expect(made.get('Via')).toBe('SIP/2.0/UDP a;branch=1');
    expect(made.all('m')).toEqual(['"Bell, Alexander \\",\\"" <sip:a,b@example.com>;q=1', '<sip:c@example.com>']);
    expect(made.all('Allow')).toEqual(['INVITE', 'ACK', 'BYE']);
    expect(made.all('Supported')).toEqual([]);
  });

  it.each([
    ['Date', 'Sat, 13 Nov 2010 23:29:00 GMT'],
    ['Authorization', 'Digest username="bob", realm="example.com"'],
    ['Subject', 'sound, but no picture'],
    ['X-Tv', 'living room, kitchen'],
  ])('7.3.1: no comma separates anything in %s', (name, value) => {
    expect(headers([name, value]).all(name)).toEqual([value]);
  });

  it('what is never closed is one value', () => {
    expect(headers(['Contact', '<sip:a@b, <sip:c@d']).all('Contact')).toEqual(['<sip:a@b, <sip:c@d']);
    expect(headers(['Contact', 'x, "a, b']).all('Contact')).toEqual(['x', '"a, b']);
  });

  it('set takes the place of the first; of none, the end', () => {
    const made = headers(['To', 'bob'], ['Route', '<sip:a>'], ['From', 'alice'], ['Route', '<sip:b>']);
    made.set('route', ['<sip:c>', '<sip:d>']).set('Call-ID', '1');
    expect(lines(made)).toEqual(['To: bob', 'route: <sip:c>', 'route: <sip:d>', 'From: alice', 'Call-ID: 1']);
    expect(made.set('Route', []).has('Route')).toBe(false);
  });

  it('prepend stands before its like, or before all', () => {
    const made = headers(['To', 'bob'], ['Via', 'b']).prepend('Via', 'a').prepend('Route', '<sip:a>');
    expect(lines(made)).toEqual(['Route: <sip:a>', 'To: bob', 'Via: a', 'Via: b']);
  });

  it('removeFirst takes the topmost value, from a list its first element', () => {
    const made = headers(['Via', 'a, b'], ['Via', 'c']);
    expect([made.removeFirst('v'), lines(made)]).toEqual(['a', ['Via: b', 'Via: c']]);
    expect([made.removeFirst('v'), made.removeFirst('v'), made.removeFirst('v')]).toEqual(['b', 'c', undefined]);
    expect(made.size).toBe(0);
  });

  it('a clone goes its own way', () => {
    const made = headers(['Via', 'a, b']);
    const copy = made.clone();
    copy.removeFirst('Via');
    copy.add('To', 'bob');
    expect(lines(made)).toEqual(['Via: a, b']);
    expect(lines(copy)).toEqual(['Via: b', 'To: bob']);
  });

  it('first and every parse once', () => {
    const made = headers(['Via', 'SIP/2.0/UDP a, SIP/2.0/TCP b']);
    let calls = 0;
    const counting = (value: string) => {
      calls++;
      return parseVia(value);
    };
    expect(made.first('Via', counting)?.host).toBe('a');
    expect(
      made
        .clone()
        .every('v', counting)
        .map(({ host }) => host),
    ).toEqual(['a', 'b']);
    expect(calls).toBe(2);
    expect(made.first('Route', counting)).toBeUndefined();
  });

  it.each([
    ['X-Tv', 'living\r\nroom'],
    ['X-Tv', 'living\nroom'],
    ['X\r\nTv', 'living room'],
    ['X:Tv', 'living room'],
    ['', 'living room'],
  ])('nobody writes a header of their own into %j', (name, value) => {
    expect(() => new SipHeaders().add(name, value)).toThrow(TypeError);
    expect(() => new SipHeaders().set(name, value)).toThrow(TypeError);
    expect(() => new SipHeaders().prepend(name, value)).toThrow(TypeError);
  });
});
