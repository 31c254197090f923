-- execute: quittance_api
-- needs: ledger/audit/write.sql

-- Changes an account's name, metadata or status; null leaves a field as it is. Metadata is merged
-- by name: a null in it removes that name, a JSON null all of them. Returns ok, not_found,
-- account_not_empty, too_much_metadata or state_conflict (a closed account; one of the platform's
-- own). Frozen: nothing new, captures and releases go on. Closed: for good, and only when empty.
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
  old account;
  v_metadata jsonb;
begin
  -- Also the lock of the row of `account`, which only this function changes.
  select * into locked
  from balance where account_id = p_id and tenant_id = p_tenant for no key update;
  if locked.account_id is null then return 'not_found'; end if;
  if locked.kind not in ('customer', 'funding') then return 'state_conflict'; end if;
  if p_status is not null and p_status <> locked.status then
    if locked.status = 'closed' then return 'state_conflict'; end if;
    if p_status = 'closed' and (locked.debit_posted <> locked.credit_posted
        or locked.debit_held <> 0 or locked.credit_held <> 0) then
      return 'account_not_empty';
    end if;
  end if;
  select * into old from account where id = p_id;
  v_metadata := case
    when p_metadata is null then old.metadata
    when jsonb_typeof(p_metadata) = 'null' then '{}'
    else jsonb_strip_nulls(old.metadata || p_metadata)
  end;
  if (select count(*) > 50 from jsonb_object_keys(v_metadata)) then
    return 'too_much_metadata';
  end if;
  if p_status is not null and p_status <> locked.status then
    update balance set status = p_status, version = version + 1 where account_id = p_id;
  end if;
  update account set
    name = coalesce(p_name, name),
    metadata = v_metadata,
    updated_at = clock_timestamp()
  where id = p_id;
  perform write_audit(p_actor, p_tenant, 'account.changed', p_id::text,
    jsonb_build_object(
      'before', jsonb_strip_nulls(jsonb_build_object(
        'status', case when p_status is not null then locked.status end,
        'name', case when p_name is not null then old.name end,
        'metadata', case when p_metadata is not null then old.metadata end)),
      'after', jsonb_strip_nulls(jsonb_build_object(
        'status', p_status,
        'name', p_name,
        'metadata', case when p_metadata is not null then v_metadata end))));
  return 'ok';
end $$;
