-- execute: quittance_worker
-- needs: ledger/rails/few-sources.sql

-- Counts what a rail answered, for the breaker that all workers share. It opens when enough of a window failed, for more than one
-- bank, and for more than one tenant unless nobody at all had a good answer: one customer's bad numbers must not close the rail
-- for the others. It closes on the first good answer. A bad source is `tenant/bank`. Returns the breaker's state after it.
create or replace function ledger.observe_rail(p_rail text, p_good int, p_bad int, p_bad_sources text[], p_failures int, p_window_ms int, p_open_ms int) returns text
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare q rail; v_now timestamptz; v_tenants int; v_banks int;
begin
  select * into q from rail where name = p_rail for no key update;
  v_now := clock_timestamp();
  if q.breaker = 'open' then
    if p_good > 0 then
      update rail set breaker = 'closed', probe_at = null, good = 0, bad = 0, bad_sources = '{}', window_started_at = v_now, changed_at = v_now where name = p_rail;
      return 'closed';
    end if;
    if p_bad > 0 then update rail set probe_at = v_now + make_interval(secs => p_open_ms / 1000.0) where name = p_rail; end if;
    return 'open';
  end if;
  if q.window_started_at < v_now - make_interval(secs => p_window_ms / 1000.0) then
    q.good := 0; q.bad := 0; q.bad_sources := '{}'; q.window_started_at := v_now;
  end if;
  q.good := least(q.good + p_good, 1000000); q.bad := least(q.bad + p_bad, 1000000);
  -- Two sources of each of four tenants are enough to know that it is not one customer's doing.
  q.bad_sources := few_sources(q.bad_sources || p_bad_sources);
  select count(distinct split_part(x, '/', 1)), count(distinct split_part(x, '/', 2)) into v_tenants, v_banks from unnest(q.bad_sources) x;
  if q.bad >= p_failures and q.bad * 2 >= q.good + q.bad and v_banks >= 2 and (v_tenants >= 2 or q.good = 0) then
    update rail set breaker = 'open', probe_at = v_now + make_interval(secs => p_open_ms / 1000.0), good = q.good, bad = q.bad,
      bad_sources = q.bad_sources, window_started_at = q.window_started_at, changed_at = v_now where name = p_rail;
    return 'open';
  end if;
  update rail set good = q.good, bad = q.bad, bad_sources = q.bad_sources, window_started_at = q.window_started_at where name = p_rail;
  return 'closed';
end $$;
