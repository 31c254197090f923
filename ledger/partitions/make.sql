-- execute: quittance_worker
-- needs: ledger/partitions/make-one.sql, ledger/partitions/months-ahead.sql

-- Makes the monthly partitions from this month to so many months ahead; again is harmless. Returns
-- how many months ahead of this one have all their partitions without a gap, read from the catalog:
-- -1 when this month itself has not. No DEFAULT partition: a missing one must be loud, and every
-- later attach would have to scan it.
create or replace function ledger.make_partitions(p_months_ahead int) returns int
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_month timestamp := date_trunc('month', now() at time zone 'UTC');
  v_lock_timeout text := current_setting('lock_timeout');
  v_parent text;
begin
  if p_months_ahead not between 1 and 24 then
    raise exception 'months ahead must be 1 to 24';
  end if;
  -- Two housekeepers at once must not race for the same name. The second waits for the first as
  -- long as its statement may take; the limit for locks is for those under which others wait.
  perform set_config('lock_timeout', '0', true);
  perform pg_advisory_xact_lock(7201);
  perform set_config('lock_timeout', v_lock_timeout, true);
  for i in 0..p_months_ahead loop
    foreach v_parent in array partitioned_tables() loop
      perform make_partition(v_parent, v_month + make_interval(months => i));
    end loop;
  end loop;
  return months_ahead(p_months_ahead);
end $$;
