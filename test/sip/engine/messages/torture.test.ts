import { describe, expect, it } from 'vitest';
import { contactExpires, parseContact, parseExpires } from '../../../../sip/engine/messages/contact.ts';
import { parseCSeq } from '../../../../sip/engine/messages/cseq.ts';
import type { SipMessage } from '../../../../sip/engine/messages/message.ts';
import { parseMaxForwards } from '../../../../sip/engine/messages/maxForwards.ts';
import { parseFrom, parseNameAddr, parseRoute, parseTo, tagOf } from '../../../../sip/engine/messages/nameAddr.ts';
import { parseMessage, StreamParser } from '../../../../sip/engine/messages/parse.ts';
import { serializeMessage } from '../../../../sip/engine/messages/serialize.ts';
import { parseUri, unescapePart, type SipUri } from '../../../../sip/engine/messages/uri.ts';
import { parseVia, transactionBranch } from '../../../../sip/engine/messages/via.ts';
import { hasCorpus, torture } from './corpus.ts';
import { TORTURE } from './tortureTable.ts';

function parsed(file: string): SipMessage {
  const result = parseMessage(torture(file));
  if (!result.ok) throw new Error(result.why);
  return result.message;
}

function request(file: string) {
  const message = parsed(file);
  if (message.kind !== 'request') throw new Error('It is a response.');
  return message;
}

const sipUri = (text: string) => parseUri(text) as SipUri;

if (!hasCorpus) it.skip('[RFC 4475] skipped: no corpus');

describe.runIf(hasCorpus)('[RFC 4475] verdicts', () => {
  it('the table has each of the 49 messages once', () => {
    expect(new Set(TORTURE.map(({ file }) => file)).size).toBe(49);
    expect(new Set(TORTURE.map(({ section }) => section)).size).toBe(49);
  });

  it.each(TORTURE)('$section $file: $title → $verdict', ({ file, verdict, why }) => {
    const result = parseMessage(torture(file));
    if (verdict === 'valid') {
      expect(result).toMatchObject({ ok: true });
      return;
    }
    if (result.ok) throw new Error('It was accepted.');
    if (verdict === 'drop') expect(result.request).toBeNull();
    else {
      expect(result.status).toBe(verdict);
      // Enough to answer: what there is of the fields that an answer copies (RFC 3261 8.2.6.2).
      expect(result.request?.headers.has('via')).toBe(true);
    }
    expect(result.why).toMatch(why!);
  });

  it.each(TORTURE.filter(({ verdict }) => verdict === 'valid'))(
    '$section $file is the same written again',
    ({ file }) => {
      const message = parsed(file);
      const again = parseMessage(serializeMessage(message));
      if (!again.ok) throw new Error(again.why);
      const fields = (each: SipMessage) =>
        [...each.headers.entries()].filter(([name]) => !/^(content-length|l)$/i.test(name));
      expect(fields(again.message)).toEqual(fields(message));
      expect(again.message.body.equals(message.body)).toBe(true);
    },
  );
});

