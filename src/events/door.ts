/**
 * The event handling component's one door. A command comes in; the state is loaded, the
 * transition made, all that follows settled; one commit keeps it; only then is the sender
 * answered and everybody told. A command that comes twice takes effect once.
 */
import { isDeepStrictEqual } from 'node:util';
import type { AgentCommand } from '../agent/agent.ts';
import { newAgent } from '../agent/transition.ts';
import type { CatalogueTask } from '../diagnosis/diagnosis.ts';
import type { AgentCommand as InteractionAgentCommand, ViewerCommand } from '../interaction/command.ts';
import type { ServiceRequest } from '../interaction/facts.ts';
import type { RefusalCode } from '../protocol/server.ts';
import { matchTv } from '../routing/match.ts';
import { CentreState } from './centreState.ts';
import { CentreWriter } from './centreWriter.ts';
import type { Answer, Clock, Meter, Relay, Store, Timer } from './ports.ts';
import { UnitOfWork, type Times } from './unitOfWork.ts';

/** Who says it, and under which id of their own; the id makes a repetition harmless. */
export interface Sender {
  centreId: string;
  /** The TV's or agent's id. */
  senderId: string;
  commandId: string;
}

/** An agent as the registration component knows them. */
export interface AgentProfile {
  agentId: string;
  name: string;
  skills: string[];
  customersLookedAfter: string[];
  capacity: number;
}

export interface DoorOptions {
  store: Store;
  relay: Relay;
  clock: Clock;
  times: Times;
  newId: () => string;
  /** Nobody counts when left out. */
  meter?: Meter;
}

/** What is recovered after a crash: so much of one centre's at a time, and so many such parts at once. */
const PART = 250;
const PARTS_AT_ONCE = 4;

export class Door {
  readonly #store: Store;
  readonly #relay: Relay;
  readonly #clock: Clock;
  readonly #times: Times;
  readonly #newId: () => string;
  readonly #meter: Meter | undefined;
  readonly #writers = new Map<string, CentreWriter>();
  /** TVs as `tvConnection` told of them last, in the order in which commands are decided. */
  readonly #connectedTvs = new Set<string>();
  #underWay = 0;
  #idle: (() => void)[] = [];

  constructor(options: DoorOptions) {
    this.#store = options.store;
    this.#relay = options.relay;
    this.#clock = options.clock;
    this.#times = options.times;
    this.#newId = options.newId;
    this.#meter = options.meter;
  }

