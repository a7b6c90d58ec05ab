import { describe, expect, it } from 'vitest';
import { StreamParser, type StreamEvent } from '../../../../sip/engine/messages/parse.ts';
import { serializeMessage } from '../../../../sip/engine/messages/serialize.ts';
import { INVITE, NOTIFY, OK, options, REGISTER } from './samples.ts';

/** Events in short: the bytes of a message, or the type with the status. */
function told(events: readonly StreamEvent[]): string[] {
  return events.map((event) => {
    if (event.type === 'message') return serializeMessage(event.message).toString('latin1');
    return 'status' in event ? `${event.type} ${event.status}` : event.type;
  });
}

/** Feeds chunks of some sizes, in turns. */
function feed(bytes: Buffer, sizes: readonly number[], parser = new StreamParser()): StreamEvent[] {
  const events: StreamEvent[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    events.push(...parser.feed(bytes.subarray(at, at + size)));
    at += size;
  }
  return events;
}

const CRLF = Buffer.from('\r\n');
const PING = Buffer.from('\r\n\r\n');
const latin1 = (bytes: Buffer) => bytes.toString('latin1');

describe('[RFC 3261 18.3] messages on a stream', () => {
  const stream = Buffer.concat([INVITE, OK, PING, options(), NOTIFY, CRLF, REGISTER]);
  const expected = [
    latin1(INVITE),
    latin1(OK),
    'pong',
    'ping',
    latin1(options()),
    latin1(NOTIFY),
    'pong',
    latin1(REGISTER),
  ];

  it('come one after the other in one chunk', () => {
    const parser = new StreamParser();
    expect(told(parser.feed(stream))).toEqual(expected);
    expect(parser.pending).toBe(0);
  });

  it('are the same wherever a chunk ends', () => {
    const short = Buffer.concat([CRLF, options(), PING, NOTIFY, options()]);
    const whole = ['pong', latin1(options()), 'pong', 'ping', latin1(NOTIFY), latin1(options())];
    for (let cut = 1; cut < short.length; cut++) {
      const parser = new StreamParser();
      const events = [...parser.feed(short.subarray(0, cut)), ...parser.feed(short.subarray(cut))];
      expect(told(events)).toEqual(whole);
    }
  });

  it.each([[[1]], [[2]], [[3, 1]], [[7, 64, 1]], [[1000]]])('are the same in chunks of %j bytes', (sizes) => {
    expect(told(feed(stream, sizes))).toEqual(expected);
  });

  it('keep nothing of the chunk they came in', () => {
    const chunk = Buffer.from(INVITE);
    const [event] = new StreamParser().feed(chunk);
    chunk.fill(0);
    expect(told([event!])).toEqual([latin1(INVITE)]);
  });

  it('tell what is pending', () => {
    const parser = new StreamParser();
    parser.feed(INVITE.subarray(0, 100));
    expect(parser.pending).toBe(100);
  });

  it('one that is malformed does not end the stream', () => {
    const malformed = Buffer.from(latin1(INVITE).replace('314159', 'x'), 'latin1');
    const events = new StreamParser().feed(Buffer.concat([malformed, REGISTER]));
    expect(told(events)).toEqual(['invalid 400', latin1(REGISTER)]);
    expect(events[0]).toMatchObject({ request: { method: 'INVITE' } });
  });
});

describe('[RFC 5626 3.5.1] keep-alives', () => {
  it.each([
    ['\r\n', ['pong']],
    ['\r\n\r\n', ['pong', 'ping']],
    ['\r\n\r\n\r\n\r\n', ['pong', 'ping', 'pong', 'ping']],
  ])('%j is %j, a byte at a time too', (text, events) => {
    expect(told(new StreamParser().feed(Buffer.from(text)))).toEqual(events);
    expect(told(feed(Buffer.from(text), [1]))).toEqual(events);
  });

  it('a CR without LF begins a message that is none', () => {
    const text = Buffer.concat([Buffer.from('\r'), options()]);
    expect(told(new StreamParser().feed(text))).toEqual(['invalid 400']);
    expect(told(feed(text, [1]))).toEqual(['invalid 400']);
  });
});

describe('[RFC 3261 18.3] where the stream is lost', () => {
  const limits = { startLine: 200, head: 1000, body: 2000 };
  const lines = latin1(options());

  it.each([
    ['no Content-Length', lines.replace('Content-Length: 0\r\n', ''), 400],
    ['a negative Content-Length', lines.replace('Length: 0', 'Length: -1'), 400],
    ['two Content-Lengths', lines.replace('Length: 0', 'Length: 0\r\nl: 0'), 400],
    ['a Content-Length that is no number', lines.replace('Length: 0', 'Length: all'), 400],
    ['a body over the limit', lines.replace('Length: 0', 'Length: 2001'), 413],
    ['a start line over the limit', lines.replace('bob', 'b'.repeat(200)), 414],
    ['a header over the limit', lines.replace('CSeq', `X-Tv: ${'x'.repeat(1000)}\r\nCSeq`), 513],
  ])('%s', (_, text, status) => {
    for (const size of [100_000, 1, 13]) {
      const parser = new StreamParser(limits);
      const events = feed(Buffer.from(text + lines), [size], parser);
      expect(told(events)).toEqual([`lost ${status}`]);
      expect(parser.pending).toBe(0);
    }
  });

  it('a start line is refused as soon as it is too long, a header likewise', () => {
    expect(told(new StreamParser(limits).feed(Buffer.from('x'.repeat(201))))).toEqual(['lost 414']);
    expect(told(new StreamParser(limits).feed(Buffer.from(`x\r\n${'x'.repeat(1001)}`)))).toEqual(['lost 513']);
  });

  it('header and body of just their limits are taken', () => {
    const head = lines.indexOf('\r\n\r\n');
    const exactly = { startLine: lines.indexOf('\r\n'), head, body: 0 };
    expect(told(new StreamParser(exactly).feed(Buffer.from(lines)))).toEqual([lines]);
    expect(told(feed(Buffer.from(lines), [1], new StreamParser(exactly)))).toEqual([lines]);
    expect(told(new StreamParser({ ...exactly, head: head - 1 }).feed(Buffer.from(lines)))).toEqual(['lost 513']);
    expect(told(new StreamParser({ ...exactly, startLine: exactly.startLine - 1 }).feed(Buffer.from(lines)))).toEqual([
      'lost 414',
    ]);
  });

  it('the answer has what came before the loss', () => {
    const text = lines.replace('CSeq', `X-Tv: ${'x'.repeat(1000)}\r\nCSeq`);
    const [event] = new StreamParser(limits).feed(Buffer.from(text));
    if (event?.type !== 'lost') throw new Error('It was not lost.');
    expect(event.request?.headers.get('Via')).toBe('SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1');
  });
});

describe('cost', () => {
  it('of a byte at a time grows as the bytes do', () => {
    const cost = (length: number, times: number) => {
      const bytes = options('Content-Type: text/plain', `X-Tv: ${'x'.repeat(length)}`);
      // The processor's time, which others on this machine do not take; it is told in steps of some milliseconds.
      const began = process.threadCpuUsage();
      for (let n = 0; n < times; n += 1) expect(feed(bytes, [1])).toHaveLength(1);
      const { user, system } = process.threadCpuUsage(began);
      return user + system;
    };
    cost(10_000, 1);
    // As many bytes: were the cost quadratic, it would be four times as high.
    expect(cost(40_000, 10) / cost(10_000, 40)).toBeLessThan(2);
  });
});
