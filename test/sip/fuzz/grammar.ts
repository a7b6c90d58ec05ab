import type { Random } from '../../support/random.ts';

/**
 * Messages made from the grammar of RFC 3261 25, in all its spellings. They are right, but for a
 * small chance at each place that something stands there which does not belong.
 */
export class Grammar {
  readonly #random: Random;
  /** How often something wrong is put in. */
  readonly #wrong: number;

  constructor(random: Random, wrong = 0) {
    this.#random = random;
    this.#wrong = wrong;
  }

  message(): Buffer {
    const method = this.method();
    const request = this.#random.chance(0.7);
    const body = this.#random.chance(0.4) ? this.#body() : '';
    const lines = [
      ...this.#random.some(4, () => this.#header('Via', this.via())),
      this.#header('Via', this.via()),
      this.#header('From', `${this.nameAddr()};tag=${this.token()}`),
      this.#header('To', this.nameAddr() + (this.#random.chance(0.5) ? `;tag=${this.token()}` : '')),
      this.#header('Call-ID', this.#either(this.#word(), `${this.#word()}@${this.#word()}`)),
      this.#header('CSeq', `${this.#number()} ${method}`),
      ...(this.#random.chance(0.9) ? [this.#header('Max-Forwards', String(this.#random.below(256)))] : []),
      ...this.#random.some(8, () => this.#optional()),
      ...(body === '' ? [] : [this.#header('Content-Type', 'application/sdp')]),
    ];
    for (let index = lines.length - 1; index > 0; index--) {
      const other = this.#random.below(index + 1);
      [lines[index], lines[other]] = [lines[other]!, lines[index]!];
    }
    const start = request
      ? `${method} ${this.uri(false)} SIP/2.0`
      : `SIP/2.0 ${100 + this.#random.below(600)} ${this.#text()}`;
    const length = this.#odd(String(Buffer.byteLength(body)), ['-1', '99999999999999999999', '', '0x1', '1']);
    return Buffer.from([start, ...lines, this.#header('Content-Length', length), '', body].join('\r\n'));
  }

  method(): string {
    const known = [
      'INVITE',
      'ACK',
      'BYE',
      'CANCEL',
      'OPTIONS',
      'REGISTER',
      'PRACK',
      'UPDATE',
      'INFO',
      'REFER',
      'NOTIFY',
    ];
    return this.#random.chance(0.8) ? this.#random.of(known) : this.token();
  }

  via(): string {
    const slash = `${this.#space()}/${this.#space()}`;
    const transport = this.#either('UDP', 'TCP', 'TLS', 'WS', 'WSS', this.token());
    const sentBy = this.host() + (this.#random.chance(0.5) ? `${this.#space()}:${this.#space()}${this.#port()}` : '');
    const branch = this.#semi() + `branch${this.#equals()}z9hG4bK${this.token()}`;
    return `SIP${slash}2.0${slash}${transport} ${sentBy}${branch}${this.#params(3)}`;
  }

  nameAddr(): string {
    const name = this.#either('', `${this.token()} ${this.token()} `, `${this.#quoted()}${this.#space()}`);
    return this.#odd(`${name}<${this.uri(true)}>`, ['<>', '"', '<sip:a@h', `${name}${this.uri(true)}`]);
  }

  uri(headers: boolean): string {
    if (this.#random.chance(0.1))
      return this.#either('tel:+1-201-555-0123', 'isbn:2983792873', 'http://example.com/a?b');
    const user = this.#random.chance(0.8) ? `${this.#escaped("&=+$,;?/-_.!~*'()")}${this.#either('', ':x')}@` : '';
    const port = this.#random.chance(0.4) ? `:${this.#port()}` : '';
    const params = this.#random
      .some(4, () => this.#random.below(1e6))
      .map((number) => `;p${number}=${this.#escaped('[]/:&+$')}`);
    const query = headers && this.#random.chance(0.2) ? `?Subject=${this.#escaped('[]/?:+$')}&Route=%3Csip:h%3E` : '';
    return this.#odd(
      `${this.#either('sip', 'sips', 'SIP')}:${user}${this.host()}${port}${[...new Set(params)].join('')}${query}`,
      ['sip:', 'sip:@', `sip:${'a:'.repeat(50)}@h`, 'sip:%'],
    );
  }

  host(): string {
    return this.#odd(this.#either('example.com', 'h', '192.0.2.1', '[2001:db8::1]', 'xn--tr-8ja.example.', 'a-b.c'), [
      '2001:db8::1',
      '[::::]',
      '1.2.3',
      '-',
      '_',
    ]);
  }

  token(): string {
    return this.#chars("abcXYZ019-.!%*_+`'~", 12);
  }

  #optional(): string {
    const contact = `${this.nameAddr()}${this.#params(2)}`;
    const [name, value] = this.#random.of<[string, string]>([
      ['Contact', contact],
      ['Route', `<${this.uri(false)};lr>, <sip:h;lr>`],
      ['Record-Route', `<sip:h;lr>${this.#params(2)}`],
      ['Allow', this.#random.some(9, () => this.method()).join(',')],
      ['Supported', this.#random.some(5, () => this.token()).join(' , ')],
      ['Require', this.token()],
      ['Expires', this.#number()],
      ['Date', 'Sat, 13 Nov 2010 23:29:00 GMT'],
      ['Event', `refer;id=${this.token()}`],
      ['Subscription-State', `active;expires=${this.#number()}`],
      ['Refer-To', `<${this.uri(true)}>`],
      ['Replaces', `${this.#word()};to-tag=${this.token()};from-tag=${this.token()}`],
      ['Session-Expires', `${this.#number()};refresher=uac`],
      ['RAck', `${this.#number()} ${this.#number()} INVITE`],
      ['RSeq', this.#number()],
      ['Retry-After', `${this.#number()} (later)`],
      ['Subject', this.#text()],
      ['__proto__', this.#text()],
      [this.token(), this.#text()],
    ]);
    return this.#header(name, value);
  }

  #header(name: string, value: string): string {
    const spelled = this.#either(name, name.toLowerCase(), name.toUpperCase());
    const fold = this.#either(' ', ' ', '', '\t', '\r\n ');
    return this.#odd(`${spelled}${this.#random.chance(0.05) ? ' ' : ''}:${fold}${value}`, [
      spelled,
      `${spelled}: ${'x'.repeat(this.#random.below(5000))}`,
      `${spelled}: ${','.repeat(500)}`,
      `${spelled}: ${'"'.repeat(501)}`,
      `${spelled}: ${'<'.repeat(500)}`,
      `${spelled}: ${';a'.repeat(500)}`,
      `${spelled}: \0`,
      `${spelled}: \r\n \r\n`,
    ]);
  }

  #params(most: number): string {
    const names = new Set(this.#random.some(most, () => `p${this.#random.below(1e6)}`));
    const value = () => this.#either('', `${this.#equals()}${this.token()}`, `${this.#equals()}${this.#quoted()}`);
    return [...names].map((name) => `${this.#semi()}${name}${value()}`).join('');
  }

  #body(): string {
    return `v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=${this.#text()}\r\nt=0 0\r\nm=audio ${this.#number()} RTP/AVP 0\r\n`;
  }

  #quoted(): string {
    const inner = this.#random.some(12, () =>
      this.#either('a', ' ', ',', ';', '<', '>', '\\"', '\\\\', '\\\x07', 'ü', '📺'),
    );
    return `"${inner.join('')}"`;
  }

  #escaped(also: string): string {
    return this.#chars(`abcABC123${also}`, 10) + this.#either('', '%61', '%2f', '%00', '%FF', '%25');
  }

  #word(): string {
    return this.#chars('abcXYZ019-.!%*_+`\'~()<>:\\"/[]?{}', 20);
  }

  #text(): string {
    return this.#random
      .some(20, () => this.#either('a', 'Z', ' ', ',', ';', ':', 'ё', '"', '<', '電'))
      .join('')
      .trim();
  }

  #chars(alphabet: string, most: number): string {
    return Array.from({ length: 1 + this.#random.below(most) }, () => this.#random.of([...alphabet])).join('');
  }

  #number(): string {
    return this.#odd(String(Math.floor(2 ** (this.#random.next() * 32))), ['4294967296', '-1', '9'.repeat(100), '']);
  }

  #port(): string {
    return this.#odd(this.#either('0', '5060', '65535', String(this.#random.below(65_536))), ['65536', '', 'x']);
  }

  #space(): string {
    return this.#either('', '', '', ' ', '\t ', '\r\n ');
  }

  #semi(): string {
    return `${this.#space()};${this.#space()}`;
  }

  #equals(): string {
    return `${this.#space()}=${this.#space()}`;
  }

  #either(...choices: string[]): string {
    return this.#random.of(choices);
  }

  #odd(right: string, wrong: string[]): string {
    return this.#wrong > 0 && this.#random.chance(this.#wrong) ? this.#random.of(wrong) : right;
  }
}
