/** Lost connections, repeated commands, two at once, a killed service: nothing acknowledged is lost, nothing happens twice. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { EventMessage } from '../../../src/protocol/server.ts';
import type { InteractionView } from '../../../src/protocol/view.ts';
import { openBench, type Bench, type Person } from '../../support/bench.ts';
import { registerAgent, registerTv, signIn, stalledRequest } from '../../support/wire.ts';
import type { TvCredentials, WireClient } from '../../support/wire.ts';

/** A service, and a contact centre of one test on it: two agents and a TV. */
interface House {
  bench: Bench;
  sam: Person;
  priya: Person;
  tv: TvCredentials;
}

let bench: Bench;
let house: House;
let clients: WireClient[];

beforeAll(async () => {
  bench = await openBench();
});
beforeEach(async () => {
  clients = [];
  house = await houseOn(bench);
});
afterEach(() => {
  for (const client of clients) client.cut();
});
afterAll(() => bench.close());

async function houseOn(on: Bench): Promise<House> {
  const centre = await on.centre();
  const [sam, priya] = await Promise.all([centre.addAgent('Sam Reyes'), centre.addAgent('Priya Nair')]);
  return { bench: on, sam, priya, tv: await centre.addTv() };
}
/** On a service of its own, with other settings than the usual ones. */
async function moveTo(env: Record<string, string>): Promise<void> {
  const own = await openBench(env);
  onTestFinished(() => own.close());
  house = await houseOn(own);
}
async function tvOn(resume: { interactionId: string; seq: number }[] = []): Promise<WireClient> {
  const tv = await registerTv(house.bench.url, house.tv, { resume });
  clients.push(tv);
  return tv;
}
async function agentOn(
  who: 'sam' | 'priya',
  resume: { interactionId: string; seq: number }[] = [],
): Promise<WireClient> {
  const { email, password } = house[who];
  const agent = await registerAgent(house.bench.url, await signIn(house.bench.url, email, password), resume);
  clients.push(agent);
  return agent;
}
async function request(tv: WireClient, id?: string): Promise<string> {
  const { interactionId } = await tv.tell({ type: 'request', request: stalledRequest }, id);
  if (interactionId === undefined) throw new Error('A request is acknowledged with its interaction.');
  return interactionId;
}
/** The offer that stands for this agent; earlier ones, to others, come along in the history. */
async function offered(agent: WireClient, interactionId: string): Promise<string> {
  const registered = await agent.nextOf('registered');
  return await agent.until(() => {
    const status = agent.views.get(interactionId)?.status;
    const mine = status?.kind === 'offered' && status.agent.name === registered.self.name;
    return mine ? status.offerId : undefined;
  });
}
const say = (interactionId: string, command: object) => ({ type: 'agent', interactionId, command });
const answer = (interactionId: string, command: object) => ({ type: 'viewer', interactionId, command });
const seqs = (client: WireClient, interactionId: string) =>
  client.heard
    .filter((one): one is EventMessage => one.type === 'event' && one.interactionId === interactionId)
    .map((one) => one.seq);

describe('repeated commands', () => {
  it('[M4] a request that comes twice under its id opens one interaction and is answered twice', async () => {
    const tv = await tvOn();
    const id = randomUUID();
    const [first, second] = await Promise.all([request(tv, id), request(tv, id)]);
    expect(second).toBe(first);
    const again = await request(tv, id);
    expect(again).toBe(first);
    expect(tv.heard.filter((one) => one.type === 'event' && one.event.type === 'requested')).toHaveLength(1);
  });

  it('[M4] a request under another id while one is open joins it', async () => {
    const tv = await tvOn();
    expect(await request(tv)).toBe(await request(tv));
  });

  it('[M4] a request that was not acknowledged before the connection was lost is repeated and takes effect once', async () => {
    const tv = await tvOn();
    const id = randomUUID();
    tv.send({ v: 1, id, type: 'request', request: stalledRequest });
    tv.cut();
    const back = await tvOn();
    const interactionId = await request(back, id);
    const view = await back.view(interactionId, (one) => one.status.kind === 'queued');
    expect(view.timeline.filter(({ event }) => event.type === 'requested')).toHaveLength(1);
  });
});

