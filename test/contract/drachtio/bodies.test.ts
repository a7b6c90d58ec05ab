/** Bodies are counted in bytes, in both directions, whatever the characters. */
import { describe, expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { header } from '../../support/sip/message.ts';
import { setStage } from '../../support/sip/stage.ts';
import { finalOf } from '../../support/sip/talk.ts';

const stage = setStage();

/** Characters of one, two, three and four bytes, and a line break. */
const ALPHABET = ['a', 'ü', '€', '📺', '\r\n'];

/** So many characters, of all kinds. */
function text(characters: number): string {
  return Array.from({ length: characters }, (_, at) => ALPHABET[(at * 7 + characters) % ALPHABET.length]).join('');
}

const SHORT = Array.from({ length: 65 }, (_, at) => at);
const LONG = [127, 128, 255, 256, 400];
const HUGE = [1_000, 5_000, 12_000];

describe.for([
  ['udp', [...SHORT, ...LONG]],
  ['tcp', [...SHORT, ...LONG, ...HUGE]],
] as const)('over %s', ([transport, lengths]) => {
  it('[drachtio bodies] out: Content-Length is what stands there in bytes (RFC 3261, 20.14)', async () => {
    const { srf } = await stage.application();
    const bob = await stage.peer('bob', transport);
    for (const length of lengths) {
      const body = text(length);
      const req = await srf.request(bob.uri, { method: 'MESSAGE', headers: { 'Content-Type': 'text/plain' }, body });
      const responded = finalOf(req);
      const message = await bob.next('MESSAGE');
      expect(message.body.toString()).toBe(body);
      expect(header(message, 'content-length')).toBe(String(Buffer.byteLength(body)));
      await bob.respond(message, 200, { headers: { 'Content-Type': 'text/plain' }, body });
      expect((await responded).body).toBe(body);
    }
  });

  it('[drachtio bodies] in, and back in the response (RFC 3261, 7.4.2)', async () => {
    const bodies: string[] = [];
    await stage.application({
      message(req, res) {
        bodies.push(req.body);
        res.send(200, { headers: { 'Content-Type': 'text/plain' }, body: req.body });
      },
    });
    const alice = await stage.peer('alice', transport);
    for (const length of lengths) {
      const body = text(length);
      const call = await Call.begin(alice, 'desk', {
        method: 'MESSAGE',
        headers: { 'Content-Type': 'text/plain' },
        body,
      });
      const ok = await call.response(200, 'MESSAGE');
      expect(ok.body.toString()).toBe(body);
      expect(bodies.pop() ?? '').toBe(body);
    }
  });
});
