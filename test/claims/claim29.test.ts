/** Claim 29: the request identifies context of the user, the response tasks for the user to perform. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBench, type Bench } from '../support/bench.ts';
import { stalledRequest } from '../support/wire.ts';
import { accept, answer, ask, diagnosisOfAgent, event } from '../support/wireSteps.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

describe('[claim 29] context of the user leads to tasks', () => {
  it('[claim 29] [M6] [M9] [M10] who the user is and what they watch goes out, tasks chosen by it come back', async () => {
    const centre = await bench.centre();
    const desk = await centre.wireAgent(await centre.addAgent('Sam Reyes'));
    const user = { reference: 'NL-77', name: 'Bob Okoye', address: '3 Quay Lane', number: '+447700900456' };
    const tv = await centre.wireTv({ user });

    // "receive … the request for service that identifies context information associated with a user
    // of the first computing device"
    const context = { serviceState: 'paused', facts: { title: 'Harbour Lights', plan: 'Harbour Plus', profiles: 3 } };
    const help = await ask(tv, { ...stalledRequest, context });
    await accept(desk, help);
    const seen = await desk.view(help, ({ status }) => status.kind === 'active');
    expect(seen.request.context).toEqual(context);
    expect(seen.tv.customer).toMatchObject({ name: 'Bob Okoye', address: '3 Quay Lane', number: '+447700900456' });

    // "communicate … the response data that identifies one or more tasks for the user to perform as
    // identified by the second computing device using the context information"
    const { title } = seen.request.context.facts;
    await answer(desk, help, 'This one title needs a new start.', [
      { title: `Go back to the shelf and start ${title} again` },
      { title: 'Does another profile play it?', choices: ['Yes', 'No'] },
    ]);
    const { tasks } = await diagnosisOfAgent(tv, help);
    expect(tasks.map((task) => task.title)).toEqual([
      'Go back to the shelf and start Harbour Lights again',
      'Does another profile play it?',
    ]);

    // The user performs them, and the agent's computer hears how it went: round again until it is solved.
    const [start, question] = tasks;
    const say = (command: object) => tv.tell({ type: 'viewer', interactionId: help, command });
    await say({ type: 'answerTask', taskId: start?.id, answer: 'stillNot' });
    await say({ type: 'answerQuestion', taskId: question?.id, choice: 'No' });
    await event(desk, help, 'taskChanged', ({ taskId, status }) => taskId === start?.id && status === 'notHelped');
    await event(desk, help, 'taskChanged', ({ taskId, choice }) => taskId === question?.id && choice === 'No');
  });
});