describe('an agent who vanishes', () => {
  it('[IX8] [AG2] mid-offer: the offer goes to the next agent at once, and never to two', async () => {
    const sam = await agentOn('sam');
    const tv = await tvOn();
    const interactionId = await request(tv);
    await offered(sam, interactionId);
    const priya = await agentOn('priya');
    sam.cut();
    const offerId = await offered(priya, interactionId);
    const view = priya.views.get(interactionId);
    expect(view?.timeline.map(({ event }) => event.type)).toContain('offerEnded');
    await priya.tell(say(interactionId, { type: 'accept', offerId }));
    await tv.view(interactionId, (one) => one.status.kind === 'active' && one.status.agent.name === house.priya.name);
  });

  it('[IX19] mid-talk for longer than the grace: the viewer is back in the same place, and the next agent is asked', async () => {
    await moveTo({ AGENT_GRACE_SECONDS: '0.5' });
    const sam = await agentOn('sam');
    const tv = await tvOn();
    const interactionId = await request(tv);
    const { status } = await tv.view(interactionId, (view) => view.status.kind === 'queued');
    await sam.tell(say(interactionId, { type: 'accept', offerId: await offered(sam, interactionId) }));
    sam.cut();
    const back = await tv.view(
      interactionId,
      (view) => view.status.kind === 'queued' && view.status.why === 'agentLost',
    );
    expect(back.status).toMatchObject({ arrivedAt: (status as { arrivedAt: number }).arrivedAt });
    const priya = await agentOn('priya');
    await offered(priya, interactionId);
  });

  it('mid-talk for less than the grace: the talk goes on where it was', async () => {
    const sam = await agentOn('sam');
    const tv = await tvOn();
    const interactionId = await request(tv);
    await sam.tell(say(interactionId, { type: 'accept', offerId: await offered(sam, interactionId) }));
    sam.cut();
    const seq = Math.max(...seqs(sam, interactionId));
    const again = await agentOn('sam', [{ interactionId, seq }]);
    await again.tell(say(interactionId, { type: 'sendMessage', text: 'I am back.' }));
    const view = await tv.view(interactionId, (one) => one.messages.length === 1);
    expect(view.status.kind).toBe('active');
    expect(view.timeline.map(({ event }) => event.type)).not.toContain('offerEnded');
  });
});

describe('two agents at once', () => {
  it('[IX8] [IX17] one accepts; the other is told that the offer is gone, and nothing of the talk', async () => {
    const sam = await agentOn('sam');
    const tv = await tvOn();
    const interactionId = await request(tv);
    const offerId = await offered(sam, interactionId);
    const priya = await agentOn('priya');
    const answers = await Promise.all([
      sam.ask(say(interactionId, { type: 'accept', offerId })),
      priya.ask(say(interactionId, { type: 'accept', offerId })),
    ]);
    expect(answers.map((one) => one.type)).toEqual(['ack', 'refused']);
    expect(await priya.ask(say(interactionId, { type: 'sendMessage', text: 'Hello' }))).toMatchObject({
      type: 'refused',
    });
    expect(priya.views.has(interactionId)).toBe(false);
  });

  it('[IX8] two windows of one agent accept at once: both are answered, one talk begins', async () => {
    const one = await agentOn('sam');
    const other = await agentOn('sam');
    const tv = await tvOn();
    const interactionId = await request(tv);
    const offerId = await offered(one, interactionId);
    const answers = await Promise.all([
      one.ask(say(interactionId, { type: 'accept', offerId })),
      other.ask(say(interactionId, { type: 'accept', offerId })),
    ]);
    expect(answers.map((answered) => answered.type)).toEqual(['ack', 'ack']);
    const view = await tv.view(interactionId, (now) => now.status.kind === 'active');
    expect(view.timeline.filter(({ event }) => event.type === 'accepted')).toHaveLength(1);
  });
});

describe("the TV's socket is lost at every step of the story", () => {
  /** Each step ends with what the TV is to show; the TV is cut after it and comes back with the last seq it saw. */
  it('[M4] [M10] and the story goes on to its end, every event once, in order', async () => {
    const sam = await agentOn('sam');
    let tv = await tvOn();
    let heardBefore: number[] = [];
    const interactionId = await request(tv);
    const lose = async (shows: (view: InteractionView) => boolean) => {
      await tv.view(interactionId, shows);
      const view = tv.views.get(interactionId);
      heardBefore = heardBefore.concat(seqs(tv, interactionId));
      tv.cut();
      const back = await tvOn([{ interactionId, seq: view?.seq ?? 0 }]);
      if (view !== undefined) {
        // The view of before goes on with what comes now, as a client's does.
        back.views.set(interactionId, view);
        const since = seqs(back, interactionId);
        expect(Math.min(...since, Infinity)).toBeGreaterThan(view.seq);
      }
      tv = back;
    };

    await lose((view) => view.status.kind === 'queued');
    const offerId = await offered(sam, interactionId);
    await sam.tell(say(interactionId, { type: 'accept', offerId }));
    await tv.until(() => seqs(tv, interactionId).length > 0 || undefined);
    await lose(() => true);
    await sam.tell(
      say(interactionId, {
        type: 'sendDiagnosis',
        explanation: 'The Wi-Fi is weak.',
        tasks: [{ title: 'Move the router closer' }, { title: 'How many rooms away is it', choices: ['One', 'Two'] }],
      }),
    );
    await lose(() => true);
    const sent = await sam.view(interactionId, (view) => view.tasks.some((task) => task.choices !== undefined));
    const question = sent.tasks.find((task) => task.choices !== undefined);
    await tv.tell(answer(interactionId, { type: 'answerQuestion', taskId: question?.id, choice: 'Two' }));
    await lose(() => true);
    await sam.view(interactionId, (view) => view.tasks.some((task) => task.choice === 'Two'));
    await sam.tell(say(interactionId, { type: 'end' }));
    await lose(() => true);
    await sam.tell(say(interactionId, { type: 'close', disposition: 'followUp', note: 'Call back on Monday.' }));
    await sam.view(interactionId, (view) => view.status.kind === 'closed');
    await tv.until(() => tv.heard.find((one) => one.type === 'event' && one.event.type === 'closed'));

    const all = heardBefore.concat(seqs(tv, interactionId));
    expect(all).toEqual([...new Set(all)].sort((a, b) => a - b));
    // The agent saw the TV go and come each time, and the TV never saw the note.
    const closed = tv.heard.find((one) => one.type === 'event' && one.event.type === 'closed');
    expect(JSON.stringify(closed)).not.toContain('Monday');
  });
});

