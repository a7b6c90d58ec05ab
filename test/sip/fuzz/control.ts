import { encodeFrame } from '../../../sip/engine/control/frame.ts';
import { Grammar } from './grammar.ts';
import type { FuzzTarget } from './fuzz.ts';
import { PaperEngine } from './paperEngine.ts';
import type { Random } from '../../support/random.ts';

const frames = (...payloads: string[]) => Buffer.from(payloads.map(encodeFrame).join(''));
const ORDERS = [
  '1|authenticate|open sesame|blue',
  '1|authenticate|open sesamf|',
  '2|ping',
  '3|route|INVITE',
  '3|remove_route|INVITE',
  '4|sip||\r\nOPTIONS sip:bob@192.0.2.9 SIP/2.0\r\nFrom: <sip:hall@localhost>\r\n\r\n',
  '4|sip||\r\nINVITE sip:bob@192.0.2.9 SIP/2.0\r\ncontent-type: application/sdp\r\ncontent-length: 3\r\n\r\nv=0 ü',
  '5|sip||c1;from-tag=a\r\nBYE sip:bob@192.0.2.9 SIP/2.0\r\n\r\n',
  '5|sip|no-such-transaction|\r\nSIP/2.0 200 OK\r\n\r\n',
  '6|sip||c1;from-tag=a|sip:192.0.2.7;transport=udp\r\nACK sip:bob@192.0.2.9 SIP/2.0\r\n\r\n',
  '6|sip|no-such-transaction|\r\nCANCEL sip:bob@192.0.2.9 SIP/2.0\r\n\r\n',
  '7|proxy|no-such-transaction|remainInDialog|fullResponse||serial|2s||sip:192.0.2.9\r\nINVITE sip:x SIP/2.0\r\n\r\n',
];

function generate(random: Random): Buffer {
  const payloads = random.some(6, () => {
    if (random.chance(0.5)) return random.of(ORDERS);
    const grammar = new Grammar(random, random.chance(0.5) ? 0.05 : 0);
    const ids = random.of(['', 'x', 'c1;from-tag=a', '|', 'ü']);
    return `${grammar.token()}|${random.of(['sip', 'proxy', 'route', 'x'])}|${ids}|${ids}\r\n${grammar.message().toString()}`;
  });
  return Buffer.concat([
    frames(random.of(ORDERS), ...payloads),
    Buffer.from(random.of(['', '', '99999#', '100000#', '0#', '1', '-1#x', '00005#hello', '5#', '#'])),
  ]);
}

/** What strangers and applications send to the control port, however it is cut: frames come back, or it is closed. */
export function controlTarget(): FuzzTarget {
  const engine = new PaperEngine();
  return {
    name: 'sip control port',
    seeds: () => [frames(...ORDERS), ...ORDERS.map((order) => frames('1|authenticate|open sesame|', order))],
    generate,
    run(bytes, random) {
      const known = random.chance(0.6);
      const socket = engine.connect(known ? [] : undefined);
      const size = 1 + Math.floor(bytes.length / 1000 + random.next() ** 3 * 2000);
      for (let at = 0; at < bytes.length && !socket.destroyed; at += size) {
        socket.emit('data', bytes.subarray(at, at + size));
      }
      const said = socket.heard.map((payload) => payload.split('|').slice(1, 5).join(' '));
      if (!known && !said.some((each) => each.includes(' OK ')) && engine.routes.choose('INVITE')) {
        throw new Error('A stranger has a route.');
      }
      const closed = socket.destroyed;
      engine.rest(socket);
      return `${known} ${closed} ${said.map((each) => each.replace(/^response \S* /, '').slice(0, 40)).join()}`;
    },
  };
}
