/**
 * Live frames as the connectors write them, looked at as bytes: JSON without blanks, its fields in the order of
 * live.ts, its text in ASCII without escapes. What is taken here, the schemas take, which a test holds it to; what
 * is not may still be right, and is parsed. Nothing is copied or made on the way: a frame a second of each TV
 * comes by here.
 */
const encoder = new TextEncoder();
const literal = (text: string) => encoder.encode(text);

const TEXT_END = '"'.charCodeAt(0);
const ESCAPE = '\\'.charCodeAt(0);
const BLANK = ' '.charCodeAt(0);
const LAST_OF_ASCII = 0x7f;
const ZERO = '0'.charCodeAt(0);
const NINE = '9'.charCodeAt(0);

const PLAYBACK = literal(',"playback":{"state":');
const PLAYING = literal('"playing"');
const PAUSED = literal('"paused"');
const STALLED = literal('"stalled"');
const POSITION = literal(',"position":');
const BUFFERED = literal(',"buffered":');
const BITRATE = literal(',"bitrate":');
const DROPPED = literal(',"dropped":');
const SCREEN = literal(',"screen":{"path":[');
const FOCUSED = literal('],"focused":');
const WRITING = literal(',"writing":');
const NULL = literal('null');
const TRUE = literal('true');
const FALSE = literal('false');
const QUOTE = literal('"');
const COMMA = literal(',');
const POINT = literal('.');
const END = literal('}');

/** How each live frame of an interaction begins. */
export function liveOpening(interactionId: string): Uint8Array {
  return literal(`{"v":1,"type":"live","interactionId":"${interactionId}"`);
}

/**
 * @param from where the message begins in the bytes; it goes to their end
 * @param opening of the interaction that it is to be in; one whose id is an id (facts.ts)
 * @returns false also where it would have to be parsed to tell
 */
export function isLiveAsWritten(bytes: Uint8Array, from: number, opening: Uint8Array, byTv: boolean): boolean {
  const scan = new Scan(bytes, from);
  return (
    scan.has(opening) &&
    (!byTv || ((!scan.has(PLAYBACK) || hasPlayback(scan)) && (!scan.has(SCREEN) || hasScreen(scan)))) &&
    (!scan.has(WRITING) || scan.has(TRUE) || scan.has(FALSE)) &&
    scan.has(END) &&
    scan.at === bytes.length
  );
}

/** From its state on. Numbers are bounded by their digits, to less than the schema does. */
function hasPlayback(scan: Scan): boolean {
  return (
    (scan.has(PLAYING) || scan.has(PAUSED) || scan.has(STALLED)) &&
    scan.has(POSITION) &&
    scan.hasNumber(9) &&
    scan.has(BUFFERED) &&
    scan.hasNumber(6) &&
    scan.has(BITRATE) &&
    (scan.has(NULL) || scan.hasNumber(7)) &&
    scan.has(DROPPED) &&
    (scan.has(NULL) || scan.hasDigits(15)) &&
    scan.has(END)
  );
}

/** From within its path on. */
function hasScreen(scan: Scan): boolean {
  let parts = 0;
  if (!scan.has(FOCUSED)) {
    do {
      if (parts === 8 || !scan.hasText(80)) return false;
      parts += 1;
    } while (scan.has(COMMA));
    if (!scan.has(FOCUSED)) return false;
  }
  return (scan.has(NULL) || scan.hasText(120)) && scan.has(END);
}

/** Goes through bytes: past what is there, and not at all past what is not. */
class Scan {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  has(what: Uint8Array): boolean {
    const { bytes, at } = this;
    if (bytes.length - at < what.length) return false;
    for (let n = 0; n < what.length; n += 1) if (bytes[at + n] !== what[n]) return false;
    this.at = at + what.length;
    return true;
  }

  /** A text of at most so many letters. */
  hasText(most: number): boolean {
    if (!this.has(QUOTE)) return false;
    const { bytes } = this;
    const end = Math.min(bytes.length, this.at + most + 1);
    for (let n = this.at; n < end; n += 1) {
      const byte = bytes[n] as number;
      if (byte === TEXT_END) {
        this.at = n + 1;
        return true;
      }
      if (byte < BLANK || byte > LAST_OF_ASCII || byte === ESCAPE) return false;
    }
    return false;
  }

  /** A number that is not negative, with at most so many digits before its point, and no exponent. */
  hasNumber(most: number): boolean {
    return this.hasDigits(most) && (!this.has(POINT) || this.#skipDigits() > 0);
  }

  /** The same without a point. */
  hasDigits(most: number): boolean {
    const leadsWithZero = this.bytes[this.at] === ZERO;
    const digits = this.#skipDigits();
    return digits > 0 && digits <= (leadsWithZero ? 1 : most);
  }

  #skipDigits(): number {
    const { bytes, at } = this;
    let end = at;
    while (end < bytes.length && (bytes[end] as number) >= ZERO && (bytes[end] as number) <= NINE) end += 1;
    this.at = end;
    return end - at;
  }
}