describe('the service', () => {
  it('[M4] restarted mid-interaction: everybody comes back to where they were', async () => {
    const sam = await agentOn('sam');
    const tv = await tvOn();
    const interactionId = await request(tv);
    await sam.tell(say(interactionId, { type: 'accept', offerId: await offered(sam, interactionId) }));
    const seen = (await tv.view(interactionId, (view) => view.status.kind === 'active')).seq;
    await bench.service.restart();
    expect((await tv.closed).code).toBe(1001);
    expect(tv.heard.some((one) => one.type === 'goodbye')).toBe(true);

    const samBack = await agentOn('sam');
    const tvBack = await tvOn([{ interactionId, seq: seen }]);
    await samBack.tell(say(interactionId, { type: 'sendMessage', text: 'Still here.' }));
    await tvBack.until(() => tvBack.heard.find((one) => one.type === 'event' && one.event.type === 'messageSent'));
    expect(Math.min(...seqs(tvBack, interactionId))).toBeGreaterThan(seen);
    expect(samBack.views.get(interactionId)?.status.kind).toBe('active');
  });

  it('[M4] killed without a word: what was acknowledged is there, places are kept, and help goes on', async () => {
    const tv = await tvOn();
    const interactionId = await request(tv);
    await bench.service.kill('SIGKILL');
    await bench.service.restart();
    const back = await tvOn([{ interactionId, seq: 0 }]);
    const view = await back.view(interactionId, (one) => one.status.kind === 'queued');
    expect(view.timeline[0]?.event.type).toBe('requested');
    const sam = await agentOn('sam');
    await sam.tell(say(interactionId, { type: 'accept', offerId: await offered(sam, interactionId) }));
    await back.view(interactionId, (one) => one.status.kind === 'active');
  });
});

describe('time', () => {
  it('[IX9] an offer that nobody answers expires, marks its agent, and goes on to the next', async () => {
    await moveTo({ OFFER_SECONDS: '0.3' });
    const sam = await agentOn('sam');
    const tv = await tvOn();
    await request(tv);
    const missed = await sam.until(() =>
      sam.heard.find((one) => one.type === 'presence' && one.presence.kind === 'notAnswering'),
    );
    expect(missed).toMatchObject({ work: [] });
    const offers = () => sam.heard.filter((one) => one.type === 'event' && one.event.type === 'offered').length;
    expect(offers()).toBe(1);
    // One click leads back to ready, and the same viewer is offered again.
    await sam.tell({ type: 'setPresence', wish: { kind: 'ready' } });
    await sam.until(() => offers() > 1 || undefined);
  });

  it('[IX21] a TV that stays away longer than its place is kept has left', async () => {
    await moveTo({ ABSENCE_SECONDS: '0.3' });
    const tv = await tvOn();
    const interactionId = await request(tv);
    tv.cut();
    // The service's own log tells when it is over; then the TV comes back and hears how it ended.
    const back = await untilAbandoned(interactionId);
    expect(back.views.get(interactionId)?.status).toMatchObject({ kind: 'abandoned', reason: 'absent' });
  });

  async function untilAbandoned(interactionId: string): Promise<WireClient> {
    const { openDatabase } = await import('../../../db/database.ts');
    const database = openDatabase(house.bench.service.databaseUrl, { connections: 1 });
    try {
      const listener = await database.connect();
      await listener.query(`
        create function tell_state() returns trigger language plpgsql as
          $$ begin perform pg_notify('state', new.id || ' ' || new.state); return new; end $$;
        create trigger tell_state after update on interactions for each row execute function tell_state();
        listen state`);
      const told = new Promise<void>((resolve) => {
        listener.on('notification', ({ payload }) => {
          if (payload === `${interactionId} abandoned`) resolve();
        });
      });
      const { rows } = await listener.query<{ state: string }>('select state from interactions where id = $1', [
        interactionId,
      ]);
      if (rows[0]?.state !== 'abandoned') await told;
      listener.release();
    } finally {
      await database.end();
    }
    return await tvOn([{ interactionId, seq: 0 }]);
  }
});
