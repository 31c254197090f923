-- Locks: none, new functions only.
-- Tenants, keys, accounts and webhook endpoints: what people set. Every change leaves an audit row with its actor.
create function ledger.write_audit(p_actor text, p_tenant uuid, p_action text, p_subject text, p_detail jsonb) returns void
language sql volatile set search_path = ledger, pg_temp as $$
  insert into audit (id, tenant_id, actor, action, subject, detail, created_at)
    values (uuid_v7(clock_timestamp()), p_tenant, p_actor, p_action, p_subject, p_detail, clock_timestamp())
$$;

create function ledger.create_tenant(p_id uuid, p_name text, p_actor text) returns void
language plpgsql security definer set search_path = ledger, pg_temp as $$
begin
  insert into tenant (id, name) values (p_id, p_name);
  perform write_audit(p_actor, p_id, 'tenant.created', p_id::text, jsonb_build_object('name', p_name));
end $$;

-- What a function that makes a thing answers: made, or replayed (an equal request made it before).
create function ledger.thing_answer(p_result text, p_id uuid, p_at timestamptz) returns jsonb language sql immutable
  return jsonb_build_object('result', p_result, 'id', p_id, 'created_at', ledger.rfc3339(p_at));

-- Takes an idempotency key for a thing that is to be made: the first step of making it, so that of two equal requests one
-- waits here for the other. Null when the thing is to be made (the key was free, or the client sent none); else the answer:
-- replayed, or key_reused with what the key belongs to where that is a transfer or an entry. Fingerprints are hex.
create function ledger.take_key(p_tenant uuid, p_key text, p_fingerprint text, p_kind text, p_id uuid, p_at timestamptz) returns jsonb
language plpgsql set search_path = ledger, pg_temp as $$
declare k transfer_key; v_kind text;
begin
  if num_nulls(p_key, p_fingerprint) = 1 then raise exception 'a key comes with its fingerprint'; end if;
  if p_key is null then return null; end if;
  insert into transfer_key (tenant_id, key, fingerprint, thing_id, created_at)
    values (p_tenant, p_key, decode(p_fingerprint, 'hex'), p_id, p_at) on conflict (tenant_id, key) do nothing;
  if found then return null; end if;
  select * into k from transfer_key where tenant_id = p_tenant and key = p_key;
  -- Of the three kinds only an endpoint may be gone again.
  v_kind := case when k.thing_id is null then null when exists (select 1 from account where id = k.thing_id) then 'account'
    when exists (select 1 from api_key where id = k.thing_id) then 'api_key' else 'webhook_endpoint' end;
  -- The fingerprint is over the route too; the kind is compared all the same, so that no answer names a thing of another kind.
  if v_kind = p_kind and k.fingerprint = decode(p_fingerprint, 'hex') then return thing_answer('replayed', k.thing_id, k.created_at); end if;
  return jsonb_build_object('result', 'key_reused', 'transfer_id', k.transfer_id, 'entry_id', k.entry_id);
end $$;

-- Makes an API key. Answers made, replayed or key_reused (take_key).
create function ledger.create_api_key(p_id uuid, p_tenant uuid, p_name text, p_hash bytea, p_last4 text, p_scopes text[], p_rate_limit int,
  p_expires_at timestamptz, p_actor text, p_key text, p_fingerprint text) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare v_at timestamptz := date_trunc('milliseconds', clock_timestamp()); v_taken jsonb;
begin
  v_taken := take_key(p_tenant, p_key, p_fingerprint, 'api_key', p_id, v_at);
  if v_taken is not null then return v_taken; end if;
  insert into api_key (id, tenant_id, name, hash, last4, scopes, rate_limit, expires_at, created_at)
    values (p_id, p_tenant, p_name, p_hash, p_last4, p_scopes, p_rate_limit, p_expires_at, v_at);
  perform write_audit(p_actor, p_tenant, 'api_key.created', p_id::text, jsonb_build_object('name', p_name, 'scopes', p_scopes));
  return thing_answer('made', p_id, v_at);
end $$;

-- Revokes a key of a tenant; again is harmless. False when the tenant has no such key.
create function ledger.revoke_api_key(p_id uuid, p_tenant uuid, p_actor text) returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare v_was timestamptz; v_found boolean;
begin
  select revoked_at, true into v_was, v_found from api_key where id = p_id and tenant_id = p_tenant for update;
  if v_found is null then return false; end if;
  if v_was is null then
    update api_key set revoked_at = now() where id = p_id;
    perform write_audit(p_actor, p_tenant, 'api_key.revoked', p_id::text, '{}');
  end if;
  return true;
end $$;

-- Whose key this is, before any tenant is known. Null when there is none; expiry and revocation are for the caller to judge.
create function ledger.authenticate(p_hash bytea) returns jsonb
language sql stable security definer set search_path = ledger, pg_temp as $$
  select jsonb_build_object('id', k.id, 'tenant_id', k.tenant_id, 'name', k.name, 'scopes', k.scopes, 'rate_limit', k.rate_limit,
    'expires_at', rfc3339(k.expires_at), 'revoked_at', rfc3339(k.revoked_at), 'tenant_name', t.name)
  from api_key k join tenant t on t.id = k.tenant_id where k.hash = p_hash
$$;

-- Opens an account with its balance, and the accounts that the platform keeps for the tenant in that currency.
-- Answers made, replayed (the same key after a lost COMMIT is the same account) or key_reused (take_key).
create function ledger.open_account(p_id uuid, p_tenant uuid, p_name text, p_kind text, p_currency text, p_overdraft_limit bigint,
  p_reference text, p_metadata jsonb, p_actor text, p_key text, p_fingerprint text) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare v_at timestamptz := date_trunc('milliseconds', clock_timestamp()); r record; v_id uuid; v_taken jsonb;
