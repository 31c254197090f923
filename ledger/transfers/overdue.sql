-- execute: quittance_worker
-- needs: ledger/transfers/deadlines.sql, ledger/transfers/late-transfers.sql

-- Transfers that are late, for the sweep: see ledger.late_transfers, which the auditor asks too.
-- Times that a wrong clock wrote are corrected first.
create or replace function ledger.overdue(p_grace_ms int, p_limit int) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_rail rail;
begin
  for v_rail in select * from rail loop
    perform correct_deadlines(v_rail, clock_timestamp());
  end loop;
  return late_transfers(p_grace_ms, p_limit);
end $$;
