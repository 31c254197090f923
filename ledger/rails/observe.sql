-- execute: quittance_worker
-- needs: ledger/milliseconds.sql, ledger/rails/count-answers.sql

-- Counts what a rail answered, for the breaker that all workers share, and returns its state. A bad
-- source is `tenant/bank`. An open breaker closes on the first good answer.
create or replace function ledger.observe_rail(
  p_rail text,
  p_good int,
  p_bad int,
  p_bad_sources text[]
) returns text
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_rail rail;
  v_now timestamptz;
begin
  select * into v_rail from rail where name = p_rail for no key update;
  v_now := clock_timestamp();
  if v_rail.breaker = 'open' and p_good = 0 then
    if p_bad > 0 then
      update rail set probe_at = v_now + milliseconds(breaker_open_ms) where name = p_rail;
    end if;
    return 'open';
  end if;
  v_rail := counted(v_rail, p_good, p_bad, p_bad_sources, v_now);
  update rail set
    breaker = v_rail.breaker,
    probe_at = v_rail.probe_at,
    good = v_rail.good,
    bad = v_rail.bad,
    bad_sources = v_rail.bad_sources,
    window_started_at = v_rail.window_started_at,
    changed_at = v_rail.changed_at
  where name = p_rail;
  return v_rail.breaker;
end $$;
