/** What RFC 3261 16 asks of a proxy besides the contract: routes that name us, timer C, challenges, sips. */
import { once } from 'node:events';
import type Srf from 'drachtio-srf';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Dns } from '../../../sip/engine/transports/target.ts';
import { Call } from '../../support/sip/call.ts';
import { HandClock } from '../../support/sip/handClock.ts';
import { header, headers, statusOf, targetOf, uriOf } from '../../support/sip/message.ts';
import type { Headers, Peer, Transport } from '../../support/sip/peer.ts';
import { startServer } from '../../support/sip/server.ts';
import { setStage, type Stage } from '../../support/sip/stage.ts';
import { ALICE, BOB } from '../../support/sip/talk.ts';
import { makeCertificate, type Certificate } from '../../support/sip/tls.ts';
import { missingTools } from '../../support/sip/tools.ts';

/** The application forwards every INVITE to them. */
async function forwardsTo(stage: Stage, to: string[], options: Srf.ProxyRequestOptions = {}): Promise<void> {
  await stage.application({ invite: (req) => void req.proxy({ ...options, destination: to }) });
}

/** alice calls bob by way of the server, who stays in between. */
async function talking(stage: Stage, asked: Headers = {}): Promise<{ alice: Call; bob: Call; entry: string }> {
  const bob = await stage.peer('bob');
  await forwardsTo(stage, [bob.uri], { remainInDialog: true });
  const alice = await Call.begin(await stage.peer('alice'), 'bob', { body: ALICE, headers: asked });
  const invite = await bob.next('INVITE');
  const leg = Call.from(bob, invite);
  await leg.respond(invite, 200, { body: BOB });
  await alice.answered();
  await bob.next('ACK');
  return { alice, bob: leg, entry: header(invite, 'record-route') ?? '' };
}

describe('a Route that names us has served', () => {
  /** Who proxy.example is: this machine. */
  const nothing = () => Promise.reject(new Error('ENODATA'));
  const dns: Dns = { naptr: nothing, srv: nothing, lookup: () => Promise.resolve(['127.0.0.1']) };
  const stage = setStage(() => startServer({ dns }));

  it.for(['127.0.0.1', 'proxy.example'])(
    '[RFC 3261 16.4] of a phone that has us as its outbound proxy: %s',
    async (host) => {
      const bob = await stage.peer('bob');
      await forwardsTo(stage, [bob.uri]);
      const route = `<sip:${host}:${stage.address('udp').port};lr>`;
      const call = await Call.begin(await stage.peer('alice'), 'bob', { body: ALICE, headers: { Route: route } });
      const invite = await bob.next('INVITE');
      expect(header(invite, 'route')).toBeUndefined();
      await bob.respond(invite, 200, { body: BOB });
      await call.response(200);
    },
  );

  it('[RFC 3261 16.4] the entries behind it are where it goes on', async () => {
    const [bob, edge] = [await stage.peer('bob'), await stage.peer('edge')];
    await forwardsTo(stage, [bob.uri]);
    const next = `<${edge.uri};lr>`;
    const route = [`<sip:127.0.0.1:${stage.address('udp').port};lr>`, next];
    const call = await Call.begin(await stage.peer('alice'), 'bob', { body: ALICE, headers: { Route: route } });
    const invite = await edge.next('INVITE');
    expect(targetOf(invite)).toBe(bob.uri);
    expect(headers(invite, 'route')).toEqual([next]);
    await edge.respond(invite, 486);
    await call.ackRefusal(await call.response(486));
  });

  it('[RFC 3261 16.6] a next hop that routes strictly gets its own URI, and behind it stands the target', async () => {
    const [bob, edge] = [await stage.peer('bob'), await stage.peer('edge')];
    await forwardsTo(stage, [bob.uri]);
    const call = await Call.begin(await stage.peer('alice'), 'bob', {
      body: ALICE,
      headers: { Route: `<${edge.uri}>` },
    });
    const invite = await edge.next('INVITE');
    expect(targetOf(invite)).toBe(edge.uri);
    expect(headers(invite, 'route')).toEqual([`<${bob.uri}>`]);
    await edge.respond(invite, 486);
    await call.ackRefusal(await call.response(486));
  });

  it('[RFC 3261 16.4] before our own entry, in a dialog that we stayed in', async () => {
    const { alice, bob } = await talking(stage);
    alice.routes.unshift(`<sip:127.0.0.1:${stage.address('udp').port};lr>`);
    await alice.request('BYE');
    const bye = await bob.hears('BYE');
    expect(header(bye, 'route')).toBeUndefined();
    await bob.respond(bye, 200);
    await alice.response(200, 'BYE');
  });

  it('[RFC 3261 16.4] and without an entry of ours a request goes nowhere: we are nobody’s relay', async () => {
    const { alice, bob } = await talking(stage);
    alice.routes = [`<sip:127.0.0.1:${stage.address('udp').port};lr>`];
    await alice.request('BYE');
    await alice.response(481, 'BYE');
    expect(bob.peer.count('BYE')).toBe(0);
  });

  it('[RFC 3261 16.4] a router that routes strictly says our entry as its target', async () => {
    const { alice, bob, entry } = await talking(stage);
    const target = alice.target;
    alice.target = uriOf(entry);
    alice.routes = [`<${target}>`];
    await alice.request('BYE');
    const bye = await bob.hears('BYE');
    expect(targetOf(bye)).toBe(target);
    expect(header(bye, 'route')).toBeUndefined();
    await bob.respond(bye, 200);
    await alice.response(200, 'BYE');
  });
});