  /**
   * A TV asks for help (M6). Joins what is open for this TV already.
   * @param asker a system may ask for a TV that is away (M8): that one keeps its place for as long as if it had
   *   asked itself and gone
   */
  async request(sender: Sender, request: ServiceRequest, asker: 'tv' | 'system' = 'tv'): Promise<Answer> {
    const { centreId, senderId } = sender;
    // Read before its turn comes, all at once: the centre's other commands need not wait for it.
    const read = { tv: this.#store.tv(centreId, senderId), catalogue: this.#store.catalogue(centreId) };
    for (const one of Object.values(read)) one.catch(() => {});
    return await this.#take(sender, async (work) => {
      work.know(senderId, read);
      const open = await work.openInteractionOf(senderId);
      if (open !== null) {
        const news = {
          type: 'update' as const,
          screen: request.screen,
          context: request.context,
          ...(request.fault === null ? {} : { fault: request.fault }),
        };
        // What is open may be in wrap-up, which takes no news: joining it is all there is to do.
        await work.say(open, { by: { kind: 'viewer' }, command: news });
        return { ok: true, interactionId: open };
      }
      const tv = await work.tv(senderId);
      if (tv === null) return refused('notFound', 'This TV is not known here any more. Pair it again.');
      const interactionId = work.begins();
      const refusal = await work.say(interactionId, {
        by: { kind: 'service' },
        command: { type: 'request', interactionId, centreId: sender.centreId, tv: tv.summary, request },
      });
      if (refusal !== null) return refused(refusal.code, refusal.message);
      // Known in this command's turn: what is told of the TV later finds the interaction open.
      if (asker === 'system' && !this.#connectedTvs.has(senderId)) {
        await work.say(interactionId, { by: { kind: 'service' }, command: { type: 'tvLost' } });
      }
      return { ok: true, interactionId };
    });
  }

  /** The viewer answers within an interaction of their own TV. */
  async viewer(sender: Sender, interactionId: string, command: ViewerCommand): Promise<Answer> {
    return await this.#take(sender, async (work) => {
      const interaction = await work.interaction(interactionId);
      if (interaction?.tv.tvId !== sender.senderId) return notFound();
      const refusal = await work.say(interactionId, { by: { kind: 'viewer' }, command });
      return refusal === null ? { ok: true, interactionId } : refused(refusal.code, refusal.message);
    });
  }

  /** An agent speaks within an interaction that is offered to, or with them. */
  async agent(sender: Sender, interactionId: string, command: AgentSays): Promise<Answer> {
    return await this.#take(sender, async (work) => {
      const agent = await work.agent(sender.senderId);
      const interaction = await work.interaction(interactionId);
      if (agent === null || interaction === null) return notFound();
      const refusal = await work.say(interactionId, {
        by: { kind: 'agent', agentId: agent.id },
        command: this.#named(agent.id, command),
      });
      return refusal === null ? { ok: true, interactionId } : refused(refusal.code, refusal.message);
    });
  }

  /** An agent starts an interaction with a registered TV (M7). */
  async invite(sender: Sender, tvId: string, tvConnected: boolean): Promise<Answer> {
    return await this.#take(sender, async (work) => {
      const agent = await work.agent(sender.senderId);
      if (agent === null) return notFound();
      const tv = await work.tv(tvId);
      if (tv === null) return refused('notFound', 'This TV is not known here. Search for it again.');
      if (!agent.connected || agent.work.length >= agent.capacity) {
        return refused('busy', 'You are helping somebody else. Finish that first, then offer help to this TV.');
      }
      if ((await work.openInteractionOf(tvId)) !== null) {
        return refused('busy', 'This TV has help under way already.');
      }
      const now = this.#clock();
      const queues = await work.queues();
      const match = matchTv(tv.facts, queues, [], now, { preferMs: 0 });
      const interactionId = work.begins();
      const refusal = await work.say(interactionId, {
        by: { kind: 'service' },
        command: {
          type: 'invite',
          interactionId,
          centreId: sender.centreId,
          tv: tv.summary,
          request: {
            fault: null,
            screen: { path: [], focused: null, recentActions: [] },
            context: { serviceState: 'unknown', facts: {} },
          },
          agent: { agentId: agent.id, name: agent.name },
          match: { ...match, reason: `${agent.name} started this.` },
          tvConnected,
          expiresAt: now + this.#times.invitationMs,
        },
      });
      return refusal === null ? { ok: true, interactionId } : refused(refusal.code, refusal.message);
    });
  }

  /** The agent sets their presence. */
  async setWish(sender: Sender, wish: (AgentCommand & { type: 'setWish' })['wish']): Promise<Answer> {
    return await this.#take(sender, async (work) => {
      const refusal = await work.sayToAgent(sender.senderId, { type: 'setWish', wish });
      return refusal === null ? { ok: true, interactionId: null } : refused('wrongState', refusal.message);
    });
  }

  /** An agent registered: their record is made, or brought up to what is known of them now. */
  async agentKnown(centreId: string, profile: AgentProfile): Promise<void> {
    const { agentId, ...known } = profile;
    await this.#run(centreId, async (work) => {
      await work.replaceAgent(agentId, (kept) => {
        if (kept === null) return newAgent({ id: agentId, centreId, ...known }, this.#clock());
        const next = { ...kept, ...known };
        return isDeepStrictEqual(next, kept) ? kept : next;
      });
    });
  }

  /** The agent's first connection is there: work may come. */
  async agentConnected(centreId: string, agentId: string): Promise<void> {
    await this.#run(centreId, async (work) => {
      await work.sayToAgent(agentId, { type: 'connect' });
    });
  }

  /** The agent's last connection is gone. */
  async agentDisconnected(centreId: string, agentId: string): Promise<void> {
    await this.#run(centreId, async (work) => {
      await work.sayToAgent(agentId, { type: 'disconnect' });
    });
  }

  /** The TV's connection is there again, or gone; only what is open for it is told. */
  async tvConnection(centreId: string, tvId: string, connected: boolean): Promise<void> {
    await this.#run(centreId, async (work) => {
      // Where this is not kept, it is told again until it is, or until the opposite is.
      if (connected) this.#connectedTvs.add(tvId);
      else this.#connectedTvs.delete(tvId);
      const open = await work.openInteractionOf(tvId);
      if (open === null) return;
      await work.say(open, { by: { kind: 'service' }, command: { type: connected ? 'tvBack' : 'tvLost' } });
    });
  }

  /** A timer's time has come. Late, early or twice: the domain knows what still holds. */
  async timer({ centreId, say }: Timer): Promise<void> {
    await this.#run(centreId, async (work) => {
      if (say.to === 'agent') await work.sayToAgent(say.agentId, say.command);
      else await work.say(say.interactionId, { by: { kind: 'service' }, command: say.command });
    });
  }

  /**
   * After a start: whoever is recorded as connected is not. Their places and talks are kept for
   * as long as they would be had the connection been lost now; so are the talks of agents who were
   * gone already, for nobody comes back to a service that is not there.
   * @returns how many agents and TVs were found so
   */
  async recover(): Promise<{ agents: number; tvs: number }> {
    const { agents, interactions } = await this.#store.leftConnected();
    await inParts(agents, async (centreId, part) => {
      const started = ({ agentId }: { agentId: string }) =>
        this.#run(centreId, async (work) => {
          await work.sayToAgent(agentId, { type: 'serviceStarted' });
        });
      await Promise.all(part.map(started));
    });
    await inParts(interactions, async (centreId, part) => {
      // Said together, they share commits, and the first of them reads for all.
      const ahead = this.#run(centreId, (work) => work.readAhead(part.map(({ interactionId }) => interactionId)));
      const lost = part.map(({ interactionId }) => this.#tvLost(centreId, interactionId));
      await Promise.all([ahead, ...lost]);
    });
    return { agents: agents.length, tvs: interactions.length };
  }

  async #tvLost(centreId: string, interactionId: string): Promise<void> {
    await this.#run(centreId, async (work) => {
      await work.say(interactionId, { by: { kind: 'service' }, command: { type: 'tvLost' } });
    });
  }

  /** Resolves when no command is under way any more; new ones are still taken. */
  async drained(): Promise<void> {
    if (this.#underWay === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** What an agent says on the wire has no ids and no author; both are given here. */
  #named(agentId: string, command: AgentSays) {
    if (command.type !== 'sendDiagnosis') return command;
    return {
      type: command.type,
      diagnosis: {
        id: this.#newId(),
        explanation: command.explanation,
        tasks: command.tasks.map((task) => ({ ...task, id: this.#newId() })),
        source: {
          kind: 'agent' as const,
          agentId,
          ...(command.entryId === undefined ? {} : { entryId: command.entryId }),
        },
      },
    };
  }

  /** A command of a client's: noted under its id, so that a repetition is answered and not done again. */
  #take({ centreId, senderId, commandId }: Sender, act: (work: UnitOfWork) => Promise<Answer>): Promise<Answer> {
    return this.#submit(centreId, { senderId, commandId }, act);
  }

  /** Said by the service itself. */
  async #run(centreId: string, act: (work: UnitOfWork) => Promise<void>): Promise<void> {
    await this.#submit(centreId, null, async (work) => {
      await act(work);
      return { ok: true, interactionId: null };
    });
  }

  #submit(
    centreId: string,
    command: { senderId: string; commandId: string } | null,
    perform: (work: UnitOfWork) => Promise<Answer>,
  ): Promise<Answer> {
    this.#underWay += 1;
    return new Promise((resolve, reject) => {
      this.#writer(centreId).submit({
        command,
        perform,
        resolve: (answer) => {
          this.#over();
          resolve(answer);
        },
        reject: (error: Error) => {
          this.#over();
          reject(error);
        },
      });
    });
  }

  #over(): void {
    this.#underWay -= 1;
    if (this.#underWay === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #writer(centreId: string): CentreWriter {
    let writer = this.#writers.get(centreId);
    if (writer === undefined) {
      const state = new CentreState(this.#store, centreId, this.#clock);
      const newWork = () =>
        new UnitOfWork({ state, centreId, times: this.#times, now: this.#clock(), newId: this.#newId });
      writer = new CentreWriter({
        centreId,
        store: this.#store,
        state,
        newWork,
        clock: this.#clock,
        committed: (commit, commands, ms) => {
          const events = commit.interactions.reduce((sum, one) => sum + one.events.length, 0);
          this.#meter?.committed({ commands, interactions: commit.interactions.length, events, ms });
          this.#relay.committed(commit);
        },
        uncertain: (commit) => this.#relay.uncertain(commit),
      });
      this.#writers.set(centreId, writer);
    }
    return writer;
  }
}

/** What an agent says, with a diagnosis as the desktop writes it. */
export type AgentSays =
  | Exclude<InteractionAgentCommand, { type: 'sendDiagnosis' }>
  | { type: 'sendDiagnosis'; explanation: string; tasks: CatalogueTask[]; entryId?: string };

/**
 * Does it to what a crash left behind: of one centre as much at a time as a commit carries, and a few of these at a
 * time, whether one centre has all of it or each a little.
 */
async function inParts<T extends { centreId: string }>(
  left: T[],
  act: (centreId: string, part: T[]) => Promise<void>,
): Promise<void> {
  const parts = [...Map.groupBy(left, ({ centreId }) => centreId)].flatMap(([centreId, all]) =>
    Array.from({ length: Math.ceil(all.length / PART) }, (_, n) => ({
      centreId,
      part: all.slice(n * PART, (n + 1) * PART),
    })),
  );
  const next = parts.values();
  const worker = async () => {
    for (const { centreId, part } of next) await act(centreId, part);
  };
  await Promise.all(Array.from({ length: PARTS_AT_ONCE }, worker));
}

function refused(code: RefusalCode, message: string): Answer {
  return { ok: false, code, message, retry: false };
}

/** What is not there and what is somebody else's are told alike. */
function notFound(): Answer {
  return refused('notFound', 'This help is not known here, or is with somebody else.');
}
