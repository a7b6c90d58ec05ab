import { it } from 'vitest';
import type { AgentCommand, ViewerCommand } from '../../../src/interaction/command.ts';
import { isEnded, type Interaction } from '../../../src/interaction/interaction.ts';
import { fc } from '../../support/properties.ts';
import { same } from './invariants.ts';
import { PEOPLE, SETS, World, type Trouble } from './world.ts';

/** One thing that happens; plain data, so that a failing script can be shortened and read. */
type Act =
  | { do: 'press'; tv: number; trouble: Trouble }
  | { do: 'word'; nth: number; word: (typeof WORDS)[number]; task: number }
  | { do: 'tv'; tv: number; connected: boolean }
  | { do: 'agent'; word: (typeof DEEDS)[number]; nth: number }
  /** An agent speaks to what is not theirs, or with an old offer's id. */
  | { do: 'stranger'; agent: number; word: (typeof DEEDS)[number]; nth: number }
  | { do: 'connection'; agent: number; connected: boolean }
  | { do: 'wish'; agent: number; ready: boolean }
  | { do: 'invite'; agent: number; tv: number }
  | { do: 'wait'; ms: number }
  | { do: 'fire'; nth: number }
  | { do: 'again'; nth: number };

const WORDS = [
  'works',
  'stillNot',
  'cannot',
  'verified',
  'failed',
  'unavailable',
  'askForPerson',
  'confirmFixed',
  'stillNeedHelp',
  'leave',
  'acceptInvitation',
  'declineInvitation',
] as const;
const DEEDS = ['accept', 'accept', 'decline', 'send', 'withdraw', 'message', 'end', 'close'] as const;

const tv = fc.nat(SETS - 1);
const agent = fc.nat(PEOPLE - 1);
const nth = fc.nat(11);
const mostly = fc.constantFrom(true, true, true, false);
const acts: { weight: number; arbitrary: fc.Arbitrary<Act> }[] = [
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('press'),
      tv,
      trouble: fc.constantFrom('attended', 'unattended', 'unknown', null),
    }),
  },
  { weight: 9, arbitrary: fc.record({ do: fc.constant('word'), nth, word: fc.constantFrom(...WORDS), task: nth }) },
  { weight: 9, arbitrary: fc.record({ do: fc.constant('agent'), word: fc.constantFrom(...DEEDS), nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stranger'), agent, word: fc.constantFrom(...DEEDS), nth }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('tv'), tv, connected: mostly }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('connection'), agent, connected: mostly }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wish'), agent, ready: mostly }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('invite'), agent, tv }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(0, 1, 5_000, 19_999) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(20_000, 31_000, 61_000, 301_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fire'), nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('again'), nth }) },
];
const script = fc.array(fc.oneof(...acts), { maxLength: 80, size: 'max' });

function perform(world: World, one: Act): void {
  switch (one.do) {
    case 'press':
      return world.press(one.tv, one.trouble);
    case 'word': {
      const reachable = world.tvs.flatMap((connected, tv) => (connected ? (world.openOf(tv) ?? []) : []));
      const open = pick(reachable, one.nth);
      if (open !== undefined) world.viewer(open.id, worded(open, one.word, one.task));
      return;
    }
    case 'tv':
      return world.connectTv(one.tv, one.connected);
    case 'agent': {
      const reachable = [...world.agents.values()].filter((agent) => agent.connected);
      const theirs = reachable.flatMap(({ id, work }) => work.map(({ interactionId }) => ({ id, interactionId })));
      const { id, interactionId } = pick(theirs, one.nth) ?? {};
      if (id === undefined || interactionId === undefined) return;
      return world.agent(id, interactionId, deed(world, world.interactions.get(interactionId)!, one.word, id));
    }
    case 'stranger': {
      const { id } = world.agentAt(one.agent);
      const target = pick([...world.interactions.values()], one.nth);
      if (target === undefined || !isStranger(target, id)) return;
      world.agent(id, target.id, deed(world, target, one.word, id));
      return same(world.interactions.get(target.id) === target, true, '[IX17] a stranger changes nothing');
    }
    case 'connection':
      return world.tell(one.agent, { type: one.connected ? 'connect' : 'disconnect' });
    case 'wish':
      return world.tell(one.agent, {
        type: 'setWish',
        wish: one.ready ? { kind: 'ready' } : { kind: 'away', reason: 'Lunch' },
      });
    case 'invite':
      return world.invite(one.agent, one.tv);
    case 'wait':
      return world.wait(one.ms);
    case 'fire': {
      const timer = pick([...world.timers], one.nth);
      if (timer !== undefined) world.fire(...timer);
      return;
    }
    case 'again': {
      const said = pick(world.said, -1 - one.nth);
      if (said !== undefined) world.again(said);
      return;
    }
  }
}

