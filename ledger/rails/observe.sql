-- execute: quittance_worker
-- needs: ledger/rails/count-answers.sql, ledger/rails/observe-banks.sql
-- needs: ledger/rails/source-count.sql

-- Counts what banks answered on a rail, for the breakers that all workers share: each bank's, and
-- in second place the rail's. Sources are [{tenant, bank, good, bad, cost}]. An open breaker closes
-- on the first good answer. Returns {breaker, banks}: the rail's, and [{bank, breaker}] of those
-- whose breaker changed.
create or replace function ledger.observe_sends(p_rail text, p_sources jsonb) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_sources source_count[];
  v_rail rail;
  v_now timestamptz;
begin
  v_sources := array(
    select source from jsonb_populate_recordset(null::source_count, p_sources) source
  );
  select * into v_rail from rail where name = p_rail for no key update;
  v_now := clock_timestamp();
  v_rail := rail_after(v_rail, v_sources, v_now);
  update rail set
    breaker = v_rail.breaker,
    probe_at = v_rail.probe_at,
    good = v_rail.good,
    bad = v_rail.bad,
    bad_sources = v_rail.bad_sources,
    tenants = v_rail.tenants,
    window_started_at = v_rail.window_started_at,
    changed_at = v_rail.changed_at
  where name = p_rail;
  return jsonb_build_object(
    'breaker', v_rail.breaker,
    'banks', observe_banks(v_rail, v_sources, v_now)
  );
end $$;
