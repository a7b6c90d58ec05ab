/** What the database holds in the end, and whether it agrees with itself. */
import { isDeepStrictEqual } from 'node:util';
import type { Agent } from '../../src/agent/agent.ts';
import type { StoredEvent } from '../../src/events/ports.ts';
import { consequences } from '../../src/interaction/consequences.ts';
import { agentOf, isEnded, type Interaction } from '../../src/interaction/interaction.ts';
import type { InteractionTimes } from '../../src/interaction/step.ts';
import { fold, type InteractionView } from '../../src/protocol/view.ts';
import type { Database } from '../../db/database.ts';

/** Milliseconds that a timer may be late once all is quiet; a claim of a service that was killed is over by then. */
const LATE = 12_000;

interface Kept {
  interaction: Interaction;
  version: number;
  /** The columns drawn out of the snapshot. */
  state: string;
  agentId: string | null;
  events: StoredEvent[];
}

interface Timer {
  key: string;
  dueAt: number;
  claimedUntil: Date | null;
}

export interface Ledger {
  /** Milliseconds since the epoch, by the service's clock. */
  readAt: number;
  interactions: Map<string, Kept>;
  agents: Agent[];
  /** By sender and the sender's id. */
  taken: Map<string, string | null>;
  timers: Timer[];
  connectedTvs: string[];
}

/** Reads everything of one contact centre, as it stands at one moment. */
export async function readLedger(database: Database, centreId: string): Promise<Ledger> {
  const client = await database.connect();
  try {
    const readAt = Date.now();
    await client.query('begin isolation level repeatable read read only');
    const kept = await client.query<Omit<Kept, 'events'>>(
      `select snapshot as interaction, version, state, agent_id as "agentId" from interactions where centre_id = $1`,
      [centreId],
    );
    const events = await client.query<StoredEvent>(
      `select interaction_id as "interactionId", seq, at, event from interaction_events order by interaction_id, seq`,
    );
    const agents = await client.query<{ record: Agent }>('select record from agent_records where centre_id = $1', [
      centreId,
    ]);
    const taken = await client.query<{ key: string; interactionId: string | null }>(
      `select sender_id || ' ' || command_id as key, interaction_id as "interactionId" from commands_taken`,
    );
    const timers = await client.query<Timer>(`select key, at as "dueAt", claimed_until as "claimedUntil" from timers`);
    const tvs = await client.query<{ id: string }>('select id from tvs where centre_id = $1 and connected', [centreId]);
    await client.query('commit');
    const interactions = new Map(kept.rows.map((one) => [one.interaction.id, { ...one, events: [] as StoredEvent[] }]));
    for (const event of events.rows) interactions.get(event.interactionId)?.events.push(event);
    return {
      readAt,
      interactions,
      agents: agents.rows.map(({ record }) => record),
      taken: new Map(taken.rows.map(({ key, interactionId }) => [key, interactionId])),
      timers: timers.rows,
      connectedTvs: tvs.rows.map(({ id }) => id),
    };
  } finally {
    client.release();
  }
}

/** The view that these events tell. */
export function foldAll(events: StoredEvent[]): InteractionView | null {
  return events.reduce<InteractionView | null>(fold, null);
}

/** What is due by now and not done: timers, and offers that stand past their time. */
export function overdue(ledger: Ledger, now: number): string[] {
  const late = ledger.timers.filter(({ dueAt }) => dueAt < now - LATE);
  const stuck = [...ledger.interactions.values()].filter(
    ({ interaction: { state } }) =>
      (state.kind === 'offered' && state.offer.expiresAt < now - LATE) ||
      (state.kind === 'invited' && state.expiresAt < now - LATE),
  );
  return [
    ...late.map((timer) => `A timer has not run: ${JSON.stringify(timer)}`),
    ...stuck.map(({ interaction }) => `${interaction.id} is still ${interaction.state.kind}, past its time.`),
  ];
}

/** @returns what contradicts what, one sentence each with the lines that show it */
export function checkLedger(ledger: Ledger, times: InteractionTimes): string[] {
  return [
    ...[...ledger.interactions.values()].flatMap(checkEvents),
    ...checkOnePerTv(ledger),
    ...checkAgents(ledger),
    ...checkTimers(ledger, times),
  ];
}

