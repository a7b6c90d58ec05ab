import { isFree } from '../../src/agent/transition.ts';
import type { Changes } from '../../src/events/ports.ts';
import { agentOf } from '../../src/interaction/interaction.ts';
import type { Queryable } from '../database.ts';

/**
 * Keeps the changes of a unit of work by one statement, which is its own transaction: events appended, snapshots
 * and agents' records replaced under their versions, commands noted as taken, timers queued and
 * taken back, deliveries to webhooks queued.
 * @throws pg.DatabaseError of class 40 or 23505 when somebody else wrote first; then nothing is kept
 */
export async function saveChanges(db: Queryable, centreId: string, changes: Changes): Promise<void> {
  const interactions = changes.interactions.map(interactionRow);
  const opened = interactions.filter((row) => row.fromVersion === 0);
  const replaced = interactions.filter((row) => row.fromVersion > 0);
  const events = changes.interactions.flatMap((one) => one.events);
  const agents = changes.agents.map(agentRow);
  await db.query({
    name: 'save-changes',
    text: statement,
    values: [
      centreId,
      changes.lineVersion,
      ...columns(opened, openedColumns),
      ...columns(replaced, replacedColumns),
      events.map((one) => one.interactionId),
      events.map((one) => one.seq),
      events.map((one) => one.at),
      events.map((one) => JSON.stringify(one.event)),
      ...columns(agents, agentColumns),
      changes.taken.map((one) => one.senderId),
      changes.taken.map((one) => one.commandId),
      changes.taken.map((one) => one.interactionId),
      changes.cancelTimers,
      changes.setTimers.map((timer) => timer.key),
      changes.setTimers.map((timer) => timer.at),
      changes.setTimers.map((timer) => JSON.stringify(timer)),
      opened.length,
      replaced.length,
      agents.length,
      changes.taken.length,
      changes.lineVersion === null ? 0 : 1,
    ],
  });
}

type InteractionRow = ReturnType<typeof interactionRow>;
type AgentRow = ReturnType<typeof agentRow>;

function interactionRow({ next, version, events }: Changes['interactions'][number]) {
  const place = 'place' in next.state ? next.state.place : null;
  return {
    id: next.id,
    fromVersion: version,
    version: version + events.length,
    snapshot: JSON.stringify(next),
    state: next.state.kind,
    agentId: agentOf(next)?.agentId ?? null,
    queueId: place?.match.queueId ?? null,
    priority: place?.priority ?? 0,
    arrivedAt: place?.arrivedAt ?? null,
    at: events[events.length - 1]?.at ?? next.openedAt,
    tvId: next.tv.tvId,
    openedAt: next.openedAt,
  };
}

function agentRow({ next, version }: Changes['agents'][number]) {
  return {
    id: next.id,
    fromVersion: version,
    record: JSON.stringify(next),
    connected: next.connected,
    free: isFree(next),
    freeSince: next.freeSince,
  };
}

const openedColumns = [
  'id',
  'version',
  'snapshot',
  'state',
  'agentId',
  'queueId',
  'priority',
  'arrivedAt',
  'tvId',
  'openedAt',
] as const satisfies (keyof InteractionRow)[];

const replacedColumns = [
  'id',
  'fromVersion',
  'version',
  'snapshot',
  'state',
  'agentId',
  'queueId',
  'priority',
  'arrivedAt',
  'at',
] as const satisfies (keyof InteractionRow)[];

const agentColumns = [
  'id',
  'fromVersion',
  'record',
  'connected',
  'free',
  'freeSince',
] as const satisfies (keyof AgentRow)[];

/** Rows as the arrays that unnest takes, a parameter a column. */
function columns<Row, Name extends keyof Row>(rows: Row[], names: readonly Name[]): Row[Name][][] {
  return names.map((name) => rows.map((row) => row[name]));
}

