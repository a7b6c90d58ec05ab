/**
 * One unit of work: some commands of one contact centre, and all that follows from them here and
 * now, before anything is written. Interactions and agents are loaded once and changed in memory;
 * effects of the kind `here` are settled one after the other, `later` ones are collected. Routing
 * comes last after each command, when everything else has happened.
 */
import type { Agent, AgentCommand } from '../agent/agent.ts';
import { isFree, transitionAgent } from '../agent/transition.ts';
import { lookup, toDiagnosis } from '../diagnosis/lookup.ts';
import type { Command, ServiceCommand } from '../interaction/command.ts';
import type { AgentChange, Effect } from '../interaction/effect.ts';
import { agentOf, isEnded, type Interaction } from '../interaction/interaction.ts';
import { transition, type Refusal } from '../interaction/transition.ts';
import { matchTv } from '../routing/match.ts';
import { nextOffers } from '../routing/offers.ts';
import { candidateOf, waitingOf } from '../routing/eligible.ts';
import type { Candidate, Queue, Waiting } from '../routing/routing.ts';
import type { CentreState } from './centreState.ts';
import type { Changes, Commit, StoredEvent, TakenCommand, Timer } from './ports.ts';
import { after, type Soon } from './soon.ts';

/** How long things may take, in milliseconds; from the configuration. */
export interface Times {
  offerMs: number;
  declineMs: number;
  preferMs: number;
  absenceMs: number;
  closureMs: number;
  graceMs: number;
  invitationMs: number;
}

interface LoadedInteraction {
  before: Interaction | null;
  now: Interaction | null;
  version: number;
  events: StoredEvent[];
}

interface LoadedAgent {
  now: Agent;
  version: number;
  changed: boolean;
}

/** Nothing in the domain loops; a cascade longer than this is a fault of ours and is told as one. */
const MAX_STEPS = 200;

export class UnitOfWork {
  readonly #state: CentreState;
  readonly #centreId: string;
  readonly #times: Times;
  #now: number;
  readonly #newId: () => string;
  readonly #interactions = new Map<string, LoadedInteraction>();
  readonly #agents = new Map<string, LoadedAgent>();
  readonly #tvs = new Map<string, ReturnType<CentreState['tv']>>();
  #catalogue: ReturnType<CentreState['catalogue']> | null = null;
  readonly #timers = new Map<string, Timer | null>();
  readonly #pending: { interactionId: string; effect: Effect }[] = [];
  readonly #offeredTo: string[] = [];
  readonly #taken = new Map<string, TakenCommand>();
  #lineVersion: number | null = null;
  #routing = false;
  #steps = 0;

  constructor(options: { state: CentreState; centreId: string; times: Times; now: number; newId: () => string }) {
    this.#state = options.state;
    this.#centreId = options.centreId;
    this.#times = options.times;
    this.#now = options.now;
    this.#newId = options.newId;
  }

  /** The next command's moment, and the steps it may take. */
  begin(now: number): void {
    this.#now = now;
    this.#steps = 0;
  }

  /** What this unit of work answered a command before; undefined when it has not seen it. */
  answered(senderId: string, commandId: string): TakenCommand | undefined {
    return this.#taken.get(`${senderId} ${commandId}`);
  }

  /** Notes a client's command as taken; the last event that it led to is its answer, for a client that takes it so. */
  take(command: TakenCommand): void {
    this.#taken.set(`${command.senderId} ${command.commandId}`, command);
    const last =
      command.interactionId === null ? undefined : this.#interactions.get(command.interactionId)?.events.at(-1);
    if (last !== undefined) last.answers ??= command;
  }

