-- execute: quittance_worker
-- needs: ledger/triggers/append-only.sql

-- Makes the monthly partitions from this month to so many months ahead; again is harmless. Returns how many months ahead of this
-- one have all their partitions without a gap, read from the catalogue: -1 when this month itself has not.
-- No DEFAULT partition: a missing one must be loud, and every later attach would have to scan it.
create or replace function ledger.make_partitions(p_months_ahead int) returns int
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_table text;
  v_month timestamptz := date_trunc('month', now() at time zone 'UTC') at time zone 'UTC';
  v_from timestamptz;
  v_to timestamptz;
  v_name text;
  v_ahead int;
begin
  if p_months_ahead not between 1 and 24 then raise exception 'months ahead must be 1 to 24'; end if;
  -- Two housekeepers at once must not race for the same name.
  perform pg_advisory_xact_lock(7201);
  for i in 0..p_months_ahead loop
    v_from := (v_month at time zone 'UTC' + make_interval(months => i)) at time zone 'UTC';
    v_to := (v_month at time zone 'UTC' + make_interval(months => i + 1)) at time zone 'UTC';
    foreach v_table in array array['entry', 'posting', 'event'] loop
      v_name := v_table || to_char(v_from at time zone 'UTC', '"_"YYYY"_"MM');
      if to_regclass('ledger.' || v_name) is null then
        -- Made beside its parent and attached: that takes a lock under which the parent is still written.
        execute format('create table ledger.%I (like ledger.%I including all)', v_name, v_table);
        execute format('create trigger append_only before update or delete or truncate on ledger.%I for each statement execute function ledger.refuse_change()', v_name);
        execute format('alter table ledger.%I set (autovacuum_vacuum_insert_scale_factor = 0.05)', v_name);
        execute format('alter table ledger.%I enable row level security', v_name);
        execute format('alter table ledger.%I attach partition ledger.%I for values from (%L) to (%L)', v_table, v_name, v_from, v_to);
      end if;
    end loop;
  end loop;
  select coalesce(min(x.i) - 1, p_months_ahead) into v_ahead
    from generate_series(0, p_months_ahead) x(i) cross join unnest(array['entry', 'posting', 'event']) t(name)
    where not exists (select 1 from pg_inherits h where h.inhparent = ('ledger.' || t.name)::regclass and h.inhrelid
      = to_regclass('ledger.' || t.name || to_char(v_month at time zone 'UTC' + make_interval(months => x.i), '"_"YYYY"_"MM')));
  return v_ahead;
end $$;
