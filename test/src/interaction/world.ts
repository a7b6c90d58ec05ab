/**
 * A contact centre of pure values: it performs effects as the service's door would, keeps timers,
 * and holds what must be true against what is, after every step.
 */
import type { Agent, AgentCommand as ToAgent } from '../../../src/agent/agent.ts';
import { isFree, newAgent, transitionAgent } from '../../../src/agent/transition.ts';
import type { Diagnosis } from '../../../src/diagnosis/diagnosis.ts';
import type { AgentCommand, Command, ServiceCommand, ViewerCommand } from '../../../src/interaction/command.ts';
import type { Effect } from '../../../src/interaction/effect.ts';
import { forViewer, type InteractionEvent } from '../../../src/interaction/event.ts';
import type { FaultCondition } from '../../../src/interaction/facts.ts';
import { agentOf, isEnded, type Interaction } from '../../../src/interaction/interaction.ts';
import { transition } from '../../../src/interaction/transition.ts';
import { fold, type InteractionView } from '../../../src/protocol/view.ts';
import { candidateOf, waitingOf } from '../../../src/routing/eligible.ts';
import { inOrder } from '../../../src/routing/line.ts';
import { matchTv } from '../../../src/routing/match.ts';
import { nextOffers } from '../../../src/routing/offers.ts';
import type { Queue, TvFacts } from '../../../src/routing/routing.ts';
import { checkTimers, checkView, checkWork, same } from './invariants.ts';
import { livingRoom, request, stalled, TIMES } from './story.ts';

const GRACE_MS = 45_000;
const OFFER_MS = 20_000;
const PREFER_MS = 60_000;
const INVITATION_MS = 45_000;

const any = { operator: '*', model: '*', region: '*', skills: [] };
const QUEUES: Queue[] = [
  { ...any, id: 'visits', name: 'Video visits', order: 1, model: 'V*', skills: ['video'] },
  { ...any, id: 'help-line', name: 'Help line', order: 2 },
];
/** The second belongs to the visits' queue; the third asks for alice; bob looks after the customer of the fourth. */
const TVS: TvFacts[] = [
  { operator: null, model: 'X40', region: null, customerId: null, wantedRepresentative: null },
  { operator: null, model: 'V2', region: null, customerId: null, wantedRepresentative: null },
  { operator: null, model: 'X40', region: null, customerId: null, wantedRepresentative: 'alice moss' },
  { operator: null, model: 'V2', region: null, customerId: 'kim', wantedRepresentative: null },
];
const AGENTS = [
  { id: 'alice', centreId: 'c1', name: 'Alice Moss', skills: [], customersLookedAfter: [], capacity: 1 },
  { id: 'bob', centreId: 'c1', name: 'Bob Reyes', skills: ['video'], customersLookedAfter: ['kim'], capacity: 2 },
  { id: 'cem', centreId: 'c1', name: 'Cem Usta', skills: ['video'], customersLookedAfter: [], capacity: 1 },
];
export const PEOPLE = AGENTS.length;
export const SETS = TVS.length;

/** What the faults of these tests lead to. */
export type Trouble = 'unattended' | 'attended' | 'unknown' | null;

type Timer = { at: number; say: ServiceCommand | 'graceExpired' };

export class World {
  now = 1_000_000;
  readonly interactions = new Map<string, Interaction>();
  readonly agents = new Map(AGENTS.map((agent) => [agent.id, newAgent(agent, this.now)]));
  readonly tvs = TVS.map(() => true);
  /** Standing timers, by `interaction or agent/name`. */
  readonly timers = new Map<string, Timer>();
  /** Everything the service ever said to an interaction, to be said again late. */
  readonly said: { id: string; command: ServiceCommand }[] = [];
  readonly #views = new Map<string, { desk: InteractionView | null; tv: InteractionView | null; seq: number }>();
  readonly #arrived = new Map<string, number>();
  readonly #pending: { id: string; effect: Effect }[] = [];
  #routing = false;
  #ids = 0;

  /** In the beginning everybody is there. */
  constructor() {
    for (const { id } of AGENTS) this.#sayToAgent(id, { type: 'connect' });
  }

  // ── What people do ─────────────────────────────────────────────────────────────────────────────