  /** The id of what is open for a TV within this unit of work. */
  async openInteractionOf(tvId: string): Promise<string | null> {
    for (const { now } of this.#interactions.values()) {
      if (now?.tv.tvId === tvId && isOpen(now)) return now.id;
    }
    const kept = await this.#state.openInteractionOf(tvId);
    return kept !== null && isOpen((await this.#load(kept)).now) ? kept : null;
  }

  /** What was read ahead for a TV's command. */
  know(
    tvId: string,
    read: { tv: ReturnType<CentreState['tv']>; catalogue: ReturnType<CentreState['catalogue']> },
  ): void {
    this.#tvs.set(tvId, read.tv);
    this.#catalogue = read.catalogue;
  }

  /** The TV as it stood when this unit of work first asked. */
  tv(tvId: string): ReturnType<CentreState['tv']> {
    let tv = this.#tvs.get(tvId);
    if (tv === undefined) this.#tvs.set(tvId, (tv = this.#state.tv(tvId)));
    return tv;
  }

  async queues(): Promise<Queue[]> {
    return (await this.#state.line()).queues;
  }

  /** The interaction as it stands within this unit of work. */
  interaction(interactionId: string): Soon<Interaction | null> {
    return after(this.#load(interactionId), ({ now }) => now);
  }

  /** Reads these at once, for the commands that follow; what this unit of work changed stays as it is. */
  async readAhead(interactionIds: string[]): Promise<void> {
    await this.#state.readAhead(interactionIds.filter((id) => !this.#interactions.has(id)));
  }

  agent(agentId: string): Soon<Agent | null> {
    return after(this.#loadAgent(agentId), (loaded) => loaded?.now ?? null);
  }

  /** A new interaction's id, for a command that begins it. */
  begins(): string {
    const interactionId = this.#newId();
    this.#interactions.set(interactionId, { before: null, now: null, version: 0, events: [] });
    return interactionId;
  }

  /** Takes a command to an interaction; its effects wait for `settle`. */
  say(interactionId: string, command: Command): Soon<Refusal | null> {
    if (++this.#steps > MAX_STEPS) throw new Error(`A command led to more than ${MAX_STEPS} steps.`);
    return after(this.#load(interactionId), (loaded) => this.#sayTo(interactionId, loaded, command));
  }

  #sayTo(interactionId: string, loaded: LoadedInteraction, command: Command): Refusal | null {
    const result = transition(loaded.now, command, this.#now, this.#times);
    if (!result.ok) return result.refusal;
    if (result.events.length === 0 && result.effects.length === 0) return null;
    loaded.now = result.next;
    for (const event of result.events) {
      const seq = loaded.version + loaded.events.length + 1;
      loaded.events.push({ interactionId, seq, at: this.#now, event });
    }
    for (const effect of result.effects) this.#pending.push({ interactionId, effect });
    return null;
  }

  /** Takes a command to an agent's record. */
  async sayToAgent(agentId: string, command: AgentCommand): Promise<{ code: string; message: string } | null> {
    const loaded = await this.#loadAgent(agentId);
    if (loaded === null) return { code: 'notFound', message: 'This agent is not known here.' };
    const result = transitionAgent(loaded.now, command, this.#now, { graceMs: this.#times.graceMs });
    if (!result.ok) return result.refusal;
    if (result.next !== loaded.now) {
      loaded.now = result.next;
      loaded.changed = true;
    }
    for (const effect of result.effects) {
      switch (effect.type) {
        case 'route':
          this.#routing = true;
          break;
        case 'agentLost':
          await this.#sayAsService(effect.interactionId, { type: 'agentLost', agentId });
          break;
        case 'setGrace':
          this.#setTimer({
            centreId: this.#centreId,
            key: `${agentId}:grace`,
            at: effect.at,
            say: { to: 'agent', agentId, command: { type: 'graceExpired' } },
          });
          break;
        case 'cancelGrace':
          this.#timers.set(`${agentId}:grace`, null);
          break;
      }
    }
    return null;
  }

  /** Puts an agent's record in place of the one kept, or where there is none yet. */
  async replaceAgent(agentId: string, make: (kept: Agent | null) => Agent): Promise<void> {
    const loaded = await this.#loadAgent(agentId);
    const next = make(loaded?.now ?? null);
    if (loaded === null) this.#agents.set(agentId, { now: next, version: 0, changed: true });
    else if (next !== loaded.now) Object.assign(loaded, { now: next, changed: true });
  }

  /** Settles every effect that belongs here, and routes if anything made that worthwhile. */
  settle(): Soon<void> {
    if (this.#pending.length > 0 || this.#offeredTo.length > 0 || this.#routing) return this.#settleAll();
  }

  async #settleAll(): Promise<void> {
    do {
      for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
        await this.#perform(next.interactionId, next.effect);
      }
      // An agent with room for more than one may be asked again once the first offer is taken down.
      const roomLeft = this.#offeredTo.splice(0).some((agentId) => {
        const agent = this.#agents.get(agentId)?.now;
        return agent !== undefined && isFree(agent);
      });
      if (this.#routing || roomLeft) {
        this.#routing = false;
        await this.#route();
      }
    } while (this.#pending.length > 0);
  }

  /** What is to be written. */
  changes(): Changes {
    const timers = [...this.#timers];
    return {
      interactions: [...this.#interactions.values()].flatMap(({ before, now, version, events }) =>
        now !== null && events.length > 0 ? [{ next: now, version, changed: now !== before, events }] : [],
      ),
      agents: [...this.#agents.values()].flatMap(({ now, version, changed }) =>
        changed ? [{ next: now, version }] : [],
      ),
      setTimers: timers.flatMap(([, timer]) => (timer === null ? [] : [timer])),
      cancelTimers: timers.flatMap(([key, timer]) => (timer === null ? [key] : [])),
      taken: [...this.#taken.values()],
      lineVersion: this.#lineVersion,
    };
  }

  /** The same, as the relay hears of it once it is committed. */
  commit(): Commit {
    return {
      interactions: [...this.#interactions.values()].flatMap(({ before, now, events }) =>
        now !== null && events.length > 0
          ? [
              {
                centreId: this.#centreId,
                interaction: now,
                events,
                agentBefore: before === null ? null : (agentOf(before)?.agentId ?? null),
                agentNow: agentOf(now)?.agentId ?? null,
              },
            ]
          : [],
      ),
      agents: [...this.#agents.values()].flatMap(({ now, version, changed }) =>
        changed ? [{ value: now, version: version + 1 }] : [],
      ),
    };
  }

  #load(interactionId: string): Soon<LoadedInteraction> {
    const cached = this.#interactions.get(interactionId);
    if (cached !== undefined) return cached;
    return after(this.#state.interaction(interactionId), (found) => {
      const value = found?.value ?? null;
      const loaded = { before: value, now: value, version: found?.version ?? 0, events: [] };
      this.#interactions.set(interactionId, loaded);
      return loaded;
    });
  }

  #loadAgent(agentId: string): Soon<LoadedAgent | null> {
    const cached = this.#agents.get(agentId);
    if (cached !== undefined) return cached;
    return after(this.#state.agent(agentId), (found) => {
      if (found === null) return null;
      const loaded = { now: found.value, version: found.version, changed: false };
      this.#agents.set(agentId, loaded);
      return loaded;
    });
  }

  /** Outcomes of effects fit, or come too late and change nothing; a refusal here would be a fault of ours (IX23). */
  async #sayAsService(interactionId: string, command: ServiceCommand): Promise<void> {
    const refusal = await this.say(interactionId, { by: { kind: 'service' }, command });
    if (refusal !== null) throw new Error(`${command.type} was refused: ${refusal.message}`);
  }

  async #perform(interactionId: string, effect: Effect): Promise<void> {
    switch (effect.type) {
      case 'diagnose':
        return await this.#diagnose(interactionId, effect);
      case 'match':
        return await this.#match(interactionId);
      case 'route':
        this.#routing = true;
        return;
      case 'agent': {
        const refusal = await this.sayToAgent(effect.agent.agentId, agentCommand(interactionId, effect.change));
        // Routing asks only agents who are free within this unit of work, so this cannot be a full one.
        if (refusal !== null) throw new Error(`${effect.change} was refused: ${refusal.message}`);
        return;
      }
      case 'setTimer':
        return this.#setTimer({
          centreId: this.#centreId,
          key: `${interactionId}:${effect.timer}`,
          at: effect.at,
          say: { to: 'interaction', interactionId, command: effect.then },
        });
      case 'cancelTimer':
        this.#timers.set(`${interactionId}:${effect.timer}`, null);
        return;
    }
  }

