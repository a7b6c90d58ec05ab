/** Claim 31: what the agents' computers registered decides to which of them the session is extended. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBench, type Bench } from '../support/bench.ts';
import type { WireClient } from '../support/wire.ts';
import { ask, heardAll, offered } from '../support/wireSteps.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

/** Of two ready agents, one is offered the interaction and the other hears nothing of it. */
async function offeredOnlyTo(chosen: WireClient, other: WireClient, help: string) {
  const view = await offered(chosen, help);
  await heardAll(other);
  expect([...other.views.keys()]).toEqual([]);
  return view.match;
}

// "receive, from the second computing device in the contact center environment, registration
// information of the second computing device; and extend the communication session with the first
// computing device to the second computing device … using the registration information"
describe('[claim 31] the registration of the agent’s computer decides', () => {
  it('[claim 31] [M2] [M3] skills: who has those of the queue', async () => {
    const centre = await bench.centre();
    await centre.addQueue({ name: 'Set-top boxes', model: 'STB*', skills: ['boxes'] });
    // Sam is free for longer, and would be asked first if skills did not count.
    const sam = await centre.wireAgent(await centre.addAgent('Sam Reyes'));
    const alice = await centre.wireAgent(await centre.addAgent('Alice Moreau', { skills: ['boxes'] }));
    const registered = await alice.nextOf('registered');
    expect(registered.self).toMatchObject({ role: 'agent', name: 'Alice Moreau', skills: ['boxes'] });

    const queuesOf = async (agent: WireClient) => (await agent.nextOf('queues')).queues.map(({ name }) => name);
    expect(await queuesOf(sam)).toEqual(['Help line']);
    expect(await queuesOf(alice)).toEqual(['Set-top boxes', 'Help line']);

    const help = await ask(await centre.wireTv({ form: 'set-top-box', model: 'STB-200', displayModel: 'Panel 55' }));
    expect(await offeredOnlyTo(alice, sam, help)).toMatchObject({ queueName: 'Set-top boxes', rule: 'queue' });
  });

  it('[claim 31] [M2] [M3] customers looked after: whose customer it is', async () => {
    const centre = await bench.centre();
    const bob = await centre.addCustomer('NL-77', 'Bob Okoye');
    const sam = await centre.wireAgent(await centre.addAgent('Sam Reyes'));
    const alice = await centre.wireAgent(await centre.addAgent('Alice Moreau', { customersLookedAfter: [bob] }));

    const help = await ask(await centre.wireTv({}, await centre.addTv('Living room TV', bob)));
    const match = await offeredOnlyTo(alice, sam, help);
    expect(match).toMatchObject({ rule: 'customersLookedAfter', reason: expect.stringContaining('Alice Moreau') });
  });

  it('[claim 31] [M1] [M3] a named representative: who is wanted, before whoever looks after the customer', async () => {
    const centre = await bench.centre();
    const bob = await centre.addCustomer('NL-77', 'Bob Okoye');
    const alice = await centre.wireAgent(await centre.addAgent('Alice Moreau', { customersLookedAfter: [bob] }));
    const sam = await centre.wireAgent(await centre.addAgent('Sam Reyes'));

    const credentials = await centre.addTv('Living room TV', bob);
    const help = await ask(await centre.wireTv({ wantedRepresentative: 'Sam Reyes' }, credentials));
    expect(await offeredOnlyTo(sam, alice, help)).toMatchObject({ rule: 'namedRepresentative' });
  });

  it('[claim 31] [M2] only who has registered: a computer that left is offered nothing', async () => {
    const centre = await bench.centre();
    const sam = await centre.wireAgent(await centre.addAgent('Sam Reyes'));
    const alice = await centre.wireAgent(await centre.addAgent('Alice Moreau'));
    sam.socket.close();
    await sam.closed;
    const help = await ask(await centre.wireTv());
    // Sam was free for longer and would have been asked first.
    expect((await offered(alice, help)).status).toMatchObject({ agent: { name: 'Alice Moreau' } });
  });
});
