/** What becomes of an agent's record (AG1–AG4). Pure; the record is written by the server alone. */
import type { Agent, AgentCommand, AgentEffect, AgentTransition, Presence, Work } from './agent.ts';

/**
 * A record as it begins: ready, but not there before the first connection.
 * @param now milliseconds since the epoch
 */
export function newAgent(
  person: Pick<Agent, 'id' | 'centreId' | 'name' | 'skills' | 'customersLookedAfter' | 'capacity'>,
  now: number,
): Agent {
  const { id, centreId, name, skills, customersLookedAfter, capacity } = person;
  return {
    id,
    centreId,
    name,
    skills,
    customersLookedAfter,
    capacity,
    wish: { kind: 'ready' },
    connected: false,
    lostAt: null,
    freeSince: now,
    work: [],
  };
}

/** True when the next offer may go to this agent (AG1). */
export function isFree(agent: Agent): boolean {
  return isReady(agent) && hasRoom(agent);
}

/** True when the agent is there for offers, now or when done with what there is. */
export function isReady({ connected, wish }: Agent): boolean {
  return connected && wish.kind === 'ready';
}

function hasRoom({ work, capacity }: Agent): boolean {
  return work.length < capacity;
}

/** What others, and the agent, see: what the agent is busy with before what the agent wants. */
export function presenceOf(agent: Agent): Presence {
  const phases = new Set(agent.work.map((work) => work.phase));
  if (!agent.connected) return { kind: 'offline' };
  if (phases.has('engaged') || phases.has('inviting')) return { kind: 'helping' };
  if (phases.has('offered')) return { kind: 'ringing' };
  if (phases.has('wrapUp')) return { kind: 'wrappingUp' };
  return agent.wish;
}

/**
 * Takes a command: what the record becomes and what follows.
 *
 * @param now milliseconds since the epoch
 * @param times.graceMs how long a talk waits for an agent whose last connection is gone, in milliseconds
 * @returns a refusal when there is no room for what is to be taken; the same record when nothing changed
 */
export function transitionAgent(
  agent: Agent,
  command: AgentCommand,
  now: number,
  times: { graceMs: number },
): AgentTransition {
  switch (command.type) {
    case 'connect':
      return connect(agent, now);
    case 'disconnect':
      return disconnect(agent, now, times.graceMs);
    case 'serviceStarted':
      return serviceStarted(agent, now, times.graceMs);
    case 'graceExpired':
      return graceExpired(agent, now, times.graceMs);
    case 'setWish':
      return setWish(agent, command.wish, now);
    case 'take':
      return take(agent, command, now);
    case 'release':
      return release(agent, command, now);
  }
}

/**
 * The record goes on as `next`. Becoming free is noted, and routes (AG4); so does not being ready
 * any more, for those who waited for this agent alone may be offered to others (RT2, RT5).
 */
function go(before: Agent, next: Agent, now: number, effects: AgentEffect[] = []): AgentTransition {
  const routed: AgentEffect[] = [...effects, { type: 'route' }];
  if (!isFree(before) && isFree(next)) return { ok: true, next: { ...next, freeSince: now }, effects: routed };
  return { ok: true, next, effects: isReady(before) && !isReady(next) ? routed : effects };
}

function stay(agent: Agent): AgentTransition {
  return { ok: true, next: agent, effects: [] };
}

function connect(agent: Agent, now: number): AgentTransition {
  if (agent.connected) return stay(agent);
  const next = { ...agent, connected: true, lostAt: null };
  return go(agent, next, now, agent.lostAt === null ? [] : [{ type: 'cancelGrace' }]);
}

/** Offers are taken back at once; talks and invitations wait for the grace, wrap-up for as long as it takes (AG2). */
function disconnect(agent: Agent, now: number, graceMs: number): AgentTransition {
  if (!agent.connected) return stay(agent);
  const { kept, lost } = split(agent.work, (work) => work.phase === 'offered');
  const next = { ...agent, connected: false, lostAt: now, work: kept };
  return go(agent, next, now, kept.some(waitsForAgent) ? [...lost, { type: 'setGrace', at: now + graceMs }] : lost);
}

