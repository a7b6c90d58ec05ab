/** Calls to `echo`, with media on paper: how many, with which answer, and how they end. */
import { describe, expect, it } from 'vitest';
import { EchoCalls, type OpenEchoMedia } from '../../sip/echoCalls.ts';
import { Call } from '../support/sip/call.ts';
import { header } from '../support/sip/message.ts';
import { setStage } from '../support/sip/stage.ts';
import { ALICE, BOB } from '../support/sip/talk.ts';

const stage = setStage();
const quiet = { warn: () => undefined };

/** What became of the media of one call. */
interface Paper {
  from: string;
  offers: string[];
  closed: boolean;
  /** Media cannot go on. */
  fail(): void;
}

/** The application with media that answer like this. */
async function application(answer: (offer: string) => Promise<{ answer: string } | { refused: string }>) {
  const opened: Paper[] = [];
  const open: OpenEchoMedia = async (from, fail) => {
    const paper: Paper = { from, offers: [], closed: false, fail };
    opened.push(paper);
    return {
      accept: async (offer) => {
        paper.offers.push(offer);
        return answer(offer);
      },
      close: () => (paper.closed = true),
    };
  };
  return { opened, calls: await callsTo(open) };
}

async function callsTo(open: OpenEchoMedia): Promise<EchoCalls> {
  const made = Promise.withResolvers<EchoCalls>();
  const { srf } = await stage.application({
    invite: (req, res) => void made.promise.then((calls) => calls.invite(req, res)),
  });
  made.resolve(new EchoCalls(srf, open, quiet));
  return made.promise;
}

const answered = async () => ({ answer: BOB });
const calling = async () => Call.begin(await stage.peer('alice'), 'echo', { body: ALICE });

describe('a call to echo', () => {
  it('[RFC 3261 13.3.1] is answered with what the media say, who are told where it comes from', async () => {
    const { opened } = await application(answered);
    const call = await calling();
    expect((await call.answered()).body.toString()).toBe(BOB);
    expect(opened[0]).toMatchObject({ from: '127.0.0.1', offers: [ALICE], closed: false });
    await call.bye();
    await expect.poll(() => opened[0]?.closed).toBe(true);
  });

  it('[RFC 3261 14.2] changes its session, and is told what cannot be taken', async () => {
    const { opened } = await application((offer) =>
      Promise.resolve(offer.includes('video') ? { refused: 'There is no "sound" in it.' } : { answer: BOB }),
    );
    const call = await calling();
    await call.answered();
    const held = ALICE.replace('sendrecv', 'sendonly');
    await call.request('INVITE', { body: held });
    expect((await call.answered()).body.toString()).toBe(BOB);
    call.opening = await call.request('INVITE', { body: ALICE.replace('audio', 'video') });
    const refusal = await call.response(488);
    expect(header(refusal, 'warning')).toBe('399 couchline "There is no  sound  in it."');
    await call.ackRefusal(refusal);
    expect(opened[0]?.offers[1]).toBe(held);
    await call.bye();
  });

  it('[RFC 3261 21.4.26] is refused for a session that cannot be taken, 488, and leaves nothing', async () => {
    const { opened } = await application(() => Promise.resolve({ refused: 'No codec\r\nin common' }));
    const call = await calling();
    const refusal = await call.response(488);
    expect(header(refusal, 'warning')).toBe('399 couchline "No codec  in common"');
    await call.ackRefusal(refusal);
    await expect.poll(() => opened[0]?.closed).toBe(true);
  });

  it('[RFC 3261 21.5.4] is refused with the reason while there are no media, 503', async () => {
    await callsTo(() => Promise.resolve({ missing: 'The media workers are starting.' }));
    const call = await calling();
    const refusal = await call.response(503);
    expect(header(refusal, 'warning')).toContain('The media workers are starting.');
    await call.ackRefusal(refusal);
  });

  it('[RFC 3261 21.5.1] is refused where something of ours went wrong, 500, and leaves nothing', async () => {
    const { opened } = await application(() => Promise.reject(new Error('no port left')));
    const call = await calling();
    await call.ackRefusal(await call.response(500));
    await expect.poll(() => opened[0]?.closed).toBe(true);
  });

  it('[RFC 3261 9.2] that is taken back while its media are made leaves nothing', async () => {
    const made = Promise.withResolvers<{ answer: string }>();
    const { opened } = await application(() => made.promise);
    const call = await calling();
    await call.response(100);
    await call.cancel();
    await call.ackRefusal(await call.response(487));
    made.resolve({ answer: BOB });
    await expect.poll(() => opened[0]?.closed).toBe(true);
  });

  it('[RFC 3261 15] is hung up on when its media cannot go on', async () => {
    const { opened } = await application(answered);
    const call = await calling();
    await call.answered();
    opened[0]?.fail();
    await call.respond(await call.hears('BYE'), 200);
    expect(opened[0]?.closed).toBe(true);
  });
});

it('[RFC 3261 21.4.24] ten at a time: the eleventh is busy, until one ends', async () => {
  const { opened } = await application(answered);
  const talks: Call[] = [];
  for (let count = 0; count < 10; count += 1) {
    const call = await calling();
    await call.answered();
    talks.push(call);
  }
  const eleventh = await calling();
  await eleventh.ackRefusal(await eleventh.response(486));
  await talks[0]?.bye();
  await expect.poll(() => opened[0]?.closed).toBe(true);
  const twelfth = await calling();
  await twelfth.answered();
});

describe('the end of the service', () => {
  it('[RFC 3261 15] hangs up on everybody, and nobody is answered any more', async () => {
    const { calls, opened } = await application(answered);
    const [alice, bob] = [await calling(), await calling()];
    await alice.answered();
    await bob.answered();
    const closed = calls.close();
    await alice.respond(await alice.hears('BYE'), 200);
    await bob.respond(await bob.hears('BYE'), 200);
    await closed;
    expect(opened.map((each) => each.closed)).toEqual([true, true]);
    const late = await calling();
    await late.ackRefusal(await late.response(503));
  });

  it('does not wait for a phone that is gone', async () => {
    const { calls, opened } = await application(answered);
    const call = await calling();
    await call.answered();
    await call.peer.close();
    await calls.close();
    expect(opened[0]?.closed).toBe(true);
  });
});
