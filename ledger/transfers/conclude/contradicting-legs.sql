-- execute: nobody
-- needs: ledger/commit/leg-command.sql, ledger/commit/state-change.sql

-- The money of a contradiction: the rail took what was given back, so the platform owes it.
create or replace function ledger.contradicting_legs(p_changes ledger.state_change[])
returns ledger.leg_command[]
language plpgsql stable as $$
begin
  if not exists (select from unnest(p_changes) change where change.cause = 'contradicted') then
    return array[]::leg_command[];
  end if;
  return array(
    select row(
      transfer.id,
      transfer.tenant_id,
      change.entry_id,
      1,
      'post',
      suspense.id,
      attempt.clearing_account_id,
      transfer.amount
    )::leg_command
    from unnest(p_changes) change
    join transfer on transfer.id = change.transfer_id
    join attempt on attempt.transfer_id = transfer.id and attempt.n = change.attempt_n
    join account suspense
      on suspense.tenant_id = transfer.tenant_id
      and suspense.currency = transfer.currency
      and suspense.kind = 'suspense'
    where change.cause = 'contradicted' and change.entry_id is not null
  );
end $$;
