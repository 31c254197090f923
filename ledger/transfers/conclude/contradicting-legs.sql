-- execute: nobody
-- needs: ledger/commit/leg-command.sql, ledger/commit/state-change.sql

-- The money of a contradiction: the rail took what was given back, or took it once more, so the
-- platform owes it.
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

-- Whether a loss fits into the counters of both its accounts, beside as many others in this commit.
-- They end with a bigint, thousands of times above any real book. One that does not fit is kept
-- without an entry, as every other contradiction with attention; `verify` names it.
create or replace function ledger.has_room_for_loss(
  transfer ledger.transfer,
  attempt ledger.attempt,
  p_losses int
) returns boolean
language plpgsql stable as $$
declare
  v_counter_max constant bigint := 9223372036854775807;
begin
  return (
    select min(v_counter_max - greatest(
      balance.debit_posted + balance.debit_held,
      balance.credit_posted + balance.credit_held
    )) / p_losses >= transfer.amount
    from balance
    where balance.account_id = attempt.clearing_account_id
      or balance.account_id = (
        select suspense.id
        from account suspense
        where suspense.tenant_id = transfer.tenant_id
          and suspense.currency = transfer.currency
          and suspense.kind = 'suspense'
      )
  );
end $$;
