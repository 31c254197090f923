-- execute: quittance_api
-- needs: ledger/audit/write.sql, ledger/commit/new-event.sql
-- needs: ledger/commit/write-subject-events.sql, ledger/statements/cut/now.sql

-- Changes an account. Members of p_change: id, tenant_id, actor, and what is to change, where a
-- member that is absent or null leaves a field as it is: name, status, metadata, version; a
-- reference that is null is removed. Metadata is merged by name: a null in it removes that name,
-- 'none' all of them. `overdraft_limit`: how far below zero a customer account may go. `version`:
-- the one that it must still have. Returns ok, not_found, changed_since, account_not_empty,
-- overdraft_in_use (it is further below zero, what is held counted), too_much_metadata or
-- state_conflict (another status or limit of a closed account, whose name may still change; one of
-- the platform's own; a limit where there is none). Every status: docs/account-states.md.
-- Frozen: nothing new, captures and releases go on. Closed: for good, and only when empty; its last
-- statement is cut by the same commit.
create or replace function ledger.change_account(p_change jsonb) returns text
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_id uuid := (p_change ->> 'id')::uuid;
  v_tenant uuid := (p_change ->> 'tenant_id')::uuid;
  v_name text := p_change ->> 'name';
  v_status text := p_change ->> 'status';
  v_given jsonb := p_change -> 'metadata';
  v_floor bigint := -(p_change ->> 'overdraft_limit')::bigint;
  v_metadata jsonb;
  v_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  locked balance;
  old account;
begin
  -- Also the lock of the row of `account`, which only this function changes.
  select * into locked
  from balance where account_id = v_id and tenant_id = v_tenant for no key update;
  if locked.account_id is null then return 'not_found'; end if;
  select * into old from account where id = v_id;
  if old.version <> (p_change ->> 'version')::int then return 'changed_since'; end if;
  if locked.kind not in ('customer', 'funding') then return 'state_conflict'; end if;
  if v_status is not null and v_status <> locked.status then
    if locked.status = 'closed' then return 'state_conflict'; end if;
    if v_status = 'closed' and (locked.debit_posted <> locked.credit_posted
        or locked.debit_held <> 0 or locked.credit_held <> 0) then
      return 'account_not_empty';
    end if;
  end if;
  if v_floor is distinct from locked.floor and v_floor is not null then
    if locked.kind <> 'customer' or locked.status = 'closed' then return 'state_conflict'; end if;
    if locked.credit_posted - locked.debit_posted - locked.debit_held < v_floor then
      return 'overdraft_in_use';
    end if;
  else
    v_floor := null;
  end if;
  v_metadata := case
    when coalesce(jsonb_typeof(v_given), 'null') = 'null' then old.metadata
    when v_given = '"none"' then '{}'
    else jsonb_strip_nulls(old.metadata || v_given)
  end;
  if (select count(*) > 50 from jsonb_object_keys(v_metadata)) then
    return 'too_much_metadata';
  end if;
  if v_status is not null and v_status <> locked.status then
    update balance set status = v_status, version = version + 1 where account_id = v_id;
  end if;
  if v_floor is not null then
    update balance set floor = v_floor, version = version + 1 where account_id = v_id;
  end if;
  update account set
    name = coalesce(v_name, name),
    reference = case when p_change ? 'reference' then p_change ->> 'reference' else reference end,
    metadata = v_metadata,
    version = version + 1,
    updated_at = v_at
  where id = v_id;
  perform write_audit(p_change ->> 'actor', v_tenant, 'account.changed', v_id::text,
    jsonb_build_object(
      'before', jsonb_strip_nulls(jsonb_build_object(
        'status', case when v_status is not null then locked.status end,
        'name', case when v_name is not null then old.name end,
        'overdraft_limit', case when v_floor is not null then (-locked.floor)::text end,
        'reference', case when p_change ? 'reference' then old.reference end,
        'metadata', case when v_metadata <> old.metadata then old.metadata end)),
      'after', jsonb_strip_nulls(jsonb_build_object(
        'status', v_status,
        'name', v_name,
        'overdraft_limit', (-v_floor)::text,
        'reference', p_change ->> 'reference',
        'metadata', case when v_metadata <> old.metadata then v_metadata end))));
  perform write_one_event(
    row(
      v_tenant,
      'account',
      v_id,
      old.version + 1,
      locked.status,
      case when coalesce(v_status, locked.status) = locked.status then 'changed'
        when v_status = 'open' then 'unfrozen'
        else v_status
      end,
      coalesce(v_status, locked.status),
      '{}'
    )::new_event,
    v_at);
  if v_status = 'closed' and locked.status <> 'closed' then
    perform cut_final_statement(v_id);
  end if;
  return 'ok';
end $$;
