/** What is still under way when a call ends. The engine's clock is turned by hand. */
import { expect, it } from 'vitest';
import { HandClock } from '../../support/sip/handClock.ts';
import { cseqOf } from '../../support/sip/message.ts';
import { startServer } from '../../support/sip/server.ts';
import { setStage } from '../../support/sip/stage.ts';
import { BOB, calledOut } from '../../support/sip/talk.ts';

const clock = new HandClock();
const stage = setStage(() => startServer({ clock }));
/** 64*T1. */
const LIFETIME_MS = 32_000;

const transactions = () => stage.server().load?.().clientTransactions;

/** bob hangs up while a re-INVITE of ours waits for him. */
async function hungUp() {
  const { dialog, call } = await calledOut(stage);
  const changing = expect(dialog.modify(BOB)).rejects.toMatchObject({ status: 487 });
  const invite = await call.hears('INVITE');
  await call.respond(invite, 100);
  await call.bye();
  await changing;
  return { call, invite };
}

it.for([
  ['nothing more', undefined],
  ['487', 487],
  ['200', 200],
] as const)(
  '[RFC 3261 15.1.2] a re-INVITE of ours ends with its call, and nothing is left of it where bob says %s',
  async ([, status]) => {
    const { call, invite } = await hungUp();
    if (status !== undefined) {
      await call.respond(invite, status);
      expect(cseqOf(await call.hears('ACK')).number).toBe(cseqOf(invite).number);
    }
    clock.turn(LIFETIME_MS);
    await expect.poll(transactions).toBe(0);
    expect(call.peer.count('BYE')).toBe(0);
    expect(stage.server().load?.().dialogs).toBe(0);
  },
);
