/** What is too long for a datagram leaves over TCP, and by UDP after all where nobody takes that (RFC 3261 18.1.1). */
import { describe, expect, it } from 'vitest';
import { freePort } from '../../support/ports.ts';
import { Call } from '../../support/sip/call.ts';
import { header, headers, writeMessage, type SipText } from '../../support/sip/message.ts';
import type { Peer } from '../../support/sip/peer.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE, BOB } from '../../support/sip/talk.ts';

const stage = setStage();
/** The path's MTU is not known. */
const LONGEST = 1300;
const long = (bytes: number) => `${ALICE}a=note:${'x'.repeat(bytes)}\r\n`;
const size = (message: SipText) => writeMessage(message).length;

/** bob, who hears by UDP and, unless he is without, by TCP on the same port. */
async function bobs(): Promise<{ udp: Peer; tcp: Peer }> {
  const port = await freePort();
  return {
    udp: await stage.peer('bob', 'udp', undefined, port),
    tcp: await stage.peer('bob', 'tcp', undefined, port),
  };
}

describe('a request of the application', () => {
  it('[RFC 3261 18.1.1] of more than 1300 bytes leaves over TCP, and says so in Via and Contact', async () => {
    const { srf } = await stage.application();
    const { udp, tcp } = await bobs();
    const calling = srf.createUAC(udp.uri, { localSdp: long(LONGEST) });
    const invite = await tcp.next('INVITE');
    expect(header(invite, 'via')).toMatch(/^SIP\/2\.0\/TCP /);
    expect(header(invite, 'contact')).toContain(';transport=tcp');
    const call = Call.from(tcp, invite);
    await call.respond(invite, 200, { body: BOB });
    await call.hears('ACK');
    const destroyed = (await calling).destroy();
    await call.respond(await call.hears('BYE'), 200);
    await destroyed;
    expect(udp.count(() => true)).toBe(0);
  });

  it('[RFC 3261 18.1.1] leaves by UDP where the connection is refused', async () => {
    const { srf } = await stage.application();
    const bob = await stage.peer('bob', 'udp', undefined, await freePort());
    const refused = expect(srf.createUAC(bob.uri, { localSdp: long(LONGEST) })).rejects.toMatchObject({ status: 486 });
    const invite = await bob.next('INVITE');
    expect(header(invite, 'via')).toMatch(/^SIP\/2\.0\/UDP /);
    expect(header(invite, 'contact')).not.toContain('transport=tcp');
    expect(size(invite)).toBeGreaterThan(LONGEST);
    await bob.respond(invite, 486);
    await refused;
  });

  it('[RFC 3261 18.1.1] stays with UDP where the URI asks for it', async () => {
    const { srf } = await stage.application();
    const { udp, tcp } = await bobs();
    const uri = `${udp.uri};transport=udp`;
    const refused = expect(srf.createUAC(uri, { localSdp: long(LONGEST) })).rejects.toMatchObject({ status: 486 });
    await udp.respond(await udp.next('INVITE'), 486);
    await refused;
    expect(tcp.connections).toBe(0);
  });

  it('[RFC 3261 18.1.1] no datagram is longer, whatever is added to what the application wrote', async () => {
    const { srf } = await stage.application();
    const { udp, tcp } = await bobs();
    const ways = new Set<string>();
    for (let bytes = 200; bytes <= 1000; bytes += 50) {
      const sent = await srf.request(udp.uri, {
        method: 'MESSAGE',
        body: 'x'.repeat(bytes),
        headers: { Subject: `${bytes}`, 'Content-Type': 'text/plain' },
      });
      const answered = new Promise((done) => sent.on('response', done));
      const came = (message: SipText) => header(message, 'subject') === `${bytes}`;
      const [by, heard] = await Promise.race([
        udp.next(came).then((message) => [udp, message] as const),
        tcp.next(came).then((message) => [tcp, message] as const),
      ]);
      if (by === udp) expect(size(heard)).toBeLessThanOrEqual(LONGEST);
      ways.add(by.transport);
      await by.respond(heard, 200);
      await answered;
    }
    expect([...ways]).toEqual(['udp', 'tcp']);
  });

  it('[RFC 3261 18.1.1] the route of a dialog counts, too', async () => {
    const { srf } = await stage.application();
    const { udp, tcp } = await bobs();
    const calling = srf.createUAC(udp.uri, { localSdp: ALICE });
    const invite = await udp.next('INVITE');
    const call = Call.from(udp, invite);
    const { host, port } = udp.address;
    const entries = Array.from({ length: 8 }, (_, at) => `<sip:${host}:${port};lr;edge=${at}${'x'.repeat(100)}>`);
    await call.respond(invite, 200, { body: BOB, headers: { 'Record-Route': entries } });
    const ack = await Promise.race([udp.next('ACK'), tcp.next('ACK')]);
    expect(headers(ack, 'route')).toHaveLength(8);
    const dialog = await calling;
    const told = dialog.request({ method: 'INFO', body: 'hello', headers: { 'Content-Type': 'text/plain' } });
    const info = await tcp.next('INFO');
    expect(size(info)).toBeGreaterThan(LONGEST);
    await tcp.respond(info, 200);
    await told;
    const destroyed = dialog.destroy();
    const bye = await tcp.next('BYE');
    await tcp.respond(bye, 200);
    await destroyed;
  });
});

describe('a request that is forwarded', () => {
  async function forwarded(to: Peer, body: string, more: Record<string, string> = {}): Promise<Call> {
    await stage.application({ invite: (req) => void req.proxy({ destination: to.uri }) });
    return Call.begin(await stage.peer('alice', 'tcp'), 'bob', { body, headers: more });
  }

  it.for([
    ['body', long(LONGEST), {}],
    ['header', ALICE, { 'X-Note': 'x'.repeat(LONGEST) }],
  ] as const)('[RFC 3261 18.1.1] with a %s of more than 1300 bytes goes on over TCP', async ([, body, more]) => {
    const { udp, tcp } = await bobs();
    const call = await forwarded(udp, body, more);
    const invite = await tcp.next('INVITE');
    expect(header(invite, 'via')).toMatch(/^SIP\/2\.0\/TCP /);
    await tcp.respond(invite, 486);
    await call.ackRefusal(await call.response(486));
    expect(udp.count(() => true)).toBe(0);
  });

  it('[RFC 3261 18.1.1] goes on by UDP where the connection is refused', async () => {
    const bob = await stage.peer('bob', 'udp', undefined, await freePort());
    const call = await forwarded(bob, long(LONGEST));
    const invite = await bob.next('INVITE');
    expect(header(invite, 'via')).toMatch(/^SIP\/2\.0\/UDP /);
    await bob.respond(invite, 486);
    await call.ackRefusal(await call.response(486));
  });
});
