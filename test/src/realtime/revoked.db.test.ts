/** Sessions that end while their connections stand, or while those are being made. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRegistrationStore } from '../../../db/registrationStore.ts';
import { Door } from '../../../src/events/door.ts';
import { CLOSE } from '../../../src/protocol/version.ts';
import { attachEndpoint } from '../../../src/realtime/endpoint.ts';
import { Roster } from '../../../src/realtime/roster.ts';
import { Talks } from '../../../src/realtime/talks.ts';
import { createRegistration, type Registration } from '../../../src/registration/registration.ts';
import type { RegistrationStore } from '../../../src/registration/ports.ts';
import { demo } from '../../support/demo.ts';
import { openDoorParts, type DoorParts } from '../../support/doorParts.ts';
import { livingRoomTv, WireClient } from '../../support/wire.ts';

let parts: DoorParts;
let registration: Registration;
let url: string;
let close: () => Promise<void>;
/** Something that happens before what a TV or agent told is kept: they were let in already. */
let meanwhile: () => Promise<void>;

beforeEach(async () => {
  parts = await openDoorParts();
  meanwhile = async () => {};
  const kept = createRegistrationStore(parts.fresh.database);
  const store: RegistrationStore = {
    ...kept,
    async recordAgentTold(...told) {
      await meanwhile();
      await kept.recordAgentTold(...told);
    },
    async recordTvTold(...told) {
      await meanwhile();
      return await kept.recordTvTold(...told);
    },
  };
  const { clock } = parts.options;
  registration = createRegistration({ store, clock, publicUrl: 'http://localhost' });
  const server = createServer();
  const endpoint = attachEndpoint(server, {
    registration,
    store: parts.store,
    door: new Door(parts.options),
    roster: new Roster(
      async () => {},
      () => {},
    ),
    talks: new Talks(),
    lineChanged() {},
    clock,
    allowedOrigins: [],
    trustProxy: false,
    limits: { max: 0, perAddress: 0, ratePerAddress: 0 },
    registerWithinMs: 60_000,
    log: { info() {}, warn() {} },
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  close = async () => {
    await endpoint.close(0);
    server.close();
    await parts.fresh.drop();
  };
});
afterEach(() => close());

async function signIn(): Promise<string> {
  return (await registration.signIn(demo.sam.email, demo.sam.password)).token;
}
async function say(message: object): Promise<WireClient> {
  const client = await WireClient.open(url);
  client.send({ v: 1, id: 'register', resume: [], ...message });
  return client;
}
const asAgent = (token: string) => {
  const told = { device: 'test bench', appVersion: '0' };
  return say({ type: 'registerAgent', credentials: { kind: 'session', token }, told });
};
const asTv = (more: object) =>
  say({ type: 'registerTv', credentials: { kind: 'secret', ...demo.tv }, told: { ...livingRoomTv, ...more } });

describe('[M3] a session that is revoked', () => {
  it('takes its connections along, and none of the same person’s other sessions', async () => {
    const [desk, home] = [await signIn(), await signIn()];
    const [atDesk, secondWindow, atHome] = [await asAgent(desk), await asAgent(desk), await asAgent(home)];
    for (const one of [atDesk, secondWindow, atHome]) await one.nextOf('resumed');
    await registration.signOut(desk);
    for (const one of [atDesk, secondWindow]) expect(await one.closed).toMatchObject({ code: CLOSE.unauthorized });
    await atHome.tell({ type: 'setPresence', wish: { kind: 'ready' } });
  });

  it('while its agent is being registered lets nobody in', async () => {
    const token = await signIn();
    meanwhile = () => registration.signOut(token);
    const desk = await asAgent(token);
    expect(await desk.closed).toMatchObject({ code: CLOSE.unauthorized });
  });

  it('by the word of another process, while its TV is being registered, lets nobody in', async () => {
    const first = await asTv({});
    const { self } = await first.nextOf('registered');
    const tvId = self.role === 'tv' ? self.tvId : '';
    meanwhile = async () => {
      await createRegistrationStore(parts.fresh.database).revokeSessions(tvId, Date.now());
      await registration.recheckSessions([tvId]);
    };
    const second = await asTv({ firmware: 'a newer one' });
    expect(await second.closed).toMatchObject({ code: CLOSE.unauthorized });
  });
});
