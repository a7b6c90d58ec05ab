/** Calls that many phones answer, or say that they ring. */
import { expect, it } from 'vitest';
import { Call } from '../../support/sip/call.ts';
import { header, tagOf } from '../../support/sip/message.ts';
import type { Arrival } from '../../support/sip/peer.ts';
import { startServer } from '../../support/sip/server.ts';
import { setStage } from '../../support/sip/stage.ts';
import { ALICE, BOB } from '../../support/sip/talk.ts';

const stage = setStage(() => startServer());
const MOST = 32;
const PHONES = Array.from({ length: 40 }, (_, phone) => `phone${phone}`);

/** The application calls bob, who has many phones. @returns the INVITE, and what the application hears */
async function calling() {
  const { srf } = await stage.application();
  const bob = await stage.peer('bob');
  const rings: number[] = [];
  const answered = srf.createUAC(bob.uri, { localSdp: ALICE }, { cbProvisional: ({ status }) => rings.push(status) });
  const invite = await bob.next('INVITE');
  return { bob, invite, rings, answered };
}

/** The engine has read what bob said before. */
async function settled(invite: Arrival, bob: Parameters<typeof Call.from>[0]): Promise<void> {
  const nowhere = Call.from(bob, invite);
  await nowhere.request('PRACK');
  await nowhere.response(481, 'PRACK');
}

const tagsOf = async (bob: Parameters<typeof Call.from>[0], method: string) => {
  const tags: (string | undefined)[] = [];
  while (bob.count(method) > 0) tags.push(tagOf(header(await bob.next(method), 'to')));
  return tags;
};

it('[RFC 3261 12.1.2] a dialog each for the first 32 that ring; of the rest nobody is told', async () => {
  const { bob, invite, rings, answered } = await calling();
  for (const tag of PHONES) await bob.respond(invite, 180, { tag });
  await settled(invite, bob);
  expect(stage.server().load?.().dialogs).toBe(MOST);
  await bob.respond(invite, 486, { tag: PHONES[0] ?? '' });
  await expect(answered).rejects.toMatchObject({ status: 486 });
  expect(rings).toHaveLength(MOST);
  expect(stage.server().load?.().dialogs).toBe(0);
});

it('[RFC 3261 13.2.2.4] whichever answers is heard, though 32 others rang before', async () => {
  const { bob, invite, answered } = await calling();
  for (const tag of PHONES) await bob.respond(invite, 180, { tag });
  await bob.respond(invite, 200, { tag: 'late', body: BOB });
  expect(tagOf(header(await bob.next('ACK'), 'to'))).toBe('late');
  const dialog = await answered;
  expect(stage.server().load?.().dialogs).toBe(1);
  const ended = dialog.destroy();
  await bob.respond(await bob.next('BYE'), 200);
  await ended;
});

it('[RFC 3261 13.2.2.4] the first has the call, 31 others are hung up on, and further answers are not heard', async () => {
  const { bob, invite, answered } = await calling();
  for (const tag of PHONES) await bob.respond(invite, 200, { tag, body: BOB });
  await settled(invite, bob);
  const dialog = await answered;
  await expect.poll(() => bob.count('ACK')).toBe(MOST);
  expect(await tagsOf(bob, 'ACK')).toEqual(expect.arrayContaining(PHONES.slice(0, MOST)));
  expect(new Set(await tagsOf(bob, 'BYE'))).toEqual(new Set(PHONES.slice(1, MOST)));
  expect(dialog.connected).toBe(true);
  expect(stage.server().load?.().dialogs).toBe(1);
});
