/** Requests that belong to no dialog, and those of one who guesses. */
import type Srf from 'drachtio-srf';
import { expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { statusOf } from '../../support/sip/message.ts';
import { random } from '../../support/sip/peer.ts';
import { setStage } from '../../support/sip/stage.ts';
import { calledIn, type Talk } from '../../support/sip/talk.ts';

const stage = setStage();

/** The call still carries an INFO each way. */
async function stands({ dialog, call }: Talk): Promise<void> {
  const responded = dialog.request({ method: 'INFO', headers: { 'Content-Type': 'text/plain' }, body: 'there?' });
  await call.respond(await call.hears('INFO'), 200);
  expect((await responded).status).toBe(200);
  await call.request('INFO', { headers: { 'Content-Type': 'text/plain' }, body: 'here' });
  await call.response(200, 'INFO');
  expect(dialog.connected).toBe(true);
}

it.for(['BYE', 'INFO', 'NOTIFY', 'REFER', 'UPDATE', 'INVITE', 'MESSAGE'])(
  '[drachtio dialog] %s in a dialog that there is not is answered 481, and no application hears of it (RFC 3261, 12.2.2)',
  async (method) => {
    const heard: string[] = [];
    const take = (req: Srf.SrfRequest, res: Srf.SrfResponse) => {
      heard.push(req.method);
      res.send(200);
    };
    await stage.application({ invite: take, info: take, notify: take, refer: take, message: take });
    const mallory = await stage.peer('mallory');
    const call = Call.to(mallory, 'bob');
    call.remote = `${call.remote};tag=${random()}`;
    await call.request(method, { headers: { Event: 'refer', 'Refer-To': '<sip:x@example.com>' } });
    const final = await mallory.next((message) => (statusOf(message) ?? 0) >= 200);
    expect(statusOf(final)).toBe(481);
    expect(heard).toEqual([]);
  },
);

it('[drachtio dialog] an ACK of nothing is passed over in silence (RFC 3261, 17)', async () => {
  const talk = await calledIn(stage);
  const mallory = await stage.peer('mallory');
  const call = Call.to(mallory, 'bob');
  call.remote = `${call.remote};tag=${random()}`;
  await call.request('ACK');
  // What comes after it is answered, so what came before it was seen.
  await call.request('BYE');
  const answer = await mallory.next(() => true);
  expect(statusOf(answer)).toBe(481);
  await stands(talk);
  await talk.call.bye();
});

it('[drachtio dialog] a BYE with the Call-ID of a call and other tags is answered 481, and the call stands (RFC 3261, 12.2.2)', async () => {
  const talk = await calledIn(stage);
  const mallory = await stage.peer('mallory');
  for (const [local, remote] of [
    [`<sip:alice@127.0.0.1>;tag=${random()}`, talk.call.remote],
    [talk.call.local, talk.call.remote.replace(/tag=[^;]+/, `tag=${random()}`)],
  ]) {
    const forged = Call.to(mallory, 'bob');
    Object.assign(forged, { callId: talk.call.callId, local, remote, cseq: 100 });
    await forged.request('BYE');
    await forged.response(481, 'BYE');
  }
  await stands(talk);
  await talk.call.bye();
});

it('[drachtio dialog] a request whose number was passed already is answered 500 (RFC 3261, 12.2.2)', async () => {
  const talk = await calledIn(stage);
  await talk.call.request('INFO', { headers: { CSeq: '10 INFO', 'Content-Type': 'text/plain' }, body: 'ten' });
  await talk.call.response(200, 'INFO');
  await talk.call.request('INFO', { headers: { CSeq: '9 INFO', 'Content-Type': 'text/plain' }, body: 'nine' });
  await talk.call.response(500, 'INFO');
  talk.call.cseq = 10;
  await stands(talk);
  await talk.call.bye();
});

it('[drachtio dialog] the second BYE of a call is answered 481 (RFC 3261, 15.1.2)', async () => {
  const { call } = await calledIn(stage);
  await call.bye();
  await call.request('BYE');
  await call.response(481, 'BYE');
});
