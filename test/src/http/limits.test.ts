import type { Request } from 'express';
import { describe, expect, it } from 'vitest';
import { addressKey } from '../../../src/http/limits.ts';

describe('whom a limit counts', () => {
  const key = (ip: string | undefined) => addressKey({ ip } as Request);

  it('an IPv4 address is one, also where it comes as IPv6', () => {
    expect(key('192.0.2.7')).toBe('192.0.2.7');
    expect(key('::ffff:192.0.2.7')).toBe('192.0.2.7');
  });

  it('an IPv6 network of one home is one', () => {
    expect(key('2001:db8:1:2:aaaa:bbbb:cccc:dddd')).toBe('2001:db8:1:2');
    expect(key('2001:db8:1:2::1')).toBe('2001:db8:1:2');
    expect(key('2001:db8::1')).toBe('2001:db8:0:0');
    expect(key('2001:db8:1:3::1')).not.toBe(key('2001:db8:1:2::1'));
    expect(key('::1')).toBe('0:0:0:0');
  });

  it('a client that is gone already is still counted', () => {
    expect(key(undefined)).toBe('');
  });
});
