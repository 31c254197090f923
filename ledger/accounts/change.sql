-- execute: quittance_api
-- needs: ledger/audit/write.sql

-- Changes an account's name, metadata or status; null leaves a field as it is. Returns ok,
-- not_found, account_not_empty or state_conflict. Frozen: nothing new, captures and releases go on.
-- Closed: for good, and only when empty.
create or replace function ledger.change_account(
  p_id uuid,
  p_tenant uuid,
  p_name text,
  p_metadata jsonb,
  p_status text,
  p_actor text
) returns text
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  locked balance;
begin
  select * into locked
  from balance where account_id = p_id and tenant_id = p_tenant for no key update;
  if locked.account_id is null then return 'not_found'; end if;
  if p_status is not null and p_status <> locked.status then
    if locked.status = 'closed' or locked.kind not in ('customer', 'funding') then
      return 'state_conflict';
    end if;
    if p_status = 'closed' and (locked.debit_posted <> locked.credit_posted
        or locked.debit_held <> 0 or locked.credit_held <> 0) then
      return 'account_not_empty';
    end if;
    update balance set status = p_status, version = version + 1 where account_id = p_id;
  end if;
  update account set
    name = coalesce(p_name, name),
    metadata = coalesce(p_metadata, metadata),
    updated_at = clock_timestamp()
  where id = p_id;
  perform write_audit(p_actor, p_tenant, 'account.changed', p_id::text,
    jsonb_strip_nulls(jsonb_build_object('status', p_status, 'name', p_name)));
  return 'ok';
end $$;
