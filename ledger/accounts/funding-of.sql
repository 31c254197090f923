-- execute: nobody

-- The tenant's oldest funding account of a currency that is not closed; null: there is none.
-- A statement of its own each time: a second call in one function sees what was committed since.
create or replace function ledger.funding_account_of(p_tenant uuid, p_currency text) returns uuid
language plpgsql volatile as $$
begin
  return (
    select account_id
    from balance
    where tenant_id = p_tenant
      and currency = p_currency
      and kind = 'funding'
      and status <> 'closed'
    order by created_at, account_id
    limit 1
  );
end $$;