const statement = `
with
line as (
  update centres set line_version = line_version + 1
  where id = $1 and line_version = $2::int returning 1
),
opened as (
  insert into interactions
    (id, version, snapshot, state, agent_id, queue_id, priority, arrived_at, tv_id, opened_at, centre_id)
  select *, $1 from unnest($3::text[], $4::int[], $5::jsonb[], $6::text[], $7::text[], $8::text[], $9::int[],
                           $10::bigint[], $11::text[], $12::bigint[])
  on conflict do nothing returning 1
),
replaced as (
  update interactions i set
    version = r.version, snapshot = r.snapshot, state = r.state,
    -- who helped last stays on record after the end
    agent_id = case when r.state in ('closed', 'abandoned') then i.agent_id else r.agent_id end,
    queue_id = coalesce(r.queue_id, i.queue_id), priority = r.priority,
    arrived_at = coalesce(r.arrived_at, i.arrived_at),
    answered_at = case when r.state in ('active', 'wrapUp') then coalesce(i.answered_at, r.at) else i.answered_at end,
    ended_at = case when r.state in ('closed', 'abandoned') then coalesce(i.ended_at, r.at) end
  from unnest($13::text[], $14::int[], $15::int[], $16::jsonb[], $17::text[], $18::text[], $19::text[], $20::int[],
              $21::bigint[], $22::bigint[])
    as r (id, from_version, version, snapshot, state, agent_id, queue_id, priority, arrived_at, at)
  -- The centre is asked for afterwards, and another's undoes all: asked for here, it tempts the planner to go through
  -- everything that the centre ever had.
  where i.id = r.id and i.version = r.from_version
  returning i.centre_id
),
appended as (
  insert into interaction_events (interaction_id, seq, at, event)
  select * from unnest($23::text[], $24::int[], $25::bigint[], $26::jsonb[])
),
agents_known as (
  select * from unnest($27::text[], $28::int[], $29::jsonb[], $30::boolean[], $31::boolean[], $32::bigint[])
    as a (id, from_version, record, connected, free, free_since)
),
agents_added as (
  insert into agent_records (agent_id, centre_id, version, record, connected, free, free_since)
  select id, $1, 1, record, connected, free, free_since from agents_known where from_version = 0
  on conflict do nothing returning 1
),
agents_replaced as (
  update agent_records r set
    version = a.from_version + 1, record = a.record, connected = a.connected, free = a.free, free_since = a.free_since
  from agents_known a
  where a.from_version > 0 and r.agent_id = a.id and r.centre_id = $1 and r.version = a.from_version
  returning 1
),
taken as (
  insert into commands_taken (sender_id, command_id, interaction_id)
  select * from unnest($33::text[], $34::text[], $35::text[])
  on conflict do nothing returning 1
),
timers_cancelled as (
  select graphile_worker.remove_job(key) from unnest($36::text[]) as t (key)
),
timers_set as (
  select graphile_worker.add_job('timer', payload::json, run_at => to_timestamp(at / 1000.0), job_key => key,
                                 job_key_mode => 'replace')
  from unnest($37::text[], $38::float8[], $39::text[]) as t (key, at, payload)
),
-- One delivery waits for each active endpoint and interaction, however many events come; a retry that lies ahead
-- keeps its time. A centre without endpoints costs one look into an index.
webhooks as (
  select graphile_worker.add_job('webhook',
           json_build_object('centreId', e.centre_id, 'endpointId', e.id, 'interactionId', i.id),
           job_key => 'webhook:' || e.id || ':' || i.id,
           job_key_mode => 'preserve_run_at',
           flags => array[e.id, e.centre_id])
  from webhook_endpoints e cross join (select * from unnest($3::text[] || $13::text[]) as t (id) order by id) i
  where e.centre_id = $1 and e.active
)
select
  expect_rows((select count(*) from opened), $40::int, 'new interactions'),
  expect_rows((select count(*) from replaced where centre_id = $1), $41::int, 'interactions'),
  expect_rows((select count(*) from agents_added) + (select count(*) from agents_replaced), $42::int, 'agents'),
  expect_rows((select count(*) from taken), $43::int, 'commands'),
  expect_rows((select count(*) from line), $44::int, 'lines'),
  (select count(*) from timers_cancelled), (select count(*) from timers_set), (select count(*) from webhooks)`;
