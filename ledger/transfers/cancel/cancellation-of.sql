-- execute: nobody
-- needs: ledger/transfers/unresolved-sends.sql

-- The transition that withdraws a transfer; null: it cannot be withdrawn. A send that is unresolved
-- may still move money, and one that was never granted cannot.
create or replace function ledger.cancellation_of(
  transfer ledger.transfer,
  p_now timestamptz
) returns ledger.transition
language plpgsql stable as $$
begin
  return case
    when transfer.state = 'scheduled' and not exists (
      select
      from attempt
      cross join lateral unresolved_sends(
        attempt.transfer_id, attempt.n, attempt.created_at, p_now
      ) sends
      where attempt.transfer_id = transfer.id and sends.unresolved > 0
    )
      then row(transfer.state, 'cancelled', 'cancelled')::ledger.transition
  end;
end $$;