  async #diagnose(interactionId: string, effect: Effect & { type: 'diagnose' }): Promise<void> {
    const catalogue = await (this.#catalogue ??= this.#state.catalogue());
    const { fault, model, firmware } = effect;
    const [entry] = lookup(catalogue, { fault, model, firmware });
    await this.#sayAsService(
      interactionId,
      entry === undefined
        ? { type: 'diagnosisNotFound' }
        : {
            type: 'diagnosisFound',
            diagnosis: toDiagnosis(entry, catalogue.version, this.#newId),
            unattended: entry.unattended,
          },
    );
  }

  async #match(interactionId: string): Promise<void> {
    const interaction = (await this.#load(interactionId)).now;
    if (interaction === null) return;
    const tv = await this.tv(interaction.tv.tvId);
    const { queues } = await this.#state.line();
    const candidates = await this.#candidates();
    if (tv === null) throw new Error(`The TV ${interaction.tv.tvId} is not known to its centre any more.`);
    const match = matchTv(tv.facts, queues, candidates, this.#now, { preferMs: this.#times.preferMs });
    await this.#sayAsService(interactionId, { type: 'matched', match });
  }

  async #route(): Promise<void> {
    const { version, queues } = await this.#state.line();
    // Also when nobody is offered anything: whoever becomes free elsewhere meanwhile must not miss who waits here.
    this.#lineVersion = version;
    const candidates = await this.#candidates();
    if (!candidates.some((candidate) => candidate.free)) return;
    const waiting = await this.#waiting();
    for (const { interactionId, agentId } of nextOffers(waiting, candidates, queues, this.#now)) {
      const agent = candidates.find((candidate) => candidate.agentId === agentId);
      if (agent === undefined) throw new Error(`Routing chose ${agentId}, who is no candidate.`);
      await this.#sayAsService(interactionId, {
        type: 'offerTo',
        offerId: this.#newId(),
        agent: { agentId, name: agent.name },
        expiresAt: this.#now + this.#times.offerMs,
      });
      this.#offeredTo.push(agentId);
    }
  }

  /** The line as it is kept, with what this unit of work changed laid over it. */
  async #waiting(): Promise<Waiting[]> {
    const { waiting } = await this.#state.line();
    const mine = [...this.#interactions.values()].flatMap(({ now }) => (now === null ? [] : waitingOf(now)));
    return waiting.filter((one) => !this.#interactions.has(one.interactionId)).concat(mine);
  }

  async #candidates(): Promise<Candidate[]> {
    const { candidates } = await this.#state.line();
    const mine = [...this.#agents.values()].filter(({ changed }) => changed).map(({ now }) => candidateOf(now));
    if (mine.length === 0) return candidates;
    return candidates.filter(({ agentId }) => !this.#agents.get(agentId)?.changed).concat(mine);
  }

  #setTimer(timer: Timer): void {
    this.#timers.set(timer.key, timer);
  }
}

function agentCommand(interactionId: string, change: AgentChange): AgentCommand {
  switch (change) {
    case 'offered':
    case 'inviting':
    case 'engaged':
    case 'wrapUp':
      return { type: 'take', interactionId, phase: change };
    case 'released':
    case 'missed':
      return { type: 'release', interactionId, missed: change === 'missed' };
  }
}

/** Open for its TV; in wrap-up the agent still writes the note, and the TV may ask anew. */
function isOpen(interaction: Interaction | null): boolean {
  return interaction !== null && interaction.state.kind !== 'wrapUp' && !isEnded(interaction);
}
