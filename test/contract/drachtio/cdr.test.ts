/**
 * Call detail records: an attempt, then its start or its stop, then the stop of what started; of each side of a call
 * that is forwarded. A daemon writes them where its configuration has `generate-cdrs`.
 */
import type Srf from 'drachtio-srf';
import { describe, expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { header, statusOf } from '../../support/sip/message.ts';
import type { Peer } from '../../support/sip/peer.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE, BOB, calledIn, calledOut, heard } from '../../support/sip/talk.ts';

const stage = setStage();

interface Records {
  /** "start application uas", in the order in which they came. */
  readonly lines: string[];
  /** The messages that they bear. */
  readonly messages: Srf.SipMessage[];
  /** Resolves once nothing that was recorded is on its way any more. */
  settled(): Promise<void>;
}

/** An application that takes no calls and hears how those of others went. */
async function records(): Promise<Records> {
  const { srf } = await stage.application();
  const meter = await stage.peer('meter');
  const [lines, messages]: [string[], Srf.SipMessage[]] = [[], []];
  srf.on('cdr:attempt', (source, _time, message) => {
    lines.push(`attempt ${source}`);
    messages.push(message);
  });
  srf.on('cdr:start', (source, _time, role, message) => {
    lines.push(`start ${source} ${role}`);
    messages.push(message);
  });
  srf.on('cdr:stop', (source, _time, reason, message) => {
    lines.push(`stop ${source} ${reason}`);
    messages.push(message);
  });
  // What is asked for and told on one connection keeps its order.
  const settled = async () => void (await srf.request(meter.uri, { method: 'OPTIONS' }));
  await settled();
  return { lines, messages, settled };
}

describe('calls that the application answers', () => {
  it('[drachtio cdr] attempt, start and the stop of whoever hangs up', async () => {
    const { lines, messages, settled } = await records();
    const { call, dialog } = await calledIn(stage);
    const gone = heard(dialog, 'destroy');
    await call.bye();
    await gone;
    await settled();
    expect(lines).toEqual(['attempt network', 'start application uas', 'stop network normal-release']);
    expect(messages.map((message) => message.get('Call-ID'))).toEqual([call.callId, call.callId, call.callId]);
  });

  it('[drachtio cdr] one that is refused stops once', async () => {
    const { lines, settled } = await records();
    await stage.application({ invite: (_req, res) => res.send(486) });
    const call = await Call.begin(await stage.peer('alice'), 'bob', { body: ALICE });
    await call.ackRefusal(await call.response(486));
    await settled();
    expect(lines).toEqual(['attempt network', 'stop application call-rejected']);
  });

  it('[drachtio cdr] one that is taken back stops once', async () => {
    const { lines, settled } = await records();
    await stage.application({ invite: (_req, res) => res.send(180) });
    const call = await Call.begin(await stage.peer('alice'), 'bob', { body: ALICE });
    await call.response(180);
    await call.cancel();
    await call.ackRefusal(await call.response(487));
    await settled();
    expect(lines).toEqual(['attempt network', 'stop network call-canceled']);
  });

  it('[drachtio cdr] one whose application went stops, too', async () => {
    const { lines, settled } = await records();
    const { srf } = await stage.application({ invite: (_req, res) => res.send(180) });
    const call = await Call.begin(await stage.peer('alice'), 'bob', { body: ALICE });
    await call.response(180);
    await stage.disconnect(srf);
    await call.ackRefusal(await call.response(503));
    await settled();
    expect(lines).toEqual(['attempt network', 'stop application call-rejected']);
  });

  it('[drachtio cdr] one that ends by BYE before it was answered stops once (RFC 3261, 15)', async () => {
    const { lines, settled } = await records();
    await stage.application({
      invite: (_req, res) => res.send(180),
    });
    const call = await Call.begin(await stage.peer('alice'), 'bob', { body: ALICE });
    await call.response(180);
    await call.request('BYE');
    await call.ackRefusal(await call.response(487));
    await settled();
    expect(lines).toEqual(['attempt network', 'stop network normal-release']);
  });
});

describe('calls that the application makes', () => {
  it('[drachtio cdr] attempt, start and the stop of whoever hangs up', async () => {
    const { lines, settled } = await records();
    const { call, dialog } = await calledOut(stage);
    const destroyed = dialog.destroy();
    await call.respond(await call.hears('BYE'), 200);
    await destroyed;
    await settled();
    expect(lines).toEqual(['attempt application', 'start network uac', 'stop application normal-release']);
  });

  it('[drachtio cdr] one that is refused stops once', async () => {
    const { lines, settled } = await records();
    const { srf } = await stage.application();
    const bob = await stage.peer('bob');
    const refused = expect(srf.createUAC(bob.uri, { localSdp: ALICE })).rejects.toMatchObject({ status: 603 });
    await bob.respond(await bob.next('INVITE'), 603);
    await refused;
    await settled();
    expect(lines).toEqual(['attempt application', 'stop network call-rejected']);
  });
});

describe('calls that are forwarded', () => {
  /** alice calls, and the server asks these. */
  async function forwarded(to: Peer[], options: Srf.ProxyRequestOptions = {}): Promise<Call> {
    await stage.application({
      invite(req) {
        void req.proxy({ remainInDialog: true, ...options, destination: to.map(({ uri }) => uri) });
      },
    });
    return Call.begin(await stage.peer('alice'), 'bob', { body: ALICE });
  }

  const [BEGUN, TRIED, REFUSED] = ['attempt network', 'attempt application', 'stop network call-rejected'];
  const ANSWERED = ['start network proxy-uac', 'start application proxy-uas'];
  const ENDED = ['stop network normal-release', 'stop application normal-release'];

  it('[drachtio cdr] each target has its own, and the BYE that passes stops both sides', async () => {
    const { lines, messages, settled } = await records();
    const [bob, carol] = [await stage.peer('bob'), await stage.peer('carol')];
    const call = await forwarded([bob, carol], { forking: 'sequential' });
    await bob.respond(await bob.next('INVITE'), 486);
    const invite = await carol.next('INVITE');
    const leg = Call.from(carol, invite);
    await leg.respond(invite, 200, { body: BOB });
    await call.answered();
    await carol.next('ACK');
    await settled();
    expect(lines).toEqual([BEGUN, TRIED, REFUSED, TRIED, ...ANSWERED]);
    // A re-INVITE is no call.
    await call.request('INVITE', { body: ALICE });
    await leg.respond(await leg.hears('INVITE'), 200, { body: BOB });
    await call.ack(await call.peer.next(200));
    await call.request('BYE');
    const bye = await leg.hears('BYE');
    await leg.respond(bye, 200);
    await call.response(200, 'BYE');
    await settled();
    expect(lines.slice(6)).toEqual(ENDED);
    expect(messages.at(-1)?.get('Via')).toContain(header(bye, 'via'));
  });

  it('[drachtio cdr] when all refuse, the call stops once with what the caller hears', async () => {
    const { lines, messages, settled } = await records();
    const [bob, carol] = [await stage.peer('bob'), await stage.peer('carol')];
    const call = await forwarded([bob, carol], { forking: 'simultaneous' });
    const [one, other] = await Promise.all([bob.next('INVITE'), carol.next('INVITE')]);
    await bob.respond(one, 486);
    await bob.next('ACK');
    await carol.respond(other, 404);
    const refusal = await call.peer.next((message) => (statusOf(message) ?? 0) >= 300);
    await call.ackRefusal(refusal);
    await settled();
    expect(lines).toEqual([BEGUN, TRIED, TRIED, REFUSED, REFUSED, 'stop application call-rejected']);
    expect((messages.at(-1) as Srf.SipMessage & { status: number }).status).toBe(statusOf(refusal));
  });

  it('[drachtio cdr] taken back: stopped as cancelled on both sides', async () => {
    const { lines, settled } = await records();
    const bob = await stage.peer('bob');
    const call = await forwarded([bob]);
    const invite = await bob.next('INVITE');
    await bob.respond(invite, 180);
    await call.response(180);
    await call.cancel();
    await bob.respond(await bob.next('CANCEL'), 200);
    await bob.respond(invite, 487);
    await call.ackRefusal(await call.response(487));
    await settled();
    expect(lines.toSorted()).toEqual(
      [BEGUN, TRIED, 'stop network call-canceled', 'stop application call-canceled'].toSorted(),
    );
  });

  it('[drachtio cdr] a BYE that is challenged ends nothing yet (RFC 3261, 22.2)', async () => {
    const { lines, settled } = await records();
    const bob = await stage.peer('bob');
    const call = await forwarded([bob]);
    const invite = await bob.next('INVITE');
    const leg = Call.from(bob, invite);
    await leg.respond(invite, 200, { body: BOB });
    await call.answered();
    await call.request('BYE');
    await leg.respond(await leg.hears('BYE'), 407, {
      headers: { 'Proxy-Authenticate': 'Digest realm="b", nonce="1"' },
    });
    await call.response(407, 'BYE');
    await call.request('BYE');
    await leg.respond(await leg.hears('BYE'), 200);
    await call.response(200, 'BYE');
    await settled();
    expect(lines).toEqual([BEGUN, TRIED, ...ANSWERED, ...ENDED]);
  });

  it('[drachtio cdr] one that may go no further stops (RFC 3261, 16.3)', async () => {
    const { lines, settled } = await records();
    const bob = await stage.peer('bob');
    await stage.application({ invite: (req) => void req.proxy({ destination: bob.uri }).catch(() => undefined) });
    const alice = await stage.peer('alice');
    const call = await Call.begin(alice, 'bob', { body: ALICE, headers: { 'Max-Forwards': '0' } });
    await call.ackRefusal(await call.response(483));
    await settled();
    expect(lines).toEqual([BEGUN, 'stop application call-rejected']);
  });
});
