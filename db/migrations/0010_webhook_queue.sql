-- Queues what an endpoint is to be told of an interaction: one job waits for each, however many events come. A retry
-- that lies ahead keeps its time, unless `due` says another.
--
-- graphile-worker's add_job (0.18.0) takes a job that a worker is just taking, in a transaction that is not committed
-- yet, for one that waits; when it finds out, it queues nothing, and returns nothing. Whoever has that job may have
-- looked before this transaction's events were there. Said again, it sees that the job is taken, and queues another.
create function queue_webhook(of_centre text, of_endpoint text, of_interaction text, due timestamptz default null)
returns bigint language plpgsql as $$
declare
  job bigint;
begin
  loop
    select added.id into job
    from graphile_worker.add_job(
      'webhook',
      json_build_object('centreId', of_centre, 'endpointId', of_endpoint, 'interactionId', of_interaction),
      job_key => 'webhook:' || of_endpoint || ':' || of_interaction,
      job_key_mode => case when due is null then 'preserve_run_at' else 'replace' end,
      run_at => due,
      flags => array[of_endpoint, of_centre]
    ) as added;
    if job is not null then
      return job;
    end if;
  end loop;
end
$$;
