import { isDeepStrictEqual } from 'node:util';
import { parseCallId } from '../../../sip/engine/messages/callId.ts';
import { parseContact } from '../../../sip/engine/messages/contact.ts';
import { parseCSeq } from '../../../sip/engine/messages/cseq.ts';
import { parseDate } from '../../../sip/engine/messages/date.ts';
import { parseEvent, parseSubscriptionState } from '../../../sip/engine/messages/event.ts';
import type { SipMessage } from '../../../sip/engine/messages/message.ts';
import { parseMaxForwards } from '../../../sip/engine/messages/maxForwards.ts';
import { parseMediaType } from '../../../sip/engine/messages/mediaType.ts';
import { parseNameAddr, parseRoute, serializeNameAddr } from '../../../sip/engine/messages/nameAddr.ts';
import { parseMessage, StreamParser, type StreamEvent } from '../../../sip/engine/messages/parse.ts';
import { parseRAck, parseRSeq } from '../../../sip/engine/messages/rack.ts';
import { parseReplaces } from '../../../sip/engine/messages/replaces.ts';
import { parseRetryAfter } from '../../../sip/engine/messages/retryAfter.ts';
import { serializeMessage } from '../../../sip/engine/messages/serialize.ts';
import { parseMinSE, parseSessionExpires } from '../../../sip/engine/messages/sessionExpires.ts';
import { SipSyntaxError } from '../../../sip/engine/messages/syntax.ts';
import { parseUri, serializeUri } from '../../../sip/engine/messages/uri.ts';
import { parseVia, serializeVia } from '../../../sip/engine/messages/via.ts';
import { hasCorpus, torture } from '../engine/messages/corpus.ts';
import { INVITE, NOTIFY, OK, options, REGISTER } from '../engine/messages/samples.ts';
import { TORTURE } from '../engine/messages/tortureTable.ts';
import type { FuzzTarget } from './fuzz.ts';
import { Grammar } from './grammar.ts';
import type { Random } from '../../support/random.ts';

const STATUSES = [400, 413, 414, 505, 513];

const VALUE_PARSERS: readonly ((value: string) => unknown)[] = [
  parseCallId,
  parseContact,
  parseCSeq,
  parseDate,
  parseEvent,
  parseMaxForwards,
  parseMediaType,
  parseMinSE,
  parseNameAddr,
  parseRAck,
  parseReplaces,
  parseRetryAfter,
  parseRoute,
  parseRSeq,
  parseSessionExpires,
  parseSubscriptionState,
  parseUri,
  parseVia,
];

/** What is read and written must be the same when it is read again. */
const ROUND_TRIPS: readonly ((value: string) => string)[] = [
  (value) => serializeUri(parseUri(value)),
  (value) => serializeVia(parseVia(value)),
  (value) => serializeNameAddr(parseNameAddr(value)),
];

const seeds = () => [
  INVITE,
  OK,
  REGISTER,
  NOTIFY,
  options(),
  ...(hasCorpus ? TORTURE.map(({ file }) => torture(file)) : []),
];

const generate = (random: Random) => new Grammar(random, random.chance(0.5) ? 0.03 : 0).message();

/** One datagram: it is understood, and is the same when written, or is refused with a reason. */
export const datagrams: FuzzTarget = {
  name: 'sip datagrams',
  seeds,
  generate,
  run(bytes) {
    const result = parseMessage(bytes);
    if (!result.ok) {
      if (!STATUSES.includes(result.status)) throw new Error(`It is refused with ${result.status}.`);
      if (!/RFC \d+/.test(result.why)) throw new Error(`It is refused without a rule: ${result.why}`);
      if (result.request !== null && !result.request.headers.has('via')) throw new Error('It has no Via to answer to.');
      return `${result.status} ${pattern(result.why)}`;
    }
    const again = parseMessage(serializeMessage(result.message));
    if (!again.ok) throw new Error(`What was written is refused: ${again.why}`);
    if (!isDeepStrictEqual(content(again.message), content(result.message)))
      throw new Error('It is not the same again.');
    return `ok ${result.message.kind} ${result.warnings.map(pattern).join()}`;
  },
};

/** The values of a message's fields, before every parser of values: none throws anything but its own error. */
export const values: FuzzTarget = {
  name: 'sip header values',
  seeds,
  generate,
  run(bytes, random) {
    const lines = bytes.toString('utf8').split('\r\n');
    const value = random.of(lines).replace(random.chance(0.8) ? /^[^:]*:[ \t]*/ : '', '');
    const told = VALUE_PARSERS.map((parse) => attempt(() => parse(value)) !== null);
    for (const roundTrip of ROUND_TRIPS) {
      const once = attempt(() => roundTrip(value));
      if (once !== null && roundTrip(once) !== once) throw new Error(`${JSON.stringify(once)} is not the same again.`);
    }
    return told.map(Number).join('');
  },
};

/** A stream: however it is cut, the events are the same. */
export const streams: FuzzTarget = {
  name: 'sip streams',
  seeds,
  generate: (random) =>
    Buffer.concat([generate(random), Buffer.from(random.of(['', '\r\n', '\r\n\r\n'])), generate(random)]),
  run(bytes, random) {
    const parser = new StreamParser();
    const whole = outline(parser.feed(bytes));
    const cut = new StreamParser();
    const pieces: StreamEvent[] = [];
    // A byte at a time where that is few calls.
    const size = 1 + Math.floor(bytes.length / 1000 + random.next() ** 3 * 2000);
    for (let at = 0; at < bytes.length;) {
      const end = at + 1 + random.below(size);
      pieces.push(...cut.feed(bytes.subarray(at, end)));
      at = end;
    }
    if (outline(pieces) !== whole) throw new Error('Cut in pieces, it is not the same.');
    if (cut.pending !== parser.pending) throw new Error('Cut in pieces, another part is pending.');
    return pattern(whole);
  },
};

function attempt<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SipSyntaxError) return null;
    throw error;
  }
}

function outline(events: StreamEvent[]): string {
  return events.map((event) => ('why' in event ? `${event.type} ${event.why}` : event.type)).join('\n');
}

function content(message: SipMessage) {
  const fields = [...message.headers.entries()].filter(([name]) => !/^(content-length|l)$/i.test(name));
  const start = message.kind === 'request' ? [message.method, message.uri] : [message.status, message.reason];
  return { start, fields, body: message.body.toString('latin1') };
}

/** A reason without what it quotes, so that like ones count as one. */
function pattern(why: string): string {
  return why.replace(/"(?:[^"\\]|\\.)*"|\d+/g, '#').slice(0, 300);
}
