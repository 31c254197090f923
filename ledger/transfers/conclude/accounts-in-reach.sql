-- execute: nobody

-- Every account that a capture, a release or a contradiction of these transfers may touch.
create or replace function ledger.accounts_in_reach(p_transfers uuid[]) returns uuid[]
language plpgsql stable as $$
begin
  return array(
    select account.id
    from hold
    cross join lateral (values (hold.account_id), (hold.counter_account_id)) account (id)
    where hold.transfer_id = any (p_transfers)
    -- `lock_accounts` takes an account that is named twice as one.
    union all
    select suspense.id
    from (
      select tenant_id, currency
      from transfer
      where id = any (p_transfers) and state not in ('scheduled', 'submitting', 'unknown')
      -- Offset 0 keeps the planner from beginning with all suspense accounts.
      offset 0
    ) ended
    join account suspense
      on suspense.tenant_id = ended.tenant_id
      and suspense.currency = ended.currency
      and suspense.kind = 'suspense'
  );
end $$;
