/** The basic rules of RFC 3261 25.1 on which every header's grammar stands. */

/** A value that its grammar does not allow. The message names the rule's section. */
export class SipSyntaxError extends Error {
  override readonly name = 'SipSyntaxError';
}

/** Which of the 128 ASCII characters belong to a class; nothing above ASCII does. */
export type CharClass = Uint8Array;

/** The class of the characters that stand in `members`. */
export function charClass(members: string): CharClass {
  const table = new Uint8Array(128);
  for (let index = 0; index < members.length; index++) table[members.charCodeAt(index)] = 1;
  return table;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const DIGITS = '0123456789';
export const ALPHANUM = LETTERS + DIGITS;
/** unreserved = alphanum / mark */
export const UNRESERVED = `${ALPHANUM}-_.!~*'()`;
/** token, as parameter and method names are. */
export const TOKEN = charClass(`${ALPHANUM}-.!%*_+\`'~`);
/** word, of which a Call-ID is made. */
export const WORD = charClass(`${ALPHANUM}-.!%*_+\`'~()<>:\\"/[]?{}`);
/** token or host: the unquoted values of generic-param. */
const UNQUOTED_VALUE = charClass(`${ALPHANUM}-.!%*_+\`'~[]:`);

const DIGIT = charClass(DIGITS);

/** Index of the first character from `from` that is not of the class, or the text's length. */
export function spanEnd(text: string, from: number, members: CharClass): number {
  let index = from;
  while (index < text.length && members[text.charCodeAt(index)] === 1) index++;
  return index;
}

/** Whether the text has at least one character and all are of the class. */
export function consistsOf(text: string, members: CharClass): boolean {
  return text.length > 0 && spanEnd(text, 0, members) === text.length;
}

export function isToken(text: string): boolean {
  return consistsOf(text, TOKEN);
}

/**
 * 1*DIGIT up to a largest value.
 * @returns null where it is none, or larger
 */
export function readInteger(text: string, largest: number): number | null {
  if (!consistsOf(text, DIGIT)) return null;
  // Leading zeros are allowed and may be many; a number too large for a double is larger than all of ours.
  const value = Number(text);
  return value <= largest ? value : null;
}

/** The characters of a quoted-string without quotes and backslashes; other text as it is. */
export function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  const inner = text.slice(1, -1);
  return inner.includes('\\') ? inner.replace(/\\([^])/g, '$1') : inner;
}

/** The text as a quoted-string (RFC 3261 25.1); line ends, which cannot be quoted, become spaces. */
export function quote(text: string): string {
  return `"${text.replace(/[\r\n]+/g, ' ').replace(/["\\\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '\\$&')}"`;
}

/**
 * Index behind the closing quote of the quoted-string that opens at `from`.
 * @returns -1 where it is never closed or has a character that only a backslash allows
 */
export function quotedStringEnd(text: string, from: number): number {
  for (let index = from + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) return index + 1;
    if (code === 0x5c) {
      // quoted-pair = "\" (%x00-09 / %x0B-0C / %x0E-7F)
      const escaped = text.charCodeAt(++index);
      if (!(escaped <= 0x7f) || escaped === 0x0a || escaped === 0x0d) return -1;
    } else if ((code < 0x20 && code !== 0x09) || code === 0x7f) return -1;
  }
  return -1;
}

/** Reads one header value from left to right. Values come unfolded, so that LWS is SP and HTAB alone. */
export class Scanner {
  readonly text: string;
  /** Index of the next character. */
  at: number;
  readonly #rule: string;

  /** @param rule What is read and where its grammar stands, as "Via (RFC 3261 20.42)" */
  constructor(text: string, rule: string, at = 0) {
    this.text = text;
    this.at = at;
    this.#rule = rule;
  }

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  skipSpace(): void {
    while (this.at < this.text.length) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x09) return;
      this.at++;
    }
  }

  /** Steps over one character, with white space around it, if it comes next. */
  take(char: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== char) return false;
    this.at++;
    this.skipSpace();
    return true;
  }

  expect(char: string): void {
    if (!this.take(char)) this.fail(`"${char}" is missing at character ${this.at + 1}`);
  }

  /** One or more characters of a class. */
  span(members: CharClass, what: string): string {
    const end = spanEnd(this.text, this.at, members);
    if (end === this.at) this.fail(`${what} is missing at character ${this.at + 1}`);
    const found = this.text.slice(this.at, end);
    this.at = end;
    return found;
  }

  token(what: string): string {
    return this.span(TOKEN, what);
  }

  /** A quoted-string with its quotes. */
  quotedString(): string {
    const end = quotedStringEnd(this.text, this.at);
    if (end === -1) this.fail(`the quoted string at character ${this.at + 1} is not closed`);
    const found = this.text.slice(this.at, end);
    this.at = end;
    return found;
  }

  /** gen-value = token / host / quoted-string; the latter keeps its quotes. */
  parameterValue(what: string): string {
    return this.text[this.at] === '"' ? this.quotedString() : this.span(UNQUOTED_VALUE, what);
  }

  expectEnd(): void {
    this.skipSpace();
    if (!this.atEnd) this.fail(`unexpected ${JSON.stringify(this.text[this.at])} at character ${this.at + 1}`);
  }

  fail(why: string): never {
    throw new SipSyntaxError(`${this.#rule}: ${why}`);
  }
}
