/** Matching a TV to a queue and to agents, by rules over what both registered (M3, RT1). */
import type { Match } from '../interaction/interaction.ts';
import type { Candidate, Queue, TvFacts } from './routing.ts';

/**
 * Matches by the first rule that applies: the representative wanted, the agents who look after
 * the customer, the queue. The first queue by order whose rules all fit holds the place each time.
 *
 * @param queues all of the contact centre, at least one
 * @param candidates all agents of the contact centre
 * @param now milliseconds since the epoch
 * @param times.preferMs how long preferred agents are asked alone, in milliseconds
 * @throws when the contact centre has no queue: nothing could hold the place
 */
export function matchTv(
  tv: TvFacts,
  queues: Queue[],
  candidates: Candidate[],
  now: number,
  times: { preferMs: number },
): Match {
  const { queue, reason } = queueOf(tv, queues);
  const held = { queueId: queue.id, queueName: queue.name };
  const preferring = (preferred: Candidate[], rule: Match['rule'], because: string): Match => ({
    ...held,
    preferredAgentIds: preferred.map((one) => one.agentId),
    preferredUntil: now + times.preferMs,
    rule,
    reason: because,
  });

  const wanted = named(tv.wantedRepresentative, candidates);
  if (wanted[0] !== undefined) {
    const sameName = wanted.length > 1 ? `, a name that ${wanted.length} agents have` : '';
    return preferring(wanted, 'namedRepresentative', `The viewer asked for ${wanted[0].name}${sameName}.`);
  }
  const { customerId } = tv;
  const carers = customerId === null ? [] : candidates.filter((one) => one.customersLookedAfter.includes(customerId));
  if (carers.length > 0) {
    const names = list(carers.map((one) => one.name));
    const verb = carers.length === 1 ? 'looks' : 'look';
    return preferring(carers, 'customersLookedAfter', `${names} ${verb} after this customer.`);
  }
  return { ...held, preferredAgentIds: [], preferredUntil: null, rule: 'queue', reason };
}

/** By id, or else by name as people type it. */
function named(wanted: string | null, candidates: Candidate[]): Candidate[] {
  if (wanted === null || plain(wanted) === '') return [];
  const byId = candidates.filter((one) => one.agentId === wanted.trim());
  return byId.length > 0 ? byId : candidates.filter((one) => plain(one.name) === plain(wanted));
}

/** Without regard to case, to spaces, or to how accents are encoded. */
function plain(name: string): string {
  return name.normalize('NFC').toLowerCase().replace(/\s+/gu, '');
}

function queueOf(tv: TvFacts, queues: Queue[]): { queue: Queue; reason: string } {
  const inOrder = queues.toSorted((one, other) => one.order - other.order);
  const fitting = inOrder.find(
    (queue) => fits(queue.operator, tv.operator) && fits(queue.model, tv.model) && fits(queue.region, tv.region),
  );
  if (fitting !== undefined) return { queue: fitting, reason: belongs(fitting, tv) };
  const last = inOrder.at(-1);
  if (last === undefined) {
    throw new Error('The contact centre has no queue, so nothing can hold a place. Add one whose rules are all *.');
  }
  return {
    queue: last,
    reason: `No queue's rules fit model ${tv.model}; ${last.name} is last in order and takes the rest.`,
  };
}

/** Which of the queue's rules said so; rules that fit all say nothing. */
function belongs(queue: Queue, tv: TvFacts): string {
  const rules = [
    queue.operator === '*' ? null : `operator ${tv.operator}`,
    queue.model === '*' ? null : `model ${tv.model}`,
    queue.region === '*' ? null : `region ${tv.region}`,
  ].filter((rule) => rule !== null);
  if (rules.length === 0) return `${queue.name} is there for every TV.`;
  const subject = list(rules);
  return `${subject.charAt(0).toUpperCase()}${subject.slice(1)} ${rules.length === 1 ? 'belongs' : 'belong'} to ${queue.name}.`;
}

/** A pattern with an optional `*` at its end; what is not told fits `*` alone. */
function fits(pattern: string, told: string | null): boolean {
  if (pattern === '*') return true;
  if (told === null) return false;
  const [wanted, value] = [pattern.trim().toLowerCase(), told.trim().toLowerCase()];
  return wanted.endsWith('*') ? value.startsWith(wanted.slice(0, -1)) : value === wanted;
}

/** "Alice", "Alice and Bob", "Alice, Bob and 3 others". */
function list(names: string[]): string {
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${names.length - 2} others`;
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
