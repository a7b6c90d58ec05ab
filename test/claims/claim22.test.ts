/** Claim 22: the TV's session is extended, over the network, to the agent's computer. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBench, type Bench } from '../support/bench.ts';
import type { WireClient } from '../support/wire.ts';
import { accept, ask, event } from '../support/wireSteps.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

/** What both sides may hear, with the number under which they heard it. */
const shared = (client: WireClient, help: string) =>
  client.heard.flatMap((message) =>
    message.type === 'event' && message.interactionId === help && !message.event.type.startsWith('offer')
      ? [`${message.seq} ${message.event.type}`]
      : [],
  );

describe('[claim 22] the session is extended to the contact centre', () => {
  it('[claim 22] [M4] one session: what happens in it is heard on both sides, in one order', async () => {
    const centre = await bench.centre();
    const desk = await centre.wireAgent(await centre.addAgent('Sam Reyes'));
    const tv = await centre.wireTv();
    // The TV's session stands, and nothing of it is at the agent's computer yet.
    expect(desk.heard.filter(({ type }) => type === 'event')).toEqual([]);

    // "the data processing system to extend the communication session with the first computing
    // device over the communication network to the second computing device in the contact center
    // environment"
    const help = await ask(tv);
    await accept(desk, help);

    // From the agent's computer through the service to the TV …
    const words = 'I can see the picture stops. Let us mend it together.';
    await desk.tell({ type: 'agent', interactionId: help, command: { type: 'sendMessage', text: words } });
    await event(tv, help, 'messageSent', ({ from, text }) => from === 'agent' && text === words);
    // … and back again.
    const [first] = (await tv.view(help, ({ tasks }) => tasks.length > 0)).tasks;
    const command = { type: 'answerTask', taskId: first?.id, answer: 'cannot' };
    await tv.tell({ type: 'viewer', interactionId: help, command });
    await event(desk, help, 'taskChanged', ({ taskId, status }) => taskId === first?.id && status === 'cannot');

    await event(tv, help, 'taskChanged');
    expect(shared(desk, help)).toEqual(shared(tv, help));
    expect(shared(tv, help).length).toBeGreaterThan(4);
  });

  it('[claim 22] [M4] the session outlives a connection: an agent’s computer that comes back is told the rest', async () => {
    const centre = await bench.centre();
    const sam = await centre.addAgent('Sam Reyes');
    const desk = await centre.wireAgent(sam);
    const tv = await centre.wireTv();
    const help = await ask(tv);
    await accept(desk, help);
    desk.cut();

    const [first] = (await tv.view(help, ({ tasks }) => tasks.length > 0)).tasks;
    const command = { type: 'answerTask', taskId: first?.id, answer: 'stillNot' };
    await tv.tell({ type: 'viewer', interactionId: help, command });

    const again = await centre.wireAgent(sam);
    const view = await again.view(help, ({ status }) => status.kind === 'active');
    expect(view.tasks.find(({ id }) => id === first?.id)?.status).toBe('notHelped');
  });
});