function pick<T>(all: T[], nth: number): T | undefined {
  return all.length === 0 ? undefined : all.at(nth % all.length);
}

function isStranger({ state }: Interaction, agentId: string): boolean {
  if (state.kind === 'offered') return state.offer.agent.agentId !== agentId;
  return !('agent' in state) || state.agent?.agentId !== agentId;
}

function worded(open: Interaction, word: (typeof WORDS)[number], nth: number): ViewerCommand {
  const todo = open.tasks.filter((task) => task.status === 'todo');
  const taskId = pick(nth < 9 && todo.length > 0 ? todo : open.tasks, nth)?.taskId ?? 'none';
  switch (word) {
    case 'works':
    case 'stillNot':
    case 'cannot':
      if (taskId.endsWith('asked')) return { type: 'answerQuestion', taskId, choice: nth % 2 === 0 ? 'Green' : 'Red' };
      return { type: 'answerTask', taskId, answer: word };
    case 'verified':
    case 'failed':
    case 'unavailable': {
      const checking = open.tasks.find((task) => task.status === 'checking')?.taskId;
      return { type: 'reportCheck', taskId: checking ?? taskId, result: word, evidence: 'Seen by the TV' };
    }
    default:
      return { type: word };
  }
}

function deed(world: World, target: Interaction, word: (typeof DEEDS)[number], agentId: string): AgentCommand {
  const offerId = target.state.kind === 'offered' ? target.state.offer.offerId : 'gone';
  switch (word) {
    case 'accept':
    case 'decline':
      return { type: word, offerId };
    case 'send':
      return { type: 'sendDiagnosis', diagnosis: world.diagnosis({ kind: 'agent', agentId }) };
    case 'withdraw':
      return { type: 'withdrawTask', taskId: target.tasks.at(-1)?.taskId ?? 'none' };
    case 'message':
      return { type: 'sendMessage', text: 'Hello' };
    case 'end':
      return { type: 'end' };
    case 'close':
      return { type: 'close', disposition: 'followUp', note: '' };
  }
}

/** Everybody comes back and does their work: whatever happened before, each interaction comes to its end. */
function comeToAnEnd(world: World): void {
  for (let one = 0; one < SETS; one += 1) world.connectTv(one, true);
  for (let one = 0; one < PEOPLE; one += 1) {
    world.tell(one, { type: 'connect' });
    world.tell(one, { type: 'setWish', wish: { kind: 'ready' } });
  }
  const open = () => [...world.interactions.values()].filter((one) => !isEnded(one));
  for (let round = 0; round < 20 && open().length > 0; round += 1) {
    for (const { id, state } of open()) {
      if (state.kind === 'selfService') world.viewer(id, { type: state.closure ? 'confirmFixed' : 'askForPerson' });
      if (state.kind === 'invited') world.viewer(id, { type: 'acceptInvitation' });
      if (state.kind === 'offered')
        world.agent(state.offer.agent.agentId, id, { type: 'accept', offerId: state.offer.offerId });
      if (state.kind === 'active' || state.kind === 'wrapUp') {
        world.agent(state.agent.agentId, id, { type: 'close', disposition: 'fixedClaimed', note: '' });
      }
      world.check();
    }
    world.wait(1000 * round);
  }
  same(open(), [], 'what never comes to an end');
  world.wait(1_000_000);
  same([...world.timers.keys()], [], '[IX22] timers left over');
  same(
    [...world.agents.values()].flatMap((one) => one.work),
    [],
    '[IX24] work left over',
  );
}

it('[IX6] [IX22] [IX23] [IX24] [RT3] hold whatever happens, and everybody is helped in the end', () => {
  fc.assert(
    fc.property(script, (acts) => {
      const world = new World();
      for (const one of acts) {
        perform(world, one);
        world.check();
      }
      comeToAnEnd(world);
    }),
    // WORLD_RUNS=20000 walks further than there is time for on every commit.
    { numRuns: Number(process.env.WORLD_RUNS ?? 1500) },
  );
}, 600_000);
