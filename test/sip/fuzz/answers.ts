import { setImmediate as turn } from 'node:timers/promises';
import { encodeFrame } from '../../../sip/engine/control/frame.ts';
import { parseMessage } from '../../../sip/engine/messages/parse.ts';
import { cseqOf, header, headers, readMessage, type SipText } from '../../support/sip/message.ts';
import { ALICE } from '../../support/sip/talk.ts';
import { OK } from '../engine/messages/samples.ts';
import type { FuzzTarget } from './fuzz.ts';
import { Grammar } from './grammar.ts';
import { PaperEngine, type PaperSocket } from './paperEngine.ts';
import type { Random } from '../../support/random.ts';

const OURS = /^(via|v|from|f|to|t|call-id|i|cseq|content-length|l|content-type|c)\s*:/i;
const STATUSES = [180, 183, 200, 202, 302, 404, 422, 503];
const ORDERS = ['INVITE', 'INVITE', 'OPTIONS', 'MESSAGE'];

/** Fields of a response, one a line, with what does not belong there now and then. */
function generate(random: Random): Buffer {
  const grammar = new Grammar(random, 0.05);
  const lines = (grammar.message().toString('latin1').split('\r\n\r\n')[0] ?? '')
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  return Buffer.from(lines.slice(1).join('\r\n'), 'latin1');
}

/** Answers to requests of an application, with its ACK, BYE and CANCEL: whatever they carry, nothing is kept of them. */
export function answersTarget(): FuzzTarget {
  const engine = new PaperEngine();
  return {
    name: 'sip answers',
    seeds: () => [Buffer.from(OK.toString('latin1').split('\r\n').slice(1).join('\r\n'), 'latin1')],
    generate,
    async run(bytes, random) {
      const socket = engine.connect(['INFO']);
      const method = random.of(ORDERS);
      const body = method === 'INVITE' ? `content-type: application/sdp\r\n\r\n${ALICE}` : '\r\n';
      order(socket, `sip||\r\n${method} sip:bob@192.0.2.99 SIP/2.0\r\nsupported: timer, 100rel\r\n${body}`);
      const request = readMessage(engine.network.sent[0] ?? Buffer.alloc(0))?.message;
      if (!request) throw new Error('Nothing was sent.');
      const lines = bytes
        .toString('latin1')
        .split('\r\n')
        .filter((line) => line !== '' && !OURS.test(line));
      const outcomes = Array.from({ length: 1 + random.below(4) }, () => random.of(STATUSES)).map((status) => {
        const parsed = parseMessage(respond(request, status, lines, random));
        if (!parsed.ok || parsed.message.kind !== 'response') return 'dropped';
        engine.core.responseReceived(parsed.message, engine.network);
        return `${status} ${socket.heard.length}`;
      });
      const dialog = `${header(request, 'call-id')};from-tag=${/tag=(\S+)/.exec(header(request, 'from') ?? '')?.[1]}`;
      for (const next of ['ACK', 'INFO', 'UPDATE', 'BYE'])
        order(socket, `sip||${dialog}\r\n${next} sip:x SIP/2.0\r\n\r\n`);
      const told = socket.heard.map((payload) => payload.split('|')[1]).join(' ');
      // Names that lead nowhere are looked up first.
      await turn();
      engine.rest(socket);
      return `${method} ${outcomes.join()} ${told}`;
    },
  };
}

function order(socket: PaperSocket, payload: string): void {
  socket.emit('data', Buffer.from(encodeFrame(`1|${payload}`)));
}

function respond(request: SipText, status: number, lines: readonly string[], random: Random): Buffer {
  const tag = random.chance(0.9) ? `;tag=${random.of(['a', 'b'])}` : '';
  return Buffer.from(
    [
      `SIP/2.0 ${status} Whatever`,
      ...headers(request, 'via').map((via) => `Via: ${via}`),
      `From: ${header(request, 'from')}`,
      `To: ${header(request, 'to')}${tag}`,
      `Call-ID: ${header(request, 'call-id')}`,
      `CSeq: ${cseqOf(request).number} ${cseqOf(request).method}`,
      ...lines,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
    'latin1',
  );
}
