-- execute: nobody
-- needs: ledger/commit/state-change.sql

-- Writes changes on the rows of their transfers, which the caller has locked.
create or replace function ledger.change_states(p_changes ledger.state_change[], p_at timestamptz)
returns void
language plpgsql as $$
begin
  update transfer set
    state = change.to_state,
    cause = coalesce(change.cause, transfer.cause),
    version = change.version,
    updated_at = case when change.cause is null then transfer.updated_at else p_at end,
    state_since = case
      when change.to_state = transfer.state then transfer.state_since
      else p_at
    end,
    next_what = (change.next).what,
    next_at = (change.next).next_at,
    waiting_for = (change.next).waiting_for,
    carrier = case when change.to_state = 'submitting' then transfer.carrier end,
    -- The entry of a contradiction is the platform's, not the transfer's.
    entry_id = case
      when change.cause = 'contradicted' then transfer.entry_id
      else coalesce(change.entry_id, transfer.entry_id)
    end,
    reversed_by_id = coalesce(change.reversed_by_id, transfer.reversed_by_id),
    completed_at = case
      when change.to_state = 'completed' then coalesce(transfer.completed_at, p_at)
      else transfer.completed_at
    end,
    refusal_code = coalesce(change.refusal_code, transfer.refusal_code),
    refusal_detail = case
      when change.refusal_code is null then transfer.refusal_detail
      else change.code
    end,
    attention_reason = change.attention,
    attention_since = case
      when change.attention is null then null
      when change.attention is distinct from transfer.attention_reason then p_at
      else transfer.attention_since
    end,
    -- Another contradiction is another alarm.
    attention_acknowledged_at = case
      when change.attention = transfer.attention_reason
        and change.cause is distinct from 'contradicted'
        then transfer.attention_acknowledged_at
    end
  from unnest(p_changes) change
  where transfer.id = change.transfer_id;
end $$;
