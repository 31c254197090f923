-- execute: quittance_api
-- needs: ledger/access/idempotency-key.sql, ledger/audit/write.sql

-- Makes a webhook endpoint: at most twenty a tenant, because every event writes one row for each.
-- Answers made, replayed, key_reused (take_key), or limit, which leaves the key free.
create or replace function ledger.create_webhook_endpoint(
  p_id uuid,
  p_tenant uuid,
  p_url text,
  p_description text,
  p_secret text,
  p_actor text,
  p_key text,
  p_fingerprint text
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  v_taken jsonb;
begin
  -- The tenant's row is the lock under which its endpoints are counted. It comes before the key,
  -- because a key that was written cannot be taken back; who holds a key never waits for this lock,
  -- so the two cannot wait for each other.
  perform 1 from tenant where id = p_tenant for no key update;
  if (select count(*) from webhook_endpoint where tenant_id = p_tenant) >= 20
    and not exists (select 1 from idempotency_key where tenant_id = p_tenant and key = p_key)
  then
    return jsonb_build_object('result', 'limit');
  end if;
  v_taken := take_key(p_tenant, p_key, p_fingerprint, 'webhook_endpoint', p_id, v_at);
  if v_taken is not null then return v_taken; end if;
  insert into webhook_endpoint (id, tenant_id, url, description, secret, created_at, updated_at)
  values (p_id, p_tenant, p_url, p_description, p_secret, v_at, v_at);
  perform write_audit(p_actor, p_tenant, 'webhook_endpoint.created', p_id::text,
    jsonb_build_object('url', p_url));
  return thing_answer('made', p_id, v_at);
end $$;
