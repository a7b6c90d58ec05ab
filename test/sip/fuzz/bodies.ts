import { encodeFrame } from '../../../sip/engine/control/frame.ts';
import { StreamParser } from '../../../sip/engine/messages/parse.ts';
import { header, readMessage } from '../../support/sip/message.ts';
import { ALICE } from '../../support/sip/talk.ts';
import { INVITE, NOTIFY } from '../engine/messages/samples.ts';
import type { FuzzTarget } from './fuzz.ts';
import { Grammar } from './grammar.ts';
import { PaperEngine } from './paperEngine.ts';
import type { Random } from '../../support/random.ts';

const METHODS = ['INVITE', 'MESSAGE', 'OPTIONS', 'INFO', 'NOTIFY', 'REFER', 'SUBSCRIBE', 'PUBLISH', 'UPDATE'];
const TYPES = [
  'application/sdp',
  'Application/SDP;charset="utf-8"',
  'multipart/mixed;boundary=b1',
  'multipart/mixed; boundary="b 1"',
  'multipart/mixed',
  'message/sipfrag;version=2.0',
  'text/plain;charset=iso-8859-1',
];

/** Bytes of some length in some character set, of which half look like SDP. */
function body(random: Random): Buffer {
  const sdp = ALICE.replace(/s=.*/, `s=${random.of(['Müller', '📺', 'a', '', 'x'.repeat(random.below(3000))])}`);
  const part = (inner: string) => `--b1\r\nContent-Type: ${random.of(TYPES)}\r\n\r\n${inner}\r\n`;
  return random.of([
    () => Buffer.from(sdp),
    () => Buffer.from(`${part(sdp)}${part('x')}--b1--\r\n`),
    () => Buffer.from(part(part(part(sdp)))),
    () => Buffer.from(`${'--b1\r\n'.repeat(random.below(500))}`),
    () => Buffer.from('v=0\r\n'.repeat(random.below(2000))),
    () => Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256))),
    () => Buffer.from('\r\n\r\nSIP/2.0 200 OK\r\n\r\n'),
    () => Buffer.alloc(0),
  ])();
}

function generate(random: Random): Buffer {
  const grammar = new Grammar(random, random.chance(0.2) ? 0.02 : 0);
  const head = grammar.message().toString('latin1').split('\r\n\r\n')[0] ?? '';
  const method = random.of(METHODS);
  const unfolded = head.replace(/\r\n[ \t]+/g, ' ');
  const lines = unfolded.split('\r\n').filter((line) => !/^(content-\w+|[lc])\s*:/i.test(line));
  lines[0] = `${method} sip:bob@192.0.2.1 SIP/2.0`;
  const content = body(random);
  const length = random.chance(0.8) ? content.length : random.of([0, 1, content.length + 1, 99_999, 4_294_967_296]);
  const text = lines.map((line) => line.replace(/^(cseq\s*:\s*\S+\s+)\S+$/i, `$1${method}`)).join('\r\n');
  return Buffer.concat([
    Buffer.from(`${text}\r\nContent-Type: ${random.of(TYPES)}\r\nContent-Length: ${length}\r\n\r\n`, 'latin1'),
    content,
  ]);
}

/**
 * Bodies on their way through: what came reaches the application byte for byte, and what it says goes out with its
 * length in bytes, though it counts characters.
 */
export function bodiesTarget(): FuzzTarget {
  const engine = new PaperEngine();
  return {
    name: 'sip bodies',
    seeds: () => [INVITE, NOTIFY, ...TYPES.map((type) => invite(type))],
    generate,
    run(bytes) {
      const socket = engine.connect(METHODS);
      const outcomes = new StreamParser().feed(bytes).map((event) => {
        if (event.type !== 'message') return event.type;
        if (event.message.kind === 'response') {
          engine.core.responseReceived(event.message, engine.network);
          return 'response';
        }
        engine.core.requestReceived(event.message, engine.network);
        return answered(engine, socket.heard.splice(0), event.message.body, (payload) => {
          socket.emit('data', Buffer.from(encodeFrame(payload)));
        });
      });
      engine.rest(socket);
      return outcomes.join();
    },
  };
}

/** The application answers with what it was told. */
function answered(engine: PaperEngine, heard: string[], body: Buffer, say: (payload: string) => void): string {
  const told = heard.find((payload) => payload.split('|')[1] === 'sip');
  if (told === undefined) return `not told ${engine.network.sent.at(-1)?.toString('latin1', 8, 11) ?? ''}`;
  // The application reads UTF-8.
  const text = body.toString('utf8');
  if (!told.endsWith(`\r\n\r\n${text}`)) throw new Error('The application is told another body.');
  const transaction = told.split('|')[8] ?? '';
  engine.network.sent.length = 0;
  say(
    `9|sip|${transaction}|\r\nSIP/2.0 200 OK\r\nexpires: 0\r\ncontent-type: text/plain\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
  );
  const [sent] = engine.network.sent;
  const response = sent && readMessage(sent);
  if (!sent || !response) return 'not answered';
  const expected = Buffer.from(text);
  if (response.rest.length > 0 || !response.message.body.equals(expected)) throw new Error('Another body goes out.');
  if (header(response.message, 'content-length') !== String(expected.length)) throw new Error('Its length is wrong.');
  return `answered ${Math.ceil(Math.log2(expected.length + 1))} ${text.length === expected.length}`;
}

function invite(type: string): Buffer {
  const [head] = INVITE.toString('latin1').split('\r\n\r\n');
  const lines = (head ?? '').split('\r\n').filter((line) => !/^content-/i.test(line));
  const content = Buffer.from(ALICE);
  return Buffer.concat([
    Buffer.from(
      [...lines, `Content-Type: ${type}`, `Content-Length: ${content.length}`, '', ''].join('\r\n'),
      'latin1',
    ),
    content,
  ]);
}