function checkEvents({ interaction, version, state, agentId, events }: Kept): string[] {
  const { id } = interaction;
  const shown = `\n${events.map(({ seq, at, event }) => `    ${seq} ${at} ${event.type}`).join('\n')}`;
  const wrong: string[] = [];
  if (events.some(({ seq }, n) => seq !== n + 1)) wrong.push(`The events of ${id} do not count 1, 2, 3:${shown}`);
  // What follows the snapshot left it as it is: messages, and news of the TV.
  const later = events.slice(version).map(({ event }) => event.type);
  if (version > events.length || later.some((type) => type !== 'messageSent' && type !== 'updated')) {
    wrong.push(`The snapshot of ${id} stands at event ${version} of ${events.length}:${shown}`);
  }
  if (events.some(({ at }, n) => at < (events[n - 1]?.at ?? 0))) wrong.push(`Time runs backwards in ${id}:${shown}`);
  const view = foldAll(events);
  const agent = agentOf(interaction)?.agentId ?? null;
  const told = view === null ? null : pictureOfView(view);
  const kept = pictureOf(interaction);
  if (!isDeepStrictEqual(told, kept)) {
    wrong.push(`The events of ${id} tell ${JSON.stringify(told)}, its snapshot says ${JSON.stringify(kept)}:${shown}`);
  }
  if (state !== interaction.state.kind || (!isEnded(interaction) && agentId !== agent)) {
    wrong.push(`The columns of ${id} say ${state} ${agentId}, its snapshot ${interaction.state.kind} ${agent}.`);
  }
  return wrong;
}

/** What both a snapshot and a view know. */
function pictureOf(interaction: Interaction): object {
  const { state, tasks, tvLostAt } = interaction;
  return {
    kind: state.kind,
    agent: agentOf(interaction)?.agentId ?? null,
    offer: state.kind === 'offered' ? state.offer.offerId : null,
    tasks: tasks.map(({ taskId, status }) => `${taskId} ${status}`).sort(),
    tvLostAt: isEnded(interaction) ? null : tvLostAt,
  };
}

function pictureOfView({ status, tasks, tvLostAt }: InteractionView): object {
  return {
    kind: status.kind,
    agent: agentOfView(status)?.agentId ?? null,
    offer: status.kind === 'offered' ? status.offerId : null,
    tasks: tasks.map((task) => `${task.id} ${task.status}`).sort(),
    tvLostAt: status.kind === 'closed' || status.kind === 'abandoned' ? null : tvLostAt,
  };
}

export function agentOfView(status: InteractionView['status']): { agentId: string } | null {
  return 'agent' in status ? status.agent : null;
}

function checkOnePerTv({ interactions }: Ledger): string[] {
  const open = new Map<string, string[]>();
  for (const { interaction } of interactions.values()) {
    if (isEnded(interaction) || interaction.state.kind === 'wrapUp') continue;
    open.set(interaction.tv.tvId, (open.get(interaction.tv.tvId) ?? []).concat(interaction.id));
  }
  return [...open].flatMap(([tvId, ids]) => (ids.length > 1 ? [`${tvId} has ${ids.length} open: ${ids.join()}`] : []));
}

const PHASES: Record<string, string> = { offered: 'offered', invited: 'inviting', active: 'engaged', wrapUp: 'wrapUp' };

/** Agents' records and interactions tell the same of who is with whom. */
function checkAgents({ agents, interactions }: Ledger): string[] {
  const byRecords = agents.flatMap(({ id, work }) => work.map((one) => `${id} ${one.interactionId} ${one.phase}`));
  const byInteractions = [...interactions.values()].flatMap(({ interaction }) => {
    const agent = agentOf(interaction);
    return agent === null ? [] : [`${agent.agentId} ${interaction.id} ${PHASES[interaction.state.kind]}`];
  });
  return [
    ...byRecords.filter((one) => !byInteractions.includes(one)).map((one) => `An agent's record alone has: ${one}`),
    ...byInteractions.filter((one) => !byRecords.includes(one)).map((one) => `No agent's record has: ${one}`),
    ...agents
      .filter(({ work, capacity }) => work.length > capacity)
      .map(({ id, work }) => `${id} has ${work.length} at once.`),
  ];
}

/** Timers stand exactly where they are needed (IX22). */
function checkTimers({ interactions, agents, timers, readAt }: Ledger, times: InteractionTimes): string[] {
  const effects = [...interactions.values()].flatMap(({ interaction }) =>
    consequences(null, interaction, false, readAt, times).flatMap((effect) =>
      effect.type === 'setTimer' ? [{ key: `${interaction.id}:${effect.timer}`, at: effect.at }] : [],
    ),
  );
  const needed = effects.map(({ key }) => key);
  // A time that is past was said already; whether it was is looked at elsewhere.
  const ahead = effects.filter(({ at }) => at > readAt).map(({ key }) => key);
  const standing = timers.flatMap(({ key }) => (key === null ? [] : [key]));
  const grace = agents.filter(({ connected }) => connected).map(({ id }) => `${id}:grace`);
  return [
    ...ahead.filter((key) => !standing.includes(key)).map((key) => `A timer is missing: ${key}`),
    ...standing
      .filter((key) => grace.includes(key) || (!key.endsWith(':grace') && !needed.includes(key)))
      .map((key) => `A timer stands that nobody needs: ${key}`),
  ];
}
