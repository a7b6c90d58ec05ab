/** Who is to be offered what, now (RT2–RT5). */
import { inOrder } from './line.ts';
import type { Candidate, Queue, Waiting } from './routing.ts';

/**
 * The offers to make at this moment: in the order of the line, each to the best of the agents who
 * are still free, so that nobody is overtaken (RT3).
 *
 * @param waiting all who are queued in the contact centre, in any order; what is offered already is left out
 * @param candidates all agents of the contact centre, the busy and the absent too
 * @param now milliseconds since the epoch
 * @returns in the order of the line; one interaction and one agent at most once each
 */
export function nextOffers(
  waiting: Waiting[],
  candidates: Candidate[],
  queues: Queue[],
  now: number,
): { interactionId: string; agentId: string }[] {
  const ready = candidates.filter((one) => one.ready);
  const members = new Map(queues.map((queue) => [queue.id, new Set(ready.filter((one) => belongsTo(one, queue)))]));
  let free = ready.filter((one) => one.free).sort(longestFree);
  const offers: { interactionId: string; agentId: string }[] = [];
  for (const one of waiting.toSorted(inOrder)) {
    if (free.length === 0) break;
    // A queue that was taken away meanwhile asks no skills: whoever waits in it is not stranded.
    const able = askable(one, ready, members.get(one.queueId) ?? new Set(ready), now);
    const agent = free.find((other) => able.preferred.has(other)) ?? free.find((other) => able.all.has(other));
    if (agent === undefined) continue;
    free = free.filter((other) => other !== agent);
    offers.push({ interactionId: one.interactionId, agentId: agent.agentId });
  }
  return offers;
}

/** An agent belongs to the queue who has all of its skills (RT5). */
export function belongsTo(candidate: Pick<Candidate, 'skills'>, queue: Queue): boolean {
  return queue.skills.every((skill) => candidate.skills.includes(skill));
}

function longestFree(one: Candidate, other: Candidate): number {
  return one.freeSince - other.freeSince || (one.agentId < other.agentId ? -1 : 1);
}

/** The agents who may be asked now, free or busy, and which of them are preferred. */
function askable(
  waiting: Waiting,
  ready: Candidate[],
  members: Set<Candidate>,
  now: number,
): { all: Set<Candidate>; preferred: Set<Candidate> } {
  const { preferredAgentIds, preferredUntil, declinedBy, askAgainAt } = waiting;
  const able = ready.filter((one) => members.has(one) || preferredAgentIds.includes(one.agentId));
  const willing = able.filter((one) => !declinedBy.includes(one.agentId));
  // Once everybody has declined, all may be asked anew, after a while of peace.
  const asked = willing.length === 0 && (askAgainAt ?? now) <= now ? able : willing;
  const preferred = asked.filter((one) => preferredAgentIds.includes(one.agentId));
  const alone = preferred.length > 0 && preferredUntil !== null && now < preferredUntil;
  return { all: new Set(alone ? preferred : asked), preferred: new Set(preferred) };
}
