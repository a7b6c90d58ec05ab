/** Applications at the control port: who is let in, who is handed what, and what happens when one goes. */
import { randomUUID } from 'node:crypto';
import Srf from 'drachtio-srf';
import { afterEach, describe, expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { ControlClient } from '../../support/sip/control.ts';
import { statusOf } from '../../support/sip/message.ts';
import { startRelay, type Relay } from '../../support/sip/relay.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE, BOB, calledIn, heard } from '../../support/sip/talk.ts';

const stage = setStage();
const clients: ControlClient[] = [];
const relays: Relay[] = [];

afterEach(async () => {
  clients.splice(0).forEach((client) => client.close());
  await Promise.all(relays.splice(0).map((relay) => relay.close()));
});

async function client(): Promise<ControlClient> {
  const opened = await ControlClient.open(stage.server().control);
  clients.push(opened);
  return opened;
}

/** What the server answers to a request that has this id. */
async function reply(to: ControlClient, id: string): Promise<string | null> {
  const frame = await to.next();
  return frame === null ? null : (frame.split(`|response|${id}|`)[1] ?? `not a response: ${frame}`);
}

async function authenticate(to: ControlClient): Promise<string | null> {
  const id = randomUUID();
  to.send(`${id}|authenticate|${stage.server().control.secret}|`);
  return reply(to, id);
}

describe('the door', () => {
  it('[drachtio control] the secret opens: OK, where the server is reached, and a version that is pinged', async () => {
    const { hostports, version } = await stage.application();
    expect(hostports).toMatch(/udp\/127\.0\.0\.1:\d+/);
    expect(hostports).toMatch(/tcp\/127\.0\.0\.1:\d+/);
    expect(version).toMatch(/^v\d+\.\d+\.\d+/);
  });

  it('[drachtio control] a wrong secret is refused, and is handed nothing', async () => {
    const srf = new Srf() as Srf.Application;
    const refused = new Promise<Error | null>((done) => srf.on('connect', (error) => done(error)));
    srf.on('error', () => undefined);
    let taken = 0;
    srf.invite(() => (taken += 1));
    void srf.connect({ ...stage.server().control, secret: 'guessed', reconnect: { maxAttempts: 1 } });
    expect((await refused)?.message).toMatch(/authenticate/);
    const alice = await stage.peer('alice');
    const call = await Call.begin(alice, 'bob', { body: ALICE });
    await call.ackRefusal(await call.response(503));
    expect(taken).toBe(0);
  });

  it('[drachtio control] who does not say the secret first is sent away', async () => {
    const stranger = await client();
    const id = randomUUID();
    stranger.send(`${id}|route|INVITE`);
    expect((await reply(stranger, id))?.startsWith('OK') ?? false).toBe(false);
  });

  it('[drachtio control] a ping is answered', async () => {
    const app = await client();
    expect(await authenticate(app)).toMatch(/^OK\|/);
    app.send('p1|ping');
    expect(await reply(app, 'p1')).toBe('OK|pong');
  });

  it('[drachtio control] frames may come byte by byte, or many at once', async () => {
    const app = await client();
    expect(await authenticate(app)).toMatch(/^OK\|/);
    for (const byte of Buffer.from('7#p1|ping')) app.raw(Buffer.from([byte]));
    expect(await reply(app, 'p1')).toBe('OK|pong');
    app.raw('7#p2|ping7#p3|ping7#p4|ping');
    for (const id of ['p2', 'p3', 'p4']) expect(await reply(app, id)).toBe('OK|pong');
  });

  it.for(['abc#x|ping', '999999999#x', '-5#x|ping', 'no frame at all, and never will be one'])(
    '[drachtio control] %s ends that connection and no other',
    async (nonsense) => {
      const [one, other] = [await client(), await client()];
      expect(await authenticate(one)).toMatch(/^OK\|/);
      expect(await authenticate(other)).toMatch(/^OK\|/);
      one.raw(nonsense);
      while ((await one.next()) !== null);
      other.send('p1|ping');
      expect(await reply(other, 'p1')).toBe('OK|pong');
    },
  );
});

describe('several applications', () => {
  it('[drachtio control] calls are handed out in turn, and a call stays with its application', async () => {
    const taken = [0, 0];
    const ended = [0, 0];
    for (const which of [0, 1]) {
      const { srf } = await stage.application({
        invite(req, res) {
          taken[which]! += 1;
          void srf.createUAS(req, res, { localSdp: BOB }).then((dialog) => {
            dialog.on('destroy', () => (ended[which]! += 1));
          });
        },
      });
    }
    const alice = await stage.peer('alice');
    const calls = [];
    for (let count = 0; count < 6; count += 1) {
      const call = await Call.begin(alice, 'bob', { body: ALICE });
      await call.answered();
      calls.push(call);
    }
    expect(taken).toEqual([3, 3]);
    for (const call of calls) await call.bye();
    await expect.poll(() => ended).toEqual([3, 3]);
  });

  it('[drachtio control] a method is handed only to those that asked for it', async () => {
    await stage.application({ invite: (_req, res) => res.send(486) });
    await stage.application({ options: (_req, res) => res.send(200) });
    const alice = await stage.peer('alice');
    for (let count = 0; count < 3; count += 1) {
      const call = await Call.begin(alice, 'bob', { body: ALICE });
      await call.ackRefusal(await call.response(486));
      await (await Call.begin(alice, 'bob', { method: 'OPTIONS' })).response(200, 'OPTIONS');
    }
  });

  it('[drachtio control] an application that is gone is handed nothing more', async () => {
    const { srf } = await stage.application({ invite: (_req, res) => res.send(486) });
    await stage.application({ invite: (_req, res) => res.send(603) });
    await stage.disconnect(srf);
    const alice = await stage.peer('alice');
    for (let count = 0; count < 3; count += 1) {
      const call = await Call.begin(alice, 'bob', { body: ALICE });
      await call.ackRefusal(await call.response(603));
    }
  });
});

describe('a connection that breaks', () => {
  it('[drachtio control] the client comes back by itself and takes calls again', async () => {
    const { control } = stage.server();
    const relay = await startRelay(control);
    relays.push(relay);
    const srf = new Srf() as Srf.Application;
    srf.on('error', () => undefined);
    srf.invite((_req, res) => res.send(486));
    const first = heard(srf, 'connect');
    void srf.connect({ ...control, port: relay.port });
    await first;
    const again = heard(srf, 'connect');
    relay.cut();
    await again;
    const alice = await stage.peer('alice');
    const call = await Call.begin(alice, 'bob', { body: ALICE });
    await call.ackRefusal(await call.response(486));
    const closed = heard(srf, 'close');
    srf.disconnect();
    await closed;
  });

  it('[drachtio control] a call whose application is gone can be hung up by its peer', async () => {
    const { srf, call } = await calledIn(stage);
    await stage.disconnect(srf);
    await call.request('BYE');
    const final = await call.peer.next((message) => (statusOf(message) ?? 0) >= 200);
    expect([200, 481, 503]).toContain(statusOf(final));
  });

  it('[drachtio control] a call that rang at an application that is gone is refused, not forgotten', async () => {
    const invited = Promise.withResolvers<void>();
    const { srf } = await stage.application({ invite: () => invited.resolve() });
    const alice = await stage.peer('alice');
    const call = await Call.begin(alice, 'bob', { body: ALICE });
    await invited.promise;
    await stage.disconnect(srf);
    await call.cancel();
    await call.response(200, 'CANCEL');
    const final = await alice.next((message) => (statusOf(message) ?? 0) >= 300);
    expect([487, 503, 480, 500]).toContain(statusOf(final));
    await call.ackRefusal(final);
  });
});
