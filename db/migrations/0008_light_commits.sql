-- What a commit costs is what the house can do a second.

-- Timers have a table of their own: one row under its key, written within the commit that asks for it. A job of the
-- queue's cost thirty times as much, and who says a timer twice does no harm.
create table timers (
  key text primary key,
  -- written by what reads and writes the centre's own rows: looking it up once more is not needed
  centre_id text not null,
  -- milliseconds since the epoch, by the service's clock
  at bigint not null,
  timer jsonb not null,
  -- a service that is gone, or stands still, loses it when the time is over
  claimed_until timestamptz
);
create index timers_at on timers (at);

do $$
begin
  if to_regclass('graphile_worker._private_jobs') is not null then
    insert into timers (key, centre_id, at, timer)
    select j.key, j.payload->>'centreId', (j.payload->>'at')::bigint, j.payload
    from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
    where t.identifier = 'timer' and j.key is not null
    on conflict do nothing;
    delete from graphile_worker._private_jobs j using graphile_worker._private_tasks t
    where t.id = j.task_id and t.identifier = 'timer';
  end if;
end
$$;

-- An event is written by the statement that writes, or has read, its interaction: looking the interaction up again for
-- each event, and locking its row, cost more than keeping the event.
alter table interaction_events drop constraint interaction_events_interaction_id_fkey;

-- Rows come in the order of their time, so a block range tells as much as an entry for each.
drop index commands_taken_at;
create index commands_taken_at on commands_taken using brin (taken_at);
