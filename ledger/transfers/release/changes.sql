-- execute: nobody
-- needs: ledger/commit/state-change.sql, ledger/ids.sql, ledger/transfers/worker-patience.sql

-- A network's transfer is submitted; a book transfer is posted, or fails where its destination was
-- closed meanwhile.
create or replace function ledger.changes_when_due(
  p_ids uuid[],
  p_carriers uuid[],
  p_at timestamptz,
  p_now timestamptz
) returns ledger.state_change[]
language plpgsql as $$
begin
  return array(
    select row(
      transfer.id,
      transfer.tenant_id,
      transfer.version + 1,
      transfer.state,
      case decided.to_state when 'failed' then 'impossible' else 'due' end,
      decided.to_state,
      case decided.to_state
        when 'submitting' then row('send', p_now + worker_patience(), 'worker')::next_step
      end,
      transfer.attention_reason,
      null,
      null,
      case decided.to_state when 'completed' then uuid_v7(p_at) end,
      case decided.to_state when 'failed' then 'account_closed' end,
      'dispatch',
      null,
      null,
      null,
      null,
      null,
      null,
      null
    )::state_change
    from unnest(p_ids, p_carriers) taken (id, carrier)
    join transfer on transfer.id = taken.id
    join hold on hold.transfer_id = transfer.id
    join balance destination on destination.account_id = hold.counter_account_id
    cross join lateral (
      select case
        when transfer.rail <> 'book' then 'submitting'
        when destination.status = 'closed' then 'failed'
        else 'completed'
      end as to_state
      offset 0
    ) decided
    where transfer.state = 'scheduled' and transfer.carrier = taken.carrier
  );
end $$;