  press(tv: number, trouble: Trouble): void {
    if (!this.tvs[tv]) return;
    const open = this.openOf(tv);
    if (open !== undefined) {
      const fault = faultOf(trouble);
      this.viewer(open.id, { type: 'update', screen: request.screen, ...(fault && { fault }) });
      return;
    }
    const interactionId = `i${++this.#ids}`;
    this.#service(interactionId, {
      type: 'request',
      interactionId,
      centreId: 'c1',
      tv: this.#tv(tv),
      request: { ...request, fault: faultOf(trouble) },
    });
    this.#settle();
  }

  invite(agent: number, tv: number): void {
    const { id, name, connected, work, capacity } = this.agentAt(agent);
    if (this.openOf(tv) !== undefined || !connected || work.length >= capacity) return;
    const interactionId = `i${++this.#ids}`;
    this.#service(interactionId, {
      type: 'invite',
      interactionId,
      centreId: 'c1',
      tv: this.#tv(tv),
      request: { ...request, fault: null },
      agent: { agentId: id, name },
      match: matchTv(TVS[tv]!, QUEUES, [], this.now, { preferMs: 0 }),
      tvConnected: this.tvs[tv]!,
      expiresAt: this.now + INVITATION_MS,
    });
    this.#settle();
  }

  viewer(id: string, command: ViewerCommand): void {
    this.#say(id, { by: { kind: 'viewer' }, command });
    this.#settle();
  }

  agent(agentId: string, id: string, command: AgentCommand): void {
    this.#say(id, { by: { kind: 'agent', agentId }, command });
    this.#settle();
  }

  tell(agent: number, command: ToAgent): void {
    this.#sayToAgent(this.agentAt(agent).id, command);
    this.#settle();
  }

  connectTv(tv: number, connected: boolean): void {
    this.tvs[tv] = connected;
    const open = this.openOf(tv);
    if (open === undefined) return;
    this.#service(open.id, { type: connected ? 'tvBack' : 'tvLost' });
    this.#settle();
  }

  /** Time passes; timers come when they are due. */
  wait(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const next = Math.min(...[...this.timers.values()].map(({ at }) => at));
      if (next > until) break;
      this.now = Math.max(this.now, next);
      for (const [key, timer] of [...this.timers].filter((one) => one[1].at <= this.now)) {
        if (this.timers.get(key) !== timer) continue;
        this.timers.delete(key);
        this.fire(key, timer);
      }
      this.check();
    }
    this.now = until;
  }

  /** A timer comes, be it early, late or twice. */
  fire(key: string, { say }: Timer): void {
    const owner = key.slice(0, key.indexOf('/'));
    if (say === 'graceExpired') this.#sayToAgent(owner, { type: 'graceExpired' });
    else this.#service(owner, say);
    this.#settle();
  }

  /** Something the service said before is said again. */
  again({ id, command }: { id: string; command: ServiceCommand }): void {
    // An offer is only ever made anew, by routing.
    if (command.type === 'offerTo') return;
    // What the connections are is known; a match is made from what stands now.
    if (command.type === 'tvLost' || command.type === 'tvBack' || command.type === 'agentLost') return;
    this.#service(id, command);
    this.#settle();
  }

  openOf(tv: number): Interaction | undefined {
    return [...this.interactions.values()].find((one) => one.tv.tvId === `tv${tv}` && !isEnded(one));
  }

  agentAt(index: number): Agent {
    return this.agents.get(AGENTS[index]!.id)!;
  }

  // ── What follows ───────────────────────────────────────────────────────────────────────────────

  #tv(tv: number) {
    return { ...livingRoom, tvId: `tv${tv}`, model: TVS[tv]!.model };
  }

  #service(id: string, command: ServiceCommand): void {
    this.said.push({ id, command });
    const taken = this.#say(id, { by: { kind: 'service' }, command });
    if (!taken && command.type !== 'invite') throw new Error(`${command.type} was refused`);
  }

  #say(id: string, command: Command): boolean {
    const before = this.interactions.get(id) ?? null;
    const result = transition(before, command, this.now, TIMES);
    if (!result.ok) return false;
    // As kept by the door: what has no event is not written.
    if (result.events.length === 0 && result.next !== before) {
      throw new Error(`${command.command.type} changed something without an event`);
    }
    this.interactions.set(id, result.next);
    for (const event of result.events) this.#fold(id, event);
    for (const effect of result.effects) this.#pending.push({ id, effect });
    return true;
  }

  #fold(id: string, event: InteractionEvent): void {
    const { desk, tv, seq } = this.#views.get(id) ?? { desk: null, tv: null, seq: 0 };
    const message = { interactionId: id, seq: seq + 1, at: this.now, event };
    const shown = forViewer(event);
    this.#views.set(id, {
      desk: fold(desk, message),
      tv: shown === null ? tv : fold(tv, { ...message, event: shown }),
      seq: seq + 1,
    });
  }

  #sayToAgent(agentId: string, command: ToAgent): void {
    const result = transitionAgent(this.agents.get(agentId)!, command, this.now, { graceMs: GRACE_MS });
    if (!result.ok) throw new Error(`${command.type} was refused: ${result.refusal.message}`);
    this.agents.set(agentId, result.next);
    for (const effect of result.effects) {
      switch (effect.type) {
        case 'route':
          this.#routing = true;
          break;
        case 'agentLost':
          this.#service(effect.interactionId, { type: 'agentLost', agentId });
          break;
        case 'setGrace':
          this.timers.set(`${agentId}/grace`, { at: effect.at, say: 'graceExpired' });
          break;
        case 'cancelGrace':
          this.timers.delete(`${agentId}/grace`);
          break;
      }
    }
  }

  #settle(): void {
    do {
      for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
        this.#perform(next.id, next.effect);
      }
      if (this.#routing) {
        this.#routing = false;
        this.#route();
      }
    } while (this.#pending.length > 0 || this.#routing);
  }

  #perform(id: string, effect: Effect): void {
    switch (effect.type) {
      case 'diagnose':
        return this.#service(id, this.#diagnosed(effect.fault));
      case 'match': {
        const facts = TVS[Number(this.interactions.get(id)!.tv.tvId.slice(2))]!;
        const match = matchTv(facts, QUEUES, this.#candidates(), this.now, { preferMs: PREFER_MS });
        return this.#service(id, { type: 'matched', match });
      }
      case 'route':
        this.#routing = true;
        return;
      case 'agent': {
        const { change, agent } = effect;
        return this.#sayToAgent(
          agent.agentId,
          change === 'released' || change === 'missed'
            ? { type: 'release', interactionId: id, missed: change === 'missed' }
            : { type: 'take', interactionId: id, phase: change },
        );
      }
      case 'setTimer':
        this.timers.set(`${id}/${effect.timer}`, { at: effect.at, say: effect.then });
        return;
      case 'cancelTimer':
        this.timers.delete(`${id}/${effect.timer}`);
        return;
    }
  }

  #diagnosed(fault: FaultCondition | null): ServiceCommand {
    const kind = fault?.code.slice('playback:'.length);
    if (kind !== 'attended' && kind !== 'unattended') return { type: 'diagnosisNotFound' };
    const source = { kind: 'catalogue', entryId: kind, catalogueVersion: 1 } as const;
    return { type: 'diagnosisFound', diagnosis: this.diagnosis(source), unattended: kind === 'unattended' };
  }

  diagnosis(source: Diagnosis['source']): Diagnosis {
    const id = `d${++this.#ids}`;
    return {
      id,
      explanation: 'The signal is weak.',
      tasks: [
        { id: `${id}-checked`, title: 'Unplug the router', check: { kind: 'network' } },
        { id: `${id}-said`, title: 'Turn the TV off and on' },
        { id: `${id}-asked`, title: 'Which light is on?', choices: ['Green', 'Red'] },
      ],
      source,
    };
  }

  #candidates() {
    return [...this.agents.values()].map(candidateOf);
  }

  #waiting() {
    return [...this.interactions.values()].flatMap(waitingOf);
  }

  #route(): void {
    const [waiting, candidates] = [this.#waiting(), this.#candidates()];
    const offers = nextOffers(waiting, candidates, QUEUES, this.now);
    for (const { interactionId, agentId } of offers) {
      const self = waiting.find((one) => one.interactionId === interactionId)!;
      const alone = candidates.map((one) => ({ ...one, free: one.free && one.agentId === agentId }));
      for (const other of waiting.filter((one) => inOrder(one, self) < 0)) {
        const passed = !offers.some((offer) => offer.interactionId === other.interactionId);
        const could = nextOffers([other], alone, QUEUES, this.now).length > 0;
        same(passed && could, false, `[RT3] ${interactionId} overtook ${other.interactionId}`);
      }
      const { name } = this.agents.get(agentId)!;
      const offerId = `o${++this.#ids}`;
      this.#service(interactionId, {
        type: 'offerTo',
        offerId,
        agent: { agentId, name },
        expiresAt: this.now + OFFER_MS,
      });
    }
    // Who has room for more than one may be asked again.
    if (offers.some(({ agentId }) => isFree(this.agents.get(agentId)!))) this.#routing = true;
  }

  // ── What must be true ──────────────────────────────────────────────────────────────────────────

  /** Throws when anything is not as the rules say. */
  check(): void {
    for (const one of this.interactions.values()) this.#checkOne(one);
    for (const agent of this.agents.values()) {
      const theirs = [...this.interactions.values()].filter((one) => agentOf(one)?.agentId === agent.id);
      checkWork(agent, theirs, this.timers.has(`${agent.id}/grace`));
    }
    const idle = nextOffers(this.#waiting(), this.#candidates(), QUEUES, this.now);
    same(idle, [], 'who could be offered now, and was not');
  }

  #checkOne(interaction: Interaction): void {
    const { id, state, tasks } = interaction;
    checkTimers(interaction, (timer) => this.timers.has(`${id}/${timer}`));
    const closure = 'closure' in state ? state.closure : null;
    const place = 'place' in state ? state.place : closure?.heldPlace;
    if (place) {
      same(place.arrivedAt, this.#arrived.get(id) ?? place.arrivedAt, '[IX6] arrivedAt');
      this.#arrived.set(id, place.arrivedAt);
    }
    if (state.kind === 'selfService' && closure === null) {
      const open = tasks.some((task) => task.status === 'todo' || task.status === 'checking');
      same(open && !this.#arrived.has(id), true, '[IX2] somebody in self-service has something to do, and no place');
    }
    const { desk, tv } = this.#views.get(id)!;
    checkView(desk, state.kind, interaction);
    checkView(tv, state.kind === 'offered' ? 'queued' : state.kind, interaction);
  }
}

function faultOf(trouble: Trouble): FaultCondition | null {
  return trouble === null ? null : { ...stalled, code: `playback:${trouble}` };
}
