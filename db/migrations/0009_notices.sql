-- What a press needs and seldom changes is kept in the services' memory (db/memory.ts). Whoever changes it, by whatever
-- way, tells all of them: a notice names what is not true any more.
create function announce_tv() returns trigger language plpgsql as $$
begin
  perform pg_notify('couchline_changed', jsonb_build_array('tv', new.centre_id, new.id)::text);
  return null;
end
$$;
create trigger tv_changed after update of name, told, customer_id, serial on tvs for each row
  when ((old.name, old.told, old.customer_id, old.serial) is distinct from (new.name, new.told, new.customer_id, new.serial))
  execute function announce_tv();

create function announce_customer() returns trigger language plpgsql as $$
begin
  perform pg_notify('couchline_changed', jsonb_build_array('tv', centre_id, id)::text)
  from tvs where customer_id = new.id;
  return null;
end
$$;
create trigger customer_changed after update on customers for each row
  when (old is distinct from new) execute function announce_customer();
create index tvs_customer on tvs (customer_id);

create function announce_catalogue() returns trigger language plpgsql as $$
begin
  perform pg_notify('couchline_changed', jsonb_build_array('catalogue', new.centre_id)::text);
  return null;
end
$$;
create trigger catalogue_published after insert on catalogues for each row execute function announce_catalogue();

-- Queues and agents as routing looks at them. Offers, and whatever follows from them, are told by the line's version.
create function announce_line() returns trigger language plpgsql as $$
begin
  perform pg_notify('couchline_changed', jsonb_build_array('line', coalesce(new.centre_id, old.centre_id))::text);
  return null;
end
$$;
create trigger queue_changed after insert or update or delete on queues for each row execute function announce_line();
create trigger agent_added after insert on agents for each row execute function announce_line();
create trigger agent_changed after update of name, skills, customers_looked_after on agents for each row
  execute function announce_line();
create trigger agent_record_added after insert on agent_records for each row execute function announce_line();
create trigger agent_record_changed after update on agent_records for each row
  when (
    old.connected <> new.connected
    or old.record->'wish' is distinct from new.record->'wish'
    or old.record->'capacity' is distinct from new.record->'capacity'
    or old.record->'skills' is distinct from new.record->'skills'
  )
  execute function announce_line();
