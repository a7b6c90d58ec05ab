/** Port 0, which can be written wherever a port can and leads nowhere: Node throws where something is sent to it. */
import type Srf from 'drachtio-srf';
import { describe, expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { parameterOf, header } from '../../support/sip/message.ts';
import { startServer } from '../../support/sip/server.ts';
import { setStage } from '../../support/sip/stage.ts';
import { BOB, ALICE } from '../../support/sip/talk.ts';

const stage = setStage(() => startServer({ t1: 20 }));

describe('[RFC 3261 18.2.2] a sent-by with port 0 is answered to the port that the request came from', () => {
  it('at once', async () => {
    const alice = await stage.peer('alice');
    const via = 'SIP/2.0/UDP 127.0.0.1:0;branch=z9hG4bKzero';
    const call = await Call.begin(alice, 'bob', { method: 'OPTIONS', headers: { Via: via } });
    const answer = await call.response(503, 'OPTIONS');
    expect(parameterOf(header(answer, 'via'), 'branch')).toBe('z9hG4bKzero');
  });

  it('again and again: the refusal of an INVITE that is not acknowledged', async () => {
    await stage.application({ invite: (_req, res) => void res.send(486) });
    const alice = await stage.peer('alice');
    const via = 'SIP/2.0/UDP 192.0.2.1:0;branch=z9hG4bKzeros';
    const call = await Call.begin(alice, 'bob', { headers: { Via: via }, body: ALICE });
    await call.response(486);
    await call.ackRefusal(await call.response(486));
  });
});

describe('what would leave for port 0 is told as unreachable', () => {
  it('a request in a dialog whose Contact has it', async () => {
    const answered = Promise.withResolvers<Srf.Dialog>();
    const { srf } = await stage.application({
      invite: (req, res) => void srf.createUAS(req, res, { localSdp: BOB }).then(answered.resolve, answered.reject),
    });
    const alice = await stage.peer('alice');
    const call = await Call.begin(alice, 'bob', { body: ALICE, headers: { Contact: '<sip:alice@127.0.0.1:0>' } });
    await call.answered();
    const info = await (await answered.promise).request({ method: 'INFO' });
    expect(info.status).toBe(503);
  });

  it.each(['sip:bob@127.0.0.1:0', 'sip:bob@127.0.0.1:0;transport=tcp'])('a call for %s', async (uri) => {
    const { srf } = await stage.application();
    await expect(srf.createUAC(uri, { localSdp: ALICE })).rejects.toMatchObject({ status: 503 });
  });
});
