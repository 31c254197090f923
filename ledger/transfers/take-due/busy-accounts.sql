-- execute: nobody

-- Accounts with a transfer on this rail that was dispatched and is on its way: nothing else of
-- them is taken meanwhile, so that the transfers of an account go in turn.
create or replace function ledger.busy_accounts(p_rail text, p_now timestamptz)
returns setof uuid
language sql stable as $$
  select transfer.source_account_id
  from ledger.transfer
  where transfer.rail = p_rail
    and (
      transfer.state = 'scheduled' and transfer.carrier is not null and transfer.next_at > p_now
      or transfer.state = 'submitting' and transfer.carrier <> transfer.created_by_group
    )
$$;
