import { headerKey, isList } from './headerNames.ts';
import { isToken, quotedStringEnd, SipSyntaxError } from './syntax.ts';

/** One line of a message's header. Never changed, so that messages share it. */
class Field {
  readonly name: string;
  readonly key: string;
  readonly value: string;
  #elements: readonly string[] | null = null;
  #parser: unknown = null;
  #parsed: readonly unknown[] = [];

  constructor(name: string, key: string, value: string) {
    this.name = name;
    this.key = key;
    this.value = value;
  }

  get elements(): readonly string[] {
    this.#elements ??= isList(this.key) ? splitList(this.value) : [this.value];
    return this.#elements;
  }

  /** Each element parsed; remembered for the parser that asked last. */
  parsed<T>(parser: (value: string) => T): readonly T[] {
    if (this.#parser !== parser) {
      this.#parsed = this.elements.map((element) => parser(element));
      this.#parser = parser;
    }
    return this.#parsed as readonly T[];
  }
}

/**
 * The header fields of one message, in order and as they were spelled. Names are compared without
 * regard to case, and compact forms equal the long ones (RFC 3261 7.3.1, 7.3.3). Kept as a list of
 * fields, not as an object's properties: a header named `__proto__` is a header like any other.
 */
export class SipHeaders {
  #fields: Field[] = [];

  /** The lines in order, each with its name as spelled, the key it is compared by and its whole value. */
  get fields(): readonly Field[] {
    return this.#fields;
  }

  /** Number of fields (lines). */
  get size(): number {
    return this.#fields.length;
  }

  /** The first value: of a list, as Via or Allow, its first element; the same as `all(name)[0]`. */
  get(name: string): string | undefined {
    const key = headerKey(name);
    for (const field of this.#fields) {
      if (field.key === key && field.elements.length > 0) return field.elements[0];
    }
    return undefined;
  }

  /** Every value in order. Where the grammar is a list, commas separate values (RFC 3261 7.3.1). */
  all(name: string): string[] {
    const key = headerKey(name);
    const found: string[] = [];
    for (const field of this.#fields) {
      if (field.key === key) for (const element of field.elements) found.push(element);
    }
    return found;
  }

