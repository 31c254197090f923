-- execute: nobody
-- needs: ledger/commit/state-change.sql, ledger/transfers/cancel/cancellation-of.sql
-- needs: ledger/transfers/cancel/command.sql, ledger/transfers/conclude/attention-of.sql

-- What the commands change on their transfers, of those whose command goes on.
create or replace function ledger.changes_of_cancelling(
  p_commands ledger.cancel_command[],
  p_ids uuid[],
  p_now timestamptz
) returns ledger.state_change[]
language plpgsql stable as $$
begin
  return array(
    select row(
      transfer.id,
      transfer.tenant_id,
      transfer.version + 1,
      transfer.state,
      (taken.transition).cause,
      (taken.transition).to_state,
      null,
      attention_after_end(transfer.attention_reason),
      null,
      null,
      null,
      null,
      'request',
      null,
      null,
      null,
      null,
      command.actor,
      command.reason,
      null
    )::state_change
    from unnest(p_commands) command
    join transfer on transfer.id = command.id
    cross join lateral (select cancellation_of(transfer, p_now) as transition offset 0) taken
    where transfer.id = any (p_ids) and (taken.transition).cause is not null
  );
end $$;
