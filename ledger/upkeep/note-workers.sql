-- execute: quittance_worker

-- A process serves these task queues now. Many may say so of one queue: a row that was written a
-- moment ago is left as it is. `queue@build` is the queue of one version: forgotten when it was not
-- seen for a day, so that versions do not add up. Returns how many rows were written.
create or replace function ledger.note_workers(p_queues text[]) returns int
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_count int;
begin
  if cardinality(p_queues) > 100 then
    raise exception 'a process serves at most 100 queues';
  end if;
  delete from worker_queue
  where name like '%@%' and seen_at < v_now - interval '1 day' and name <> all (p_queues);
  insert into worker_queue as known (name, seen_at)
  select distinct queue, v_now
  from unnest(p_queues) queue
  order by queue
  on conflict (name) do update set seen_at = v_now
    where known.seen_at not between v_now - interval '2 seconds' and v_now;
  get diagnostics v_count = row_count;
  return v_count;
end $$;
