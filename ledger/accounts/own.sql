-- execute: nobody

-- Those of these accounts that belong to the tenant beside them, each once. What belongs to another
-- is refused as if there were none, and nobody may lock it. The fence (offset 0) has them read by
-- their ids: a join by tenant might read all of a tenant's.
create or replace function ledger.own_accounts(p_tenants uuid[], p_ids uuid[]) returns uuid[]
language plpgsql stable as $$
begin
  return array(
    select found.account_id
    from (select account_id, tenant_id from balance where account_id = any (p_ids) offset 0) found
    where (found.account_id, found.tenant_id) in (
      select pair.account_id, pair.tenant_id
      from unnest(p_ids, p_tenants) pair (account_id, tenant_id)
    )
  );
end $$;
