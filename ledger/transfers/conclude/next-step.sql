-- execute: nobody
-- needs: ledger/commit/state-change.sql, ledger/rails/bank-breaker.sql, ledger/rails/bank-of.sql
-- needs: ledger/transfers/conclude/next-inquiry.sql
-- needs: ledger/transfers/conclude/next-send.sql, ledger/transfers/conclude/report.sql
-- needs: ledger/transfers/unresolved-sends.sql

-- What a transfer in `p_state` does next after a report; null where it does nothing.
create or replace function ledger.next_step_of(
  p_state text,
  report ledger.report,
  transfer ledger.transfer,
  attempt ledger.attempt,
  sends ledger.unresolved_sends,
  rail ledger.rail,
  p_now timestamptz
) returns ledger.next_step
language plpgsql stable as $$
declare
  v_at timestamptz;
  v_bank_probe_at timestamptz;
begin
  if p_state = 'unknown' then
    v_at := next_inquiry_at(report, attempt, sends, rail, p_now);
    return row('inquire', v_at, 'answer')::next_step;
  end if;
  if p_state <> 'scheduled' then
    return null;
  end if;
  -- No send is left to it: a person decides. It is looked at daily, and never becomes a probe.
  if sends.granted >= 1000 then
    return row('send_again', p_now + interval '1 day', 'person')::next_step;
  end if;
  v_at := next_send_at(report, transfer, sends, rail, p_now);
  if rail.breaker = 'open' or rail.paused_by is not null then
    return row('send_when_rail_recovers', greatest(rail.probe_at, v_at), 'rail')::next_step;
  end if;
  v_bank_probe_at := bank_probe_at(rail.name, bank_of(transfer.destination_bank));
  if v_bank_probe_at is not null then
    return row('send_when_bank_recovers', greatest(v_bank_probe_at, v_at), 'bank')::next_step;
  end if;
  -- The rail is well, and our worker is missing. The row keeps its place in the rail's line.
  if report.code = 'no_worker' then
    return row('send_when_worker_serves_rail', v_at, 'rail')::next_step;
  end if;
  return row('send_again', v_at, 'rail')::next_step;
end $$;
