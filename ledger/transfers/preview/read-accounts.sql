-- execute: nobody
-- needs: ledger/accounts/lock.sql

-- Accounts as `lock_accounts` reads them, without their locks: for what decides nothing.
create or replace function ledger.read_accounts(p_ids uuid[]) returns ledger.locked_account[]
language plpgsql stable as $$
declare
  v_counter_max constant bigint := 4611686018427387904;
begin
  return array(
    select row(
      balance.account_id,
      balance.tenant_id,
      balance.kind,
      balance.currency,
      balance.status,
      balance.normal,
      balance.floor,
      case balance.normal
        when 1 then balance.credit_posted - balance.debit_posted - balance.debit_held
        else balance.debit_posted - balance.credit_posted - balance.credit_held
      end,
      v_counter_max - balance.debit_posted - balance.debit_held,
      v_counter_max - balance.credit_posted - balance.credit_held,
      balance.last_at
    )::locked_account
    from balance
    where balance.account_id = any (p_ids)
  );
end $$;
