import { isFree } from '../../src/agent/transition.ts';
import type { Changes } from '../../src/events/ports.ts';
import { agentOf } from '../../src/interaction/interaction.ts';
import type { Queryable } from '../database.ts';

/**
 * Keeps the changes of a unit of work by one statement, which is its own transaction: events appended, snapshots
 * and agents' records replaced, commands noted as taken, timers set and taken back, deliveries to webhooks queued.
 * The statement has only the parts that there is something for; an empty part costs nearly as much as a small one.
 * @throws pg.DatabaseError of class 40 or 23505 when somebody else wrote first; then nothing is kept
 */
export async function saveChanges(db: Queryable, centreId: string, changes: Changes): Promise<void> {
  const statement = new Statement(centreId);
  const opened = changes.interactions.filter((one) => one.version === 0);
  const replaced = changes.interactions.filter((one) => one.version > 0 && one.changed);
  const added = changes.agents.filter((one) => one.version === 0);
  const renewed = changes.agents.filter((one) => one.version > 0);
  if (changes.lineVersion !== null) line(statement, changes.lineVersion);
  if (opened.length > 0) openInteractions(statement, opened.map(interactionRow));
  if (replaced.length > 0) replaceInteractions(statement, replaced.map(interactionRow));
  if (changes.interactions.length > 0) appendEvents(statement, changes.interactions);
  if (added.length > 0) addAgents(statement, added.map(agentRow));
  if (renewed.length > 0) replaceAgents(statement, renewed.map(agentRow));
  if (changes.taken.length > 0) takeCommands(statement, changes.taken);
  if (changes.cancelTimers.length > 0) cancelTimers(statement, changes.cancelTimers);
  if (changes.setTimers.length > 0) setTimers(statement, changes.setTimers);
  await db.query(statement.query());
}

/** A statement that is put together of parts, each with the parameters of its own. */
class Statement {
  readonly #centreId: string;
  readonly #values: unknown[] = [];
  #centre: string | undefined;
  readonly #names: string[] = [];
  readonly #parts: string[] = [];
  readonly #results: string[] = [];

  constructor(centreId: string) {
    this.#centreId = centreId;
  }