begin
  if p_kind not in ('customer', 'funding') then raise exception 'kind % is opened by the platform', p_kind; end if;
  v_taken := take_key(p_tenant, p_key, p_fingerprint, 'account', p_id, v_at);
  if v_taken is not null then return v_taken; end if;
  insert into account (id, tenant_id, name, kind, currency, reference, metadata, created_at, updated_at)
    values (p_id, p_tenant, p_name, p_kind, p_currency, p_reference, coalesce(p_metadata, '{}'), v_at, v_at);
  insert into balance (account_id, tenant_id, kind, currency, normal, floor)
    values (p_id, p_tenant, p_kind, p_currency, case p_kind when 'customer' then 1 else -1 end, case p_kind when 'customer' then -coalesce(p_overdraft_limit, 0) end);
  for r in select * from (values ('clearing', 'instant', 'clearing:instant:out'), ('suspense', null, 'suspense')) x(kind, rail, name) loop
    insert into account (id, tenant_id, name, kind, currency, rail, created_at, updated_at)
      values (uuid_v7(v_at), p_tenant, r.name, r.kind, p_currency, r.rail, v_at, v_at)
      on conflict (tenant_id, currency, kind, coalesce(rail, '')) where kind in ('clearing', 'bank', 'fees', 'suspense') do nothing
      returning id into v_id;
    if found then
      insert into balance (account_id, tenant_id, kind, currency, normal) values (v_id, p_tenant, r.kind, p_currency, 1);
    end if;
  end loop;
  perform write_audit(p_actor, p_tenant, 'account.opened', p_id::text, jsonb_build_object('kind', p_kind, 'currency', p_currency, 'overdraft_limit', p_overdraft_limit));
  return thing_answer('made', p_id, v_at);
end $$;

-- Changes an account's name, metadata or status (nulls leave as it is). Returns ok, not_found, account_not_empty or state_conflict.
-- Frozen: nothing new, captures and releases go on. Closed: for ever, and only when empty.
create function ledger.change_account(p_id uuid, p_tenant uuid, p_name text, p_metadata jsonb, p_status text, p_actor text) returns text
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare b balance;
begin
  select * into b from balance where account_id = p_id and tenant_id = p_tenant for no key update;
  if b.account_id is null then return 'not_found'; end if;
  if p_status is not null and p_status <> b.status then
    if b.status = 'closed' or b.kind not in ('customer', 'funding') then return 'state_conflict'; end if;
    if p_status = 'closed' and (b.debit_posted <> b.credit_posted or b.debit_pending <> 0 or b.credit_pending <> 0) then return 'account_not_empty'; end if;
    update balance set status = p_status, version = version + 1 where account_id = p_id;
  end if;
  update account set name = coalesce(p_name, name), metadata = coalesce(p_metadata, metadata), updated_at = clock_timestamp() where id = p_id;
  perform write_audit(p_actor, p_tenant, 'account.changed', p_id::text, jsonb_strip_nulls(jsonb_build_object('status', p_status, 'name', p_name)));
  return 'ok';
end $$;

-- At most twenty endpoints a tenant: every event writes one row for each. Answers made, replayed, key_reused (take_key), or
-- limit, which leaves the key free.
create function ledger.create_webhook_endpoint(p_id uuid, p_tenant uuid, p_url text, p_description text, p_secret text, p_actor text,
  p_key text, p_fingerprint text) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare v_at timestamptz := date_trunc('milliseconds', clock_timestamp()); v_taken jsonb;
begin
  -- The tenant's row is the lock under which its endpoints are counted. It comes before the key, because a key that was
  -- written cannot be taken back; who holds a key never waits for this lock, so the two cannot wait for each other.
  perform 1 from tenant where id = p_tenant for no key update;
  if (select count(*) from webhook_endpoint where tenant_id = p_tenant) >= 20
      and not exists (select 1 from transfer_key where tenant_id = p_tenant and key = p_key) then
    return jsonb_build_object('result', 'limit');
  end if;
  v_taken := take_key(p_tenant, p_key, p_fingerprint, 'webhook_endpoint', p_id, v_at);
  if v_taken is not null then return v_taken; end if;
  insert into webhook_endpoint (id, tenant_id, url, description, secret, created_at, updated_at)
    values (p_id, p_tenant, p_url, p_description, p_secret, v_at, v_at);
  perform write_audit(p_actor, p_tenant, 'webhook_endpoint.created', p_id::text, jsonb_build_object('url', p_url));
  return thing_answer('made', p_id, v_at);
end $$;

create function ledger.change_webhook_endpoint(p_id uuid, p_tenant uuid, p_url text, p_description text, p_status text, p_reason text, p_actor text) returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
begin
  update webhook_endpoint set url = coalesce(p_url, url), description = coalesce(p_description, description), status = coalesce(p_status, status),
    disabled_reason = case when p_status = 'disabled' then p_reason when p_status = 'enabled' then null else disabled_reason end, updated_at = clock_timestamp()
    where id = p_id and tenant_id = p_tenant;
  if not found then return false; end if;
  perform write_audit(p_actor, p_tenant, 'webhook_endpoint.changed', p_id::text, jsonb_strip_nulls(jsonb_build_object('url', p_url, 'status', p_status, 'reason', p_reason)));
  return true;
end $$;

create function ledger.delete_webhook_endpoint(p_id uuid, p_tenant uuid, p_actor text) returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
begin
  delete from webhook_endpoint where id = p_id and tenant_id = p_tenant;
  if not found then return false; end if;
  delete from notice_due where endpoint_id = p_id;
  perform write_audit(p_actor, p_tenant, 'webhook_endpoint.deleted', p_id::text, '{}');
  return true;
end $$;
