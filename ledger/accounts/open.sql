-- execute: quittance_api
-- needs: ledger/access/idempotency-key.sql, ledger/accounts/open-platform.sql
-- needs: ledger/audit/write.sql, ledger/commit/new-event.sql
-- needs: ledger/commit/write-subject-events.sql

-- Opens an account with its balance, and the accounts that the platform keeps for the tenant in
-- that currency. Answers made, replayed (the same key after a lost COMMIT is the same account) or
-- key_reused (take_key).
create or replace function ledger.open_account(
  p_id uuid,
  p_tenant uuid,
  p_name text,
  p_kind text,
  p_currency text,
  p_overdraft_limit bigint,
  p_reference text,
  p_metadata jsonb,
  p_actor text,
  p_key text,
  p_fingerprint text
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  v_taken jsonb;
begin
  if p_kind not in ('customer', 'funding') then
    raise exception 'kind % is opened by the platform', p_kind;
  end if;
  v_taken := take_key(p_tenant, p_key, p_fingerprint, 'account', p_id, v_at);
  if v_taken is not null then return v_taken; end if;
  insert into account (
    id, tenant_id, name, kind, currency, reference, metadata, created_at, updated_at)
  values (
    p_id, p_tenant, p_name, p_kind, p_currency, p_reference, coalesce(p_metadata, '{}'),
    v_at, v_at);
  insert into balance (account_id, tenant_id, kind, currency, normal, floor, created_at)
  values (
    p_id, p_tenant, p_kind, p_currency,
    case p_kind when 'customer' then 1 else -1 end,
    case p_kind when 'customer' then -coalesce(p_overdraft_limit, 0) end,
    v_at);
  perform open_platform_accounts(p_tenant, p_currency, v_at);
  perform write_change(
    p_actor, p_tenant, 'account.opened', p_id::text, null,
    jsonb_build_object(
      'name', p_name, 'kind', p_kind, 'currency', p_currency,
      'overdraft_limit', p_overdraft_limit, 'reference', p_reference, 'metadata', p_metadata));
  perform write_one_event(
    row(p_tenant, 'account', p_id, 1, null, 'opened', 'open', '{}')::new_event, v_at);
  return thing_answer('made', p_id, v_at);
end $$;
