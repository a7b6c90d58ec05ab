import { describe, expect, it } from 'vitest';
import { parseHostPort } from '../../../../sip/engine/messages/host.ts';
import { escapeParam, escapeUser, parseUri, serializeUri, unescapePart } from '../../../../sip/engine/messages/uri.ts';
import { addressOfRecord, equalUris } from '../../../../sip/engine/messages/uriCompare.ts';

const LOCAL = 'phone-context=example.com';

describe('[RFC 3261 19.1] SIP and SIPS URIs', () => {
  it.each([
    ['sip:alice@atlanta.example.com', { user: 'alice', host: 'atlanta.example.com', port: null }],
    ['sip:alice:secretword@atlanta.example.com;transport=tcp', { user: 'alice', password: 'secretword' }],
    ['sips:alice@atlanta.example.com?subject=project%20x&priority=urgent', { scheme: 'sips' }],
    ['sip:+1-212-555-1212:1234@gateway.example.com;user=phone', { user: '+1-212-555-1212', password: '1234' }],
    ['sip:atlanta.example.com;method=REGISTER?to=alice%40atlanta.example.com', { user: null }],
    ['sip:alice;day=tuesday@atlanta.example.com', { user: 'alice;day=tuesday' }],
    ['sip:192.0.2.4:65535', { host: '192.0.2.4', port: 65_535 }],
    ['sip:[2001:db8::10]:5070', { host: '[2001:db8::10]', port: 5070 }],
    ['sip:[::ffff:192.0.2.10]', { host: '[::ffff:192.0.2.10]' }],
    ['sip:a@1host.example.', { host: '1host.example.' }],
    ['sip:a/b?c@h', { user: 'a/b?c' }],
    ['sip:a@h;lr;x=[1]:/&+$', {}],
    ['sip:a@h?h=', {}],
  ])('%s is read, and written the same', (text, parts) => {
    const uri = parseUri(text);
    expect(uri).toMatchObject(parts);
    expect(serializeUri(uri)).toBe(text);
  });

  it('scheme and host are written in lower case, the user is not', () => {
    expect(serializeUri(parseUri('SIP:Alice@AtLanTa.ExAmple;Transport=TCP'))).toBe(
      'sip:Alice@atlanta.example;transport=TCP',
    );
  });

  it('escapes are written as few as can be, with capitals', () => {
    expect(serializeUri(parseUri('sip:%61%6c%3bice%2f@h;%6C%72=%5a%25?%61=%40'))).toBe(
      'sip:al%3Bice%2F@h;lr=Z%25?a=%40',
    );
  });

  it.each([
    ['sip:', 'no host'],
    ['sip:@h', 'no user'],
    ['sip:a@', 'no host'],
    ['sip:a@@h', 'two @'],
    ['sip:a b@h', 'a space'],
    ['sip:ä@h', 'no ASCII'],
    ['sip:a%@h', 'an escape cut short'],
    ['sip:a%4@h', 'an escape cut short'],
    ['sip:a%zz@h', 'no hexadecimal'],
    ['sip:a"b@h', 'a quote'],
    ['sip:<a@h>', 'brackets'],
    ['sip:a:b:c@h', 'a colon in the password'],
    ['sip:a@h:', 'no port'],
    ['sip:a@h:65536', 'no port'],
    ['sip:a@h:-1', 'no port'],
    ['sip:a@h:5060x', 'no port'],
    ['sip:a@-h', 'a hyphen first'],
    ['sip:a@h-', 'a hyphen last'],
    ['sip:a@h..i', 'an empty label'],
    ['sip:a@.h', 'an empty label'],
    ['sip:a@h_i', 'an underscore'],
    ['sip:a@192.0.2', 'no address'],
    ['sip:a@192.0.2.256', 'no address'],
    ['sip:a@1.2.3.4.5', 'no address'],
    ['sip:a@h;', 'an empty parameter'],
    ['sip:a@h;;lr', 'an empty parameter'],
    ['sip:a@h;=x', 'a parameter without a name'],
    ['sip:a@h;lr=', 'a parameter without its value'],
    ['sip:a@h;lr;LR', 'a parameter twice'],
    ['sip:a@h;a=b@c', 'an @ in a parameter'],
    ['sip:a@h?', 'no header'],
    ['sip:a@h?a', 'a header without ='],
    ['sip:a@h?=b', 'a header without a name'],
    ['sip:a@h?a=b?c&', 'an empty header'],
    ['', 'nothing'],
    ['alice', 'no scheme'],
    [':alice', 'an empty scheme'],
    ['1x:alice', 'a scheme that begins with a digit'],
    ['isbn:', 'nothing behind the scheme'],
    ['isbn:a b', 'a space'],
    ['isbn:%1', 'an escape cut short'],
  ])('%j is none: %s', (text) => {
    expect(() => parseUri(text)).toThrow(/RFC 3261 19\.1\.1/);
  });

  it.each([
    // RFC 5118 4.1, 4.2, 4.5, 4.10
    ['[2001:db8::10]', '[2001:db8::10]'],
    ['[2001:DB8::10]:5070', '[2001:db8::10]'],
    ['[2001:db8::192.0.2.1]', '[2001:db8::192.0.2.1]'],
    ['2001:db8::10', null],
    ['2001:db8::10:5070', null],
    ['[2001:db8:::192.0.2.1]', null],
    ['[fe80::1%eth0]', null],
    ['[2001:db8::10', null],
    ['[192.0.2.1]', null],
    ['[]', null],
  ])('[RFC 5118] the host of %s is %s', (text, host) => {
    expect(parseHostPort(text)?.host ?? null).toBe(host);
  });

  it('any text becomes a user and a value, and comes back', () => {
    for (const text of ['alice', 'I have spaces', '*67;x@y:z', 'Müller 📺', '100%', '\0']) {
      expect(unescapePart(escapeUser(text))).toBe(text);
      const uri = parseUri(`sip:${escapeUser(text)}@h;x=${escapeParam(text)}`);
      expect(uri.scheme === 'sip' && [uri.user, uri.params.get('x')].map((part) => unescapePart(part!))).toEqual([
        text,
        text,
      ]);
    }
    expect(unescapePart('%FF')).toBe('%FF');
  });
});