  /** The placeholder that stands for the centre's id. */
  get centre(): string {
    return (this.#centre ??= this.value(this.#centreId, 'text'));
  }

  /** @returns the placeholder that stands for this value */
  value(value: unknown, type: string): string {
    return `$${this.#values.push(value)}::${type}`;
  }

  /** Rows as the arrays that unnest takes. @returns `unnest($2::text[], …)`, a column for each of `types` */
  rows<Row>(rows: Row[], types: { [Name in keyof Row]?: string }): string {
    const columns = Object.entries(types).map(([name, type]) =>
      this.value(
        rows.map((row) => row[name as keyof Row]),
        `${type as string}[]`,
      ),
    );
    return `unnest(${columns.join(', ')})`;
  }

  /** A part; it is carried out whether anything is read of it or not. */
  writes(name: string, sql: string): void {
    this.#names.push(name);
    this.#parts.push(`${name} as (${sql})`);
  }

  /** Ends the whole in a serialization failure unless `seen`, an expression, comes to `wanted`. */
  expects(seen: string, wanted: number, what: string): void {
    this.#results.push(`expect_rows(${seen}, ${this.value(wanted, 'int')}, '${what}')`);
  }

  /** What is to be carried out although it only reads: `expression` asks for it. */
  asks(expression: string): void {
    this.#results.push(expression);
  }

  query(): { name: string; text: string; values: unknown[] } {
    return {
      // The same parts make the same text, so the server plans each combination once. A name has 63 letters.
      name: `save ${this.#names.map((name) => name.slice(0, 3)).join(' ')}`,
      text: `with ${this.#parts.join(',\n')}\nselect ${this.#results.join(', ')}`,
      values: this.#values,
    };
  }
}

function line(statement: Statement, version: number): void {
  statement.writes(
    'line',
    `update centres set line_version = line_version + 1
     where id = ${statement.centre} and line_version = ${statement.value(version, 'int')} returning 1`,
  );
  statement.expects('(select count(*) from line)', 1, 'lines');
}

type InteractionRow = ReturnType<typeof interactionRow>;

function interactionRow({ next, version, events }: Changes['interactions'][number]) {
  const place = 'place' in next.state ? next.state.place : null;
  return {
    id: next.id,
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

/** Of a new row and of one that is replaced. */
const interactionColumns = {
  id: 'text',
  version: 'int',
  snapshot: 'jsonb',
  state: 'text',
  agentId: 'text',
  queueId: 'text',
  priority: 'int',
  arrivedAt: 'bigint',
} satisfies { [Name in keyof InteractionRow]?: string };

function openInteractions(statement: Statement, rows: InteractionRow[]): void {
  const given = statement.rows(rows, { ...interactionColumns, tvId: 'text', openedAt: 'bigint' });
  statement.writes(
    'opened',
    `insert into interactions
       (id, version, snapshot, state, agent_id, queue_id, priority, arrived_at, tv_id, opened_at, centre_id)
     select *, ${statement.centre} from ${given}`,
  );
}

/** That nobody wrote since is told by the events: no two can have the same number. */
function replaceInteractions(statement: Statement, rows: InteractionRow[]): void {
  const given = statement.rows(rows, { ...interactionColumns, at: 'bigint' });
  statement.writes(
    'replaced',
    `update interactions i set
       version = r.version, snapshot = r.snapshot, state = r.state,
       -- who helped last stays on record after the end
       agent_id = case when r.state in ('closed', 'abandoned') then i.agent_id else r.agent_id end,
       queue_id = coalesce(r.queue_id, i.queue_id), priority = r.priority,
       arrived_at = coalesce(r.arrived_at, i.arrived_at),
       answered_at = case when r.state in ('active', 'wrapUp') then coalesce(i.answered_at, r.at) else i.answered_at end,
       ended_at = case when r.state in ('closed', 'abandoned') then coalesce(i.ended_at, r.at) end
     from ${given} as r (id, version, snapshot, state, agent_id, queue_id, priority, arrived_at, at)
     -- The centre is asked for afterwards, and another's undoes all: asked for here, it tempts the planner to go
     -- through everything that the centre ever had.
     where i.id = r.id
     returning i.centre_id`,
  );
  statement.expects(
    `(select count(*) from replaced where centre_id = ${statement.centre})`,
    rows.length,
    'interactions',
  );
}

function appendEvents(statement: Statement, interactions: Changes['interactions']): void {
  const events = interactions.flatMap((one) => one.events);
  const rows = events.map(({ event, ...one }) => ({ ...one, event: JSON.stringify(event) }));
  const given = statement.rows(rows, { interactionId: 'text', seq: 'int', at: 'bigint', event: 'jsonb' });
  statement.writes(
    'appended',
    `insert into interaction_events (interaction_id, seq, at, event) select * from ${given}`,
  );
  // One delivery waits for each active endpoint and interaction, however many events come; a retry that lies ahead
  // keeps its time. A centre without endpoints costs one look into an index.
  const ids = statement.value(
    interactions.map(({ next }) => next.id),
    'text[]',
  );
  statement.writes(
    'webhooks',
    `select queue_webhook(e.centre_id, e.id, i.id)
     from webhook_endpoints e cross join (select * from unnest(${ids}) as t (id) order by id) i
     where e.centre_id = ${statement.centre} and e.active`,
  );
  statement.asks('(select count(*) from webhooks)');
}

type AgentRow = ReturnType<typeof agentRow>;

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

const agentColumns = {
  id: 'text',
  fromVersion: 'int',
  record: 'jsonb',
  connected: 'boolean',
  free: 'boolean',
  freeSince: 'bigint',
} satisfies { [Name in keyof AgentRow]: string };

function addAgents(statement: Statement, rows: AgentRow[]): void {
  statement.writes(
    'joined',
    `insert into agent_records (agent_id, centre_id, version, record, connected, free, free_since)
     select id, ${statement.centre}, from_version + 1, record, connected, free, free_since
     from ${statement.rows(rows, agentColumns)} as a (id, from_version, record, connected, free, free_since)`,
  );
}

function replaceAgents(statement: Statement, rows: AgentRow[]): void {
  statement.writes(
    'agents',
    `update agent_records r set
       version = a.from_version + 1, record = a.record, connected = a.connected, free = a.free,
       free_since = a.free_since
     from ${statement.rows(rows, agentColumns)} as a (id, from_version, record, connected, free, free_since)
     where r.agent_id = a.id and r.centre_id = ${statement.centre} and r.version = a.from_version
     returning 1`,
  );
  statement.expects('(select count(*) from agents)', rows.length, 'agents');
}

function takeCommands(statement: Statement, taken: Changes['taken']): void {
  const given = statement.rows(taken, { senderId: 'text', commandId: 'text', interactionId: 'text' });
  statement.writes(
    'taken',
    `insert into commands_taken (sender_id, command_id, interaction_id) select * from ${given}`,
  );
}

function cancelTimers(statement: Statement, keys: string[]): void {
  statement.writes('cancelled', `delete from timers where key = any (${statement.value(keys, 'text[]')})`);
}

function setTimers(statement: Statement, timers: Changes['setTimers']): void {
  const whole = timers.map((timer) => ({ ...timer, at: Math.ceil(timer.at) }));
  const rows = whole.map((timer) => ({ key: timer.key, at: timer.at, timer: JSON.stringify(timer) }));
  statement.writes(
    'timers',
    `insert into timers (key, centre_id, at, timer)
     select t.key, ${statement.centre}, t.at, t.timer from ${statement.rows(rows, { key: 'text', at: 'bigint', timer: 'jsonb' })} as t (key, at, timer)
     on conflict (key) do update set at = excluded.at, timer = excluded.timer, claimed_until = null`,
  );
}
