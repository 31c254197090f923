-- execute: nobody

-- The transition of a transfer that is undone; null: it cannot be. A bank does not give money back
-- because we say so, and what undoes another is not undone: a new transfer is made instead.
create or replace function ledger.reversal_of(transfer ledger.transfer) returns ledger.transition
language sql immutable
return case
  when transfer.state = 'completed' and transfer.rail = 'book' and transfer.reverses_id is null
    then row(transfer.state, 'reversed', 'reversed')::ledger.transition
end;