/** A grace that ran while there was no service to come back to begins anew (AG2). */
function serviceStarted(agent: Agent, now: number, graceMs: number): AgentTransition {
  if (agent.connected) return disconnect(agent, now, graceMs);
  if (agent.lostAt === null || !agent.work.some(waitsForAgent)) return stay(agent);
  return { ok: true, next: { ...agent, lostAt: now }, effects: [{ type: 'setGrace', at: now + graceMs }] };
}

function graceExpired(agent: Agent, now: number, graceMs: number): AgentTransition {
  if (agent.connected || agent.lostAt === null) return stay(agent);
  const { kept, lost } = split(agent.work, waitsForAgent);
  if (lost.length === 0) return stay(agent);
  const at = agent.lostAt + graceMs;
  // Left over from an earlier absence, or by another clock.
  if (now < at) return { ok: true, next: agent, effects: [{ type: 'setGrace', at }] };
  return { ok: true, next: { ...agent, work: kept }, effects: lost };
}

function waitsForAgent({ phase }: Work): boolean {
  return phase === 'engaged' || phase === 'inviting';
}

function split(work: Work[], isLost: (work: Work) => boolean): { kept: Work[]; lost: AgentEffect[] } {
  return {
    kept: work.filter((one) => !isLost(one)),
    lost: work.filter(isLost).map(({ interactionId }) => ({ type: 'agentLost', interactionId })),
  };
}

function setWish(
  agent: Agent,
  wish: { kind: 'ready' } | { kind: 'away'; reason: string },
  now: number,
): AgentTransition {
  const same =
    agent.wish.kind === wish.kind &&
    (wish.kind === 'ready' || (agent.wish.kind === 'away' && agent.wish.reason === wish.reason));
  return same ? stay(agent) : go(agent, { ...agent, wish }, now);
}

/**
 * Takes work, or carries it on to its next phase. New work needs room; what the interaction has
 * decided already (`engaged`, `wrapUp`) is followed, for a record that disagrees helps nobody.
 */
function take(
  agent: Agent,
  { interactionId, phase }: Extract<AgentCommand, { type: 'take' }>,
  now: number,
): AgentTransition {
  const held = agent.work.find((one) => one.interactionId === interactionId);
  if (held?.phase === phase) return stay(agent);
  const taken: Work = { interactionId, phase, since: now };
  if (held !== undefined) {
    return go(agent, { ...agent, work: agent.work.map((one) => (one === held ? taken : one)) }, now);
  }
  if (phase === 'offered' || phase === 'inviting') {
    if (!agent.connected) return refuse('notConnected', `${agent.name} is not connected. Somebody else is asked.`);
    if (!hasRoom(agent)) {
      return refuse('full', `${agent.name} is busy with as much as is possible at once. Finish something first.`);
    }
    if (phase === 'offered' && agent.wish.kind !== 'ready') {
      return refuse('notReady', `${agent.name} is not ready for offers. Somebody else is asked.`);
    }
  }
  return go(agent, { ...agent, work: [...agent.work, taken] }, now);
}

function refuse(code: 'full' | 'notConnected' | 'notReady', message: string): AgentTransition {
  return { ok: false, refusal: { code, message } };
}

/** Nothing of it remains; a missed offer sets the wish, unless the agent has gone away meanwhile (AG3). */
function release(
  agent: Agent,
  { interactionId, missed }: Extract<AgentCommand, { type: 'release' }>,
  now: number,
): AgentTransition {
  const work = agent.work.filter((one) => one.interactionId !== interactionId);
  if (work.length === agent.work.length) return stay(agent);
  const wish: Agent['wish'] = missed && agent.wish.kind === 'ready' ? { kind: 'notAnswering', since: now } : agent.wish;
  return go(agent, { ...agent, wish, work }, now);
}