  has(name: string): boolean {
    const key = headerKey(name);
    for (const field of this.#fields) if (field.key === key) return true;
    return false;
  }

  /** How many lines bear this name. */
  count(name: string): number {
    const key = headerKey(name);
    let count = 0;
    for (const field of this.#fields) if (field.key === key) count++;
    return count;
  }

  /**
   * The first value as `parser` reads it. The result is remembered and shared with clones: do not change it.
   * @throws SipSyntaxError where the parser does
   */
  first<T>(name: string, parser: (value: string) => T): T | undefined {
    const key = headerKey(name);
    for (const field of this.#fields) {
      if (field.key === key && field.elements.length > 0) return field.parsed(parser)[0];
    }
    return undefined;
  }

  /**
   * Every value as `parser` reads it. The results are remembered and shared with clones: do not change them.
   * @throws SipSyntaxError where the parser does
   */
  every<T>(name: string, parser: (value: string) => T): T[] {
    const key = headerKey(name);
    const found: T[] = [];
    for (const field of this.#fields) if (field.key === key) found.push(...field.parsed(parser));
    return found;
  }

  /** The first value as `parser` reads it; undefined where it is malformed, as in a response it may be. */
  read<T>(name: string, parser: (value: string) => T): T | undefined {
    try {
      return this.first(name, parser);
    } catch (error) {
      if (error instanceof SipSyntaxError) return undefined;
      throw error;
    }
  }

  /** Every value as `parser` reads it, without those that are malformed. */
  readAll<T>(name: string, parser: (value: string) => T): T[] {
    const found: T[] = [];
    for (const element of this.all(name)) {
      try {
        found.push(parser(element));
      } catch (error) {
        if (!(error instanceof SipSyntaxError)) throw error;
      }
    }
    return found;
  }

  /** Reads every value, for the sake of what the parser throws. */
  check(key: string, parser: (value: string) => unknown): void {
    for (const field of this.#fields) if (field.key === key) field.parsed(parser);
  }

  /** Replaces every field of this name, at the place of the first. An empty list removes them. */
  set(name: string, value: string | readonly string[]): this {
    const key = headerKey(name);
    const values = typeof value === 'string' ? [value] : value;
    const place = this.#fields.findIndex((field) => field.key === key);
    const fields = values.map((each) => makeField(name, key, each));
    if (place === -1) {
      this.#fields.push(...fields);
    } else {
      this.#fields = [
        ...this.#fields.slice(0, place),
        ...fields,
        ...this.#fields.slice(place).filter((field) => field.key !== key),
      ];
    }
    return this;
  }

  /** Appends a field whose value is known to have no line end, as the parser knows it. */
  push(name: string, value: string): void {
    this.#fields.push(new Field(name, headerKey(name), value));
  }

  /** Appends a field of another message, with what was parsed of it. */
  share(field: Field): void {
    this.#fields.push(field);
  }

  /** Appends a field at the end. */
  add(name: string, value: string): this {
    this.#fields.push(makeField(name, headerKey(name), value));
    return this;
  }

  /** Puts a field before the first of its name, or before all others: where a proxy puts its Via. */
  prepend(name: string, value: string): this {
    const key = headerKey(name);
    const place = this.#fields.findIndex((field) => field.key === key);
    this.#fields.splice(Math.max(place, 0), 0, makeField(name, key, value));
    return this;
  }

  /** Removes every field of this name; none is fine. */
  remove(name: string): this {
    const key = headerKey(name);
    this.#fields = this.#fields.filter((field) => field.key !== key);
    return this;
  }

  /** Removes the first value, as of the topmost Via or Route, and returns it. */
  removeFirst(name: string): string | undefined {
    const key = headerKey(name);
    const place = this.#fields.findIndex((field) => field.key === key && field.elements.length > 0);
    const field = this.#fields[place];
    if (field === undefined) return undefined;
    const [first, ...rest] = field.elements;
    const left = rest.length === 0 ? [] : [makeField(field.name, key, rest.join(', '))];
    this.#fields.splice(place, 1, ...left);
    return first;
  }

  /** The lines of the header, each ended by CR LF, without those of one name. */
  lines(without: string): string {
    const key = headerKey(without);
    let text = '';
    for (const field of this.#fields) if (field.key !== key) text += `${field.name}: ${field.value}\r\n`;
    return text;
  }

  /** Name as spelled and whole value of each field, in order. */
  *entries(): IterableIterator<[name: string, value: string]> {
    for (const field of this.#fields) yield [field.name, field.value];
  }

  clone(): SipHeaders {
    const copy = new SipHeaders();
    copy.#fields = this.#fields.slice();
    return copy;
  }
}

/** No value may end its line: whoever could write CR LF could write headers of its own. */
function makeField(name: string, key: string, value: string): Field {
  if (!isToken(name)) throw new TypeError(`${JSON.stringify(name)} is no name of a header field (RFC 3261 7.3.1).`);
  if (/[\r\n]/.test(value)) throw new TypeError(`The value of ${name} has a line end. Take it out of the value.`);
  return new Field(name, key, value);
}

/** The elements of a comma list; commas in quoted strings and between angle brackets separate nothing. */
function splitList(value: string): string[] {
  if (!value.includes(',')) return value === '' ? [] : [value];
  const found: string[] = [];
  let start = 0;
  const keep = (end: number) => {
    const element = value.slice(start, end).trim();
    if (element !== '') found.push(element);
  };
  for (let index = 0; index < value.length; index++) {
    const char = value[index];
    if (char === ',') {
      keep(index);
      start = index + 1;
    } else if (char === '"' || char === '<') {
      const end = char === '"' ? quotedStringEnd(value, index) : value.indexOf('>', index) + 1;
      // Never closed: the rest is one value, and whoever parses it says so.
      if (end <= 0) break;
      index = end - 1;
    }
  }
  keep(value.length);
  return found;
}
