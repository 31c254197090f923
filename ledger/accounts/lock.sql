-- execute: nobody

-- An account as its lock found it. `available`: what may leave it, its floor not counted.
-- `debit_capacity`, `credit_capacity`: how much more its counters may take.
create type ledger.locked_account as (
  account_id uuid,
  tenant_id uuid,
  kind text,
  currency text,
  status text,
  normal smallint,
  floor bigint,
  available bigint,
  debit_capacity bigint,
  credit_capacity bigint,
  last_at timestamptz
);

-- Locks accounts in order of their ids, as every verb does, and reads them under the lock. Nulls
-- and unknown ids are left out.
create or replace function ledger.lock_accounts(p_ids uuid[]) returns ledger.locked_account[]
language plpgsql as $$
declare
  -- No counter may come near the end of a bigint: see the constraint `counters_bounded`.
  v_counter_max constant bigint := 4611686018427387904;
begin
  return array(
    select row(
      locked.account_id,
      locked.tenant_id,
      locked.kind,
      locked.currency,
      locked.status,
      locked.normal,
      locked.floor,
      case locked.normal
        when 1 then locked.credit_posted - locked.debit_posted - locked.debit_held
        else locked.debit_posted - locked.credit_posted - locked.credit_held
      end,
      v_counter_max - locked.debit_posted - locked.debit_held,
      v_counter_max - locked.credit_posted - locked.credit_held,
      locked.last_at
    )::locked_account
    from (
      select *
      from balance
      where account_id = any (p_ids)
      order by account_id
      for no key update
    ) locked
  );
end $$;
