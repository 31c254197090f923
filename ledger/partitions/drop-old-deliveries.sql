-- execute: quittance_worker

-- Drops the months of the log of deliveries that ended so many days ago. It waits two seconds for
-- the readers and writers of the log, who wait as long for it, and goes on the next time. Returns
-- how many months went.
create or replace function ledger.drop_old_deliveries(p_days int) returns int
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_partition regclass;
  v_dropped int := 0;
begin
  if p_days < 7 then raise exception 'deliveries are kept at least 7 days'; end if;
  perform set_config('lock_timeout', '2s', true);
  for v_partition in
    select child.oid::regclass
    from pg_inherits
    join pg_class child on child.oid = inhrelid
    where inhparent = 'ledger.delivery'::regclass
      and (to_date(right(child.relname, 7), 'YYYY_MM') + interval '1 month') at time zone 'UTC'
        <= now() - make_interval(days => p_days)
  loop
    execute format('drop table %s', v_partition);
    v_dropped := v_dropped + 1;
  end loop;
  return v_dropped;
end $$;