describe('a Route of a browser', () => {
  let web: { host: string; port: number };
  const stage = setStage(async () => {
    const server = await startServer({ pages: (_request, response) => response.end() });
    web = server.web as typeof web;
    return server;
  });

  it('[RFC 3261 16.4, RFC 7118] has served, whatever name it knows our WebSocket by', async () => {
    const bob = await stage.peer('bob');
    await forwardsTo(stage, [bob.uri]);
    const socket = new WebSocket(`ws://${web.host}:${web.port}/sip`, 'sip');
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    const names = ['From: <sip:alice@x.invalid>;tag=1', 'To: <sip:bob@help.example>', 'Call-ID: 1@x', 'CSeq: 1 INVITE'];
    const ways = ['Via: SIP/2.0/WSS x.invalid;branch=z9hG4bKone', 'Route: <sip:help.example;transport=ws;lr>'];
    const contact = 'Contact: <sip:alice@x.invalid;transport=ws>';
    socket.send(['INVITE sip:bob@help.example SIP/2.0', ...ways, ...names, contact, '', ''].join('\r\n'));
    const invite = await bob.next('INVITE');
    expect(header(invite, 'route')).toBeUndefined();
    await bob.respond(invite, 486);
    await bob.next('ACK');
  });
});

describe('timer C', () => {
  const clock = new HandClock();
  const stage = setStage(() => startServer({ clock }));

  it('[RFC 3261 16.7] begins anew with each provisional response but 100', async () => {
    const bob = await stage.peer('bob');
    await forwardsTo(stage, [bob.uri]);
    const call = await Call.begin(await stage.peer('alice'), 'bob', { body: ALICE });
    const invite = await bob.next('INVITE');
    for (const minute of [2, 4, 6]) {
      await bob.respond(invite, 180, { headers: { 'X-Minute': String(minute) } });
      await call.response(180);
      clock.turn(120_000);
    }
    expect(bob.count('CANCEL')).toBe(0);
    clock.turn(61_000);
    await bob.respond(await bob.next('CANCEL'), 200);
    await call.ackRefusal(await call.response(408));
    await bob.respond(invite, 487);
    await bob.next('ACK');
  });

  it('[RFC 3261 16.8] a time of the application’s own goes on whatever rings', async () => {
    const bob = await stage.peer('bob');
    await forwardsTo(stage, [bob.uri], { finalTimeout: '30s' });
    const call = await Call.begin(await stage.peer('alice'), 'bob', { body: ALICE });
    const invite = await bob.next('INVITE');
    for (let rings = 0; rings < 2; rings += 1) {
      await bob.respond(invite, 180);
      await call.response(180);
      clock.turn(15_000);
    }
    await bob.respond(await bob.next('CANCEL'), 200);
    await call.ackRefusal(await call.response(408));
    await bob.respond(invite, 487);
    await bob.next('ACK');
  });
});