describe('[RFC 3966] tel URIs', () => {
  it.each([
    'tel:+1-201-555-0123',
    'tel:+44(20)7946.0958;ext=12',
    `tel:7042;${LOCAL}`,
    `tel:*21%23;${LOCAL}`.replace('%23', '#'),
  ])('%s is read, and written the same', (text) => {
    expect(serializeUri(parseUri(text))).toBe(text);
  });

  it.each([
    'tel:',
    'tel:+',
    'tel:7042',
    'tel:+1a',
    'tel:-;phone-context=+1',
    `tel:x;${LOCAL}`,
    'tel:+1;a=1;a=2',
    'tel:+1;;',
    'tel:+1;a=<',
  ])('%s is none', (text) => {
    expect(() => parseUri(text)).toThrow(/RFC 3966/);
  });
});

describe('[RFC 3261 19.1.4] comparison', () => {
  const compare = (a: string, b: string) => [equalUris(parseUri(a), parseUri(b)), equalUris(parseUri(b), parseUri(a))];

  it.each([
    ['sip:%61lice@atlanta.example;transport=TCP', 'sip:alice@AtLanTa.ExAmple;Transport=tcp'],
    ['sip:carol@chicago.example', 'sip:carol@chicago.example;newparam=5'],
    ['sip:carol@chicago.example', 'sip:carol@chicago.example;security=on'],
    ['sip:carol@chicago.example;newparam=5', 'sip:carol@chicago.example;security=on'],
    [
      'sip:biloxi.example;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.example',
      'sip:biloxi.example;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.example',
    ],
    [
      'sip:alice@atlanta.example?subject=project%20x&priority=urgent',
      'sip:alice@atlanta.example?priority=urgent&subject=project%20x',
    ],
    ['tel:+1-201-555-0123', 'tel:+1.201.5550123'],
    ['isbn:2983792873', 'isbn:2983792873'],
  ])('%s equals %s', (a, b) => {
    expect(compare(a, b)).toEqual([true, true]);
  });

  it.each([
    ['SIP:ALICE@AtLanTa.ExAmple;Transport=udp', 'sip:alice@AtLanTa.ExAmple;Transport=UDP'],
    ['sip:bob@biloxi.example', 'sip:bob@biloxi.example:5060'],
    ['sip:bob@biloxi.example', 'sip:bob@biloxi.example;transport=udp'],
    ['sip:bob@biloxi.example', 'sip:bob@biloxi.example:6000;transport=tcp'],
    ['sip:carol@chicago.example', 'sip:carol@chicago.example?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.example', 'sip:bob@192.0.2.4'],
    ['sip:carol@chicago.example;security=on', 'sip:carol@chicago.example;security=off'],
    ['sip:a@h', 'sips:a@h'],
    ['sip:a@h', 'sip:h'],
    ['sip:a:b@h', 'sip:a@h'],
    ['sip:a@h', 'sip:a@h;user=phone'],
    ['sip:a@h', 'sip:a@h;maddr=192.0.2.1'],
    ['sip:a;b@h', 'sip:a%3Bb@h'],
    ['tel:+12015550123', 'sip:+12015550123@h'],
    ['tel:+12015550123', 'tel:+12015550123;ext=1'],
    ['isbn:1', 'isbn:2'],
  ])('%s does not equal %s', (a, b) => {
    expect(compare(a, b)).toEqual([false, false]);
  });

  it('10.3: an address of record has neither parameters nor needless escapes', () => {
    const uri = parseUri('sip:%61lice@EXAMPLE.com:5070;transport=tcp;x');
    expect(uri.scheme === 'sip' && addressOfRecord(uri)).toBe('sip:alice@example.com:5070');
    const domain = parseUri('sips:example.com;lr');
    expect(domain.scheme === 'sips' && addressOfRecord(domain)).toBe('sips:example.com');
  });
});
