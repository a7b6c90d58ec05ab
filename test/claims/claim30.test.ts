/** Claim 30: the TV's registration decides which contact centre answers. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBench, type Bench } from '../support/bench.ts';
import { accept, ask, heardAll, offered } from '../support/wireSteps.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

describe('[claim 30] the registration of the TV identifies the contact centre', () => {
  it('[claim 30] [M3] two centres in one service: each TV reaches its own, and the other never sees it', async () => {
    const [harbour, valley] = [await bench.centre('Harbour Help'), await bench.centre('Valley Care')];
    const sam = await harbour.wireAgent(await harbour.addAgent('Sam Reyes'));
    const eve = await valley.wireAgent(await valley.addAgent('Eve Lindqvist'));
    // Alike in everything they tell of themselves: only their registrations tell them apart.
    const ofHarbour = await harbour.wireTv();
    const ofValley = await valley.wireTv();

    // "identify, using the registration information of the first computing device, the contact
    // center environment with which to handle the request for service"
    expect((await ofHarbour.nextOf('registered')).centre.name).toBe('Harbour Help');
    expect((await ofValley.nextOf('registered')).centre.name).toBe('Valley Care');

    // "extend the communication session … to the second computing device in the contact center
    // environment identified using the registration information"
    const forEve = await ask(ofValley);
    await accept(eve, forEve);
    const forSam = await ask(ofHarbour);
    await offered(sam, forSam);

    // The other centre's agent was ready all the while and heard nothing of it …
    await Promise.all([heardAll(sam), heardAll(eve)]);
    expect([...sam.views.keys()]).toEqual([forSam]);
    expect([...eve.views.keys()]).toEqual([forEve]);
    expect(JSON.stringify(sam.heard)).not.toContain(forEve);
    expect(JSON.stringify(eve.heard)).not.toContain(forSam);

    // … and cannot reach it either, though its id were known.
    const words = { type: 'sendMessage', text: 'Hello from the valley' };
    const reached = await eve.ask({ type: 'agent', interactionId: forSam, command: words });
    expect(reached).toMatchObject({ type: 'refused', code: 'notFound' });
  });
});