describe('challenges', () => {
  const stage = setStage();

  it('[RFC 3261 16.7] of all branches come in one response', async () => {
    const [bob, carol, dave] = [await stage.peer('bob'), await stage.peer('carol'), await stage.peer('dave')];
    await forwardsTo(stage, [bob.uri, carol.uri, dave.uri], { forking: 'simultaneous' });
    const call = await Call.begin(await stage.peer('alice'), 'bob', { body: ALICE });
    const realm = (name: string) => `Digest realm="${name}", nonce="${name}1"`;
    await bob.respond(await bob.next('INVITE'), 407, { headers: { 'Proxy-Authenticate': realm('bob') } });
    await bob.next('ACK');
    const asked = { 'WWW-Authenticate': realm('carol'), 'Proxy-Authenticate': realm('edge') };
    await carol.respond(await carol.next('INVITE'), 401, { headers: asked });
    await carol.next('ACK');
    await dave.respond(await dave.next('INVITE'), 486, { headers: { 'WWW-Authenticate': realm('dave') } });
    const refusal = await call.peer.next((message) => (statusOf(message) ?? 0) >= 300);
    expect(statusOf(refusal)).toBe(407);
    const challenges = refusal.headers.filter(([name]) => name.endsWith('-Authenticate'));
    expect(challenges).toEqual([
      ['Proxy-Authenticate', realm('bob')],
      ['WWW-Authenticate', realm('carol')],
      ['Proxy-Authenticate', realm('edge')],
    ]);
    await call.ackRefusal(refusal);
  });
});

describe.skipIf((await missingTools()).includes('openssl'))('a sips URI', () => {
  let certificate: Certificate;
  const stage = setStage(async () => {
    certificate = await makeCertificate();
    return startServer({ certificate });
  });

  const phone = (name: string, transport: Transport): Promise<Peer> => stage.peer(name, transport, certificate);

  /** What stands in Record-Route of an INVITE that came this way, when it goes on to that URI. */
  async function entries(from: Transport, uri: (bob: Peer) => string): Promise<string[]> {
    const bob = await phone('bob', 'tls');
    await forwardsTo(stage, [uri(bob)], { remainInDialog: true });
    const call = await Call.begin(await phone('alice', from), 'bob', { body: ALICE });
    const invite = await bob.next('INVITE');
    await bob.respond(invite, 486);
    await call.ackRefusal(await call.response(486));
    return headers(invite, 'record-route').map(uriOf);
  }

  const sips = ({ address }: Peer) => `sips:bob@${address.host}:${address.port}`;

  it.for(['tls', 'tcp'] as const)(
    '[RFC 3261 16.6] stays one in Record-Route, when it came over %s',
    async (transport) => {
      const found = await entries(transport, sips);
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(new RegExp(`^sips:\\w+@127\\.0\\.0\\.1:${stage.address('tls').port};lr$`));
    },
  );

  it('[RFC 3261 16.6] and where the target is none, there is none in Record-Route, though TLS carries both', async () => {
    const found = await entries('tls', (bob) => bob.uri);
    expect(found[0]).toMatch(/^sip:\w+@127\.0\.0\.1:\d+;transport=tls;lr$/);
  });
});