describe.runIf(hasCorpus)('[RFC 4475] values', () => {
  it('3.1.1.1 wsinv: folds, white space, leading zeros and compact forms', () => {
    const { headers, uri, body } = request('wsinv');
    expect(uri).toBe('sip:vivekg@chair-dnrc.example.com;unknownparam');
    expect(tagOf(headers.first('To', parseTo)!)).toBe('1918181833n');
    const from = headers.first('From', parseFrom)!;
    expect(from.displayName).toBe('J Rosenberg \\"');
    expect(tagOf(from)).toBe('98asjd8');
    expect(headers.first('Max-Forwards', parseMaxForwards)).toBe(68);
    expect(headers.first('CSeq', parseCSeq)).toEqual({ sequence: 9, method: 'INVITE' });
    expect(headers.get('Subject')).toBe('');
    expect(headers.get('NewFangledHeader')).toBe('newfangled value continued newfangled value');
    expect(headers.get('UnknownHeaderWithUnusualValue')).toBe(';;,,;;,;');
    const vias = headers.every('Via', parseVia);
    expect(vias.map(({ transport, host }) => `${transport} ${host}`)).toEqual([
      'UDP 192.0.2.2',
      'TCP spindle.example.com',
      'UDP 192.168.255.111',
    ]);
    expect(vias.map(({ params }) => params.get('branch'))).toEqual(['390skdjuw', 'z9hG4bK9ikj8', 'z9hG4bK30239']);
    expect(sipUriOf(headers.first('Route', parseRoute)!).params).toEqual(
      new Map([
        ['lr', null],
        ['unknownwith', 'value'],
        ['unknown-no-value', null],
      ]),
    );
    const contact = headers.first('Contact', parseContact)!;
    if (contact === '*') throw new Error('It is a star.');
    expect(contact.displayName).toBe('Quoted string ""');
    expect([...contact.params]).toEqual([
      ['newparam', 'newvalue'],
      ['secondparam', null],
      ['q', '0.33'],
    ]);
    expect(body).toHaveLength(150);
  });

  it('3.1.1.2 intmeth: every character a token, a user and a quoted pair may have', () => {
    const { method, uri, headers } = request('intmeth');
    expect(method).toBe("!interesting-Method0123456789_*+`.%indeed'~");
    const { user, password, host } = sipUri(uri);
    expect(user).toBe("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
    expect(password).toBe("&it+has=1,weird!*pas$wo~d_too.(doesn't-it)");
    expect(host).toBe('example.com');
    expect(headers.first('To', parseTo)!.displayName).toBe('BEL:\x07 NUL:\0 DEL:\x7f');
    const from = headers.first('From', parseFrom)!;
    expect(from.displayName).toBe("token1~` token2'+_ token3*%!.-");
    expect(from.params.get("fromparam''~+*_!.-%")).toBe('"работающий"');
    expect(tagOf(from)).toBe("_token~1'+`*%!-.");
    expect(headers.get("extensionHeader-!.%*+_`'~")).toBe('\ufeff大停電');
  });

  it('3.1.1.3 esc01: escapes are what they stand for, but reserved ones are not', () => {
    const { uri, headers } = request('esc01');
    expect(unescapePart(sipUri(uri).user!)).toBe('sips:user@example.com');
    expect(sipUri(uri).host).toBe('example.net');
    expect(sipUriOf(headers.first('To', parseTo)!).user).toBe('user');
    expect(unescapePart(sipUriOf(headers.first('From', parseFrom)!).user!)).toBe('I have spaces');
    const contact = sipUriOf(headers.first('Contact', parseNameAddr)!);
    expect(contact.user).toBe('caller');
    expect(contact.params.has('lr')).toBe(true);
    expect(unescapePart(contact.params.get('name')!)).toBe('value%41');
  });

  it('3.1.1.4 escnull: two bindings whose users are nulls, one and two', () => {
    const { headers } = request('escnull');
    expect(unescapePart(sipUriOf(headers.first('To', parseTo)!).user!)).toBe('null-\0-null');
    const users = headers.every('Contact', parseNameAddr).map((contact) => unescapePart(sipUriOf(contact).user!));
    expect(users).toEqual(['\0', '\0\0']);
  });

  it('3.1.1.5 esc02: % is a plain character in a method, a name, a header and a branch', () => {
    const { method, headers } = request('esc02');
    expect(method).toBe('RE%47IST%45R');
    expect(headers.first('To', parseTo)!.displayName).toBe('%Z%45');
    expect(headers.all('Contact')).toEqual(['<sip:alias1@host1.example.com>', '<sip:alias3@host3.example.com>']);
    expect(headers.get('C%6Fntact')).toBe('<sip:alias2@host2.example.com>');
    expect(transactionBranch(headers.first('Via', parseVia)!)).toBe('z9hG4bK209%fzsnel234');
  });

  it('3.1.1.6 lwsdisp: the name ends where < begins', () => {
    const from = request('lwsdisp').headers.first('From', parseFrom)!;
    expect(from.displayName).toBe('caller');
    expect(tagOf(from)).toBe('323');
  });

  it('3.1.1.7 longreq: 34 Vias in every spelling, and values as long as they come', () => {
    const { headers, body } = request('longreq');
    const hosts = headers.every('Via', parseVia).map(({ host }) => host);
    expect(hosts).toHaveLength(34);
    expect(hosts[0]).toBe('sip33.example.com');
    expect(hosts.at(-1)).toBe('host.example.com');
    expect(headers.first('From', parseFrom)!.params.get('tag')).toMatch(/^12(982)+424$/);
    expect(sipUriOf(headers.first('To', parseTo)!).port).toBe(6000);
    expect(body).toHaveLength(150);
  });

  it('3.1.1.8 dblreq: the second request of a datagram is dropped, of a stream it is the next', () => {
    const result = parseMessage(torture('dblreq'));
    if (!result.ok) throw new Error(result.why);
    expect(result.message).toMatchObject({ method: 'REGISTER' });
    expect(result.warnings).toEqual([expect.stringContaining('bytes behind the body were dropped')]);
    const events = new StreamParser().feed(torture('dblreq'));
    const methods = events.map((event) =>
      event.type === 'message' ? (event.message as { method: string }).method : event.type,
    );
    // The INVITE's Content-Length is four bytes short, and what is left over is no message.
    expect(methods).toEqual(['REGISTER', 'pong', 'INVITE', 'lost']);
  });

  it('3.1.1.9 semiuri: what looks like a parameter before @ is part of the user', () => {
    const { uri, headers } = request('semiuri');
    expect(sipUri(uri)).toMatchObject({ user: 'user;par=u%40example.net', host: 'example.com' });
    expect(sipUri(uri).params.size).toBe(0);
    expect(headers.all('Accept')).toHaveLength(6);
  });

  it('3.1.1.10 transports: any token is a transport', () => {
    const transports = request('transports')
      .headers.every('Via', parseVia)
      .map(({ transport }) => transport);
    expect(transports).toEqual(['UDP', 'SCTP', 'TLS', 'UNKNOWN', 'TCP']);
  });

  it('3.1.1.11 mpart01: the body is bytes, nulls and all', () => {
    const { body } = request('mpart01');
    expect(body).toHaveLength(553);
    expect(body.includes(0)).toBe(true);
    expect(body.subarray(0, 20).toString()).toBe('--7a9cbec02ceef655\r\n');
  });

  it('3.1.1.12 and 3.1.1.13: a phrase of any characters, or none', () => {
    expect(parsed('unreason')).toMatchObject({
      status: 200,
      reason: '= 2**3 * 5**2 но сто девяносто девять - простое',
    });
    expect(parsed('noreason')).toMatchObject({ status: 100, reason: '' });
  });

  it('3.1.2.1 badinv01: the Contact alone is as wrong', () => {
    expect(() => parseContact('"Joe" <sip:joe@example.org>;;;;')).toThrow(/parameter name/);
  });

  it('3.1.2.4 scalar02: an expiry that is too large counts as 3600', () => {
    const result = parseMessage(torture('scalar02'));
    const headers = result.ok ? undefined : result.request?.headers;
    expect(parseExpires(headers!.get('Expires')!)).toBe(3600);
    expect(contactExpires(headers!.first('Contact', parseNameAddr)!)).toBe(3600);
    expect(() => headers!.first('Max-Forwards', parseMaxForwards)).toThrow(/0 to 255/);
  });

  it('3.1.2.15 baddn: a comma in a display name that is not quoted', () => {
    const result = parseMessage(Buffer.concat([torture('baddn'), Buffer.from('\r\n')]));
    expect(result).toMatchObject({ ok: false, status: 400, why: expect.stringMatching(/^From .*must be quoted/) });
  });

  it('3.1.2.3 ncl: on a stream the connection is lost', () => {
    expect(new StreamParser().feed(torture('ncl'))).toMatchObject([{ type: 'lost', status: 400 }]);
  });

  it('3.3.1 insuf: the answer has what there is', () => {
    const result = parseMessage(torture('insuf'));
    const request = result.ok ? null : result.request;
    expect(request).toMatchObject({ method: 'INVITE', uri: 'sip:user@example.com' });
    expect([...request!.headers.entries()].map(([name]) => name)).toEqual(['CSeq', 'Via', 'Content-Type', 'l']);
  });

  it('3.3.2 to 3.3.4: URIs of other schemes are told by their scheme', () => {
    expect(parseUri(request('unkscm').uri)).toMatchObject({ scheme: 'other', name: 'nobodyknowsthisscheme' });
    expect(parseUri(request('novelsc').uri)).toMatchObject({ scheme: 'other', name: 'soap.beep' });
    const { headers } = request('unksm2');
    expect(headers.first('To', parseTo)!.uri).toMatchObject({ name: 'isbn' });
    expect(headers.first('From', parseFrom)!.uri).toMatchObject({ name: 'http' });
    expect(headers.first('Contact', parseNameAddr)!.uri).toMatchObject({ name: 'name' });
  });

  it('3.3.5 bext01: what is required stands in lists', () => {
    const { headers } = request('bext01');
    expect(headers.all('Require')).toEqual(['nothingSupportsThis', 'nothingSupportsThisEither']);
    expect(headers.all('Proxy-Require')).toEqual(['noProxiesSupportThis', 'norDoAnyProxiesSupportThis']);
  });

  it('3.3.11 zeromf: no hop is left', () => {
    expect(request('zeromf').headers.first('Max-Forwards', parseMaxForwards)).toBe(0);
  });

  it('3.3.12 to 3.3.14: parameters and headers of a contact belong to the URI in brackets, or to the header', () => {
    const outside = request('cparam01').headers.first('Contact', parseNameAddr)!;
    expect(outside.params.has('unknownparam')).toBe(true);
    expect(sipUriOf(outside).params.size).toBe(0);
    const inside = request('cparam02').headers.first('Contact', parseNameAddr)!;
    expect(inside.params.size).toBe(0);
    expect(sipUriOf(inside).params.has('unknownparam')).toBe(true);
    const escaped = sipUriOf(request('regescrt').headers.first('Contact', parseNameAddr)!);
    expect(escaped.headers.map(([name, value]) => [name, unescapePart(value)])).toEqual([
      ['Route', '<sip:sip.example.com>'],
    ]);
  });

  it('3.4.1 inv2543: without tag, cookie, Max-Forwards and Content-Length', () => {
    const result = parseMessage(torture('inv2543'));
    if (!result.ok) throw new Error(result.why);
    expect(result.warnings).toHaveLength(3);
    expect(transactionBranch(result.message.headers.first('Via', parseVia)!)).toBeUndefined();
    expect(result.message.body.toString()).toMatch(/^v=0\r\n/);
  });
});

function sipUriOf({ uri }: { uri: unknown }): SipUri {
  return uri as SipUri;
}
