-- execute: nobody

-- Whether an account has a transfer on this rail that was dispatched and is on its way: nothing
-- else of it is taken meanwhile, so that the transfers of an account go in turn. The first
-- condition is the predicate of the index transfer_ahead.
create or replace function ledger.is_busy(p_account uuid, p_rail text, p_now timestamptz)
returns boolean
language sql stable
return exists (
  select
  from ledger.transfer
  where (
      transfer.state = 'scheduled'
        and (transfer.waiting_for = 'rail' or transfer.carrier is not null)
      or transfer.state = 'submitting' and transfer.carrier <> transfer.created_by_group
    )
    and transfer.source_account_id = p_account
    and transfer.rail = p_rail
    and transfer.next_what in ('send', 'await_answer')
    and (transfer.state = 'submitting' or transfer.next_at > p_now)
);
