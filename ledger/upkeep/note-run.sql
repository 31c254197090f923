-- execute: quittance_worker
-- needs: ledger/milliseconds.sql

-- A piece of periodic work has finished. Returns for how long it has finished without a gap of
-- more than p_gap_ms, in milliseconds.
create or replace function ledger.note_run(p_name text, p_gap_ms int) returns bigint
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_since timestamptz;
begin
  insert into upkeep_run as run (name, finished_at, steady_since)
  values (p_name, v_now, v_now)
  on conflict (name) do update set
    finished_at = v_now,
    steady_since = case
      -- A time that lies ahead was written under a wrong clock.
      when run.finished_at between v_now - milliseconds(p_gap_ms) and v_now
        then least(run.steady_since, v_now)
      else v_now
    end
  returning steady_since into v_since;
  return floor(extract(epoch from v_now - v_since) * 1000)::bigint;
end $$;
