-- execute: quittance_api
-- needs: ledger/access/idempotency-key.sql, ledger/audit/write.sql

-- Makes an API key: at most 500 of a tenant work at a time. Answers made, replayed, key_reused
-- (take_key), limit, or creator_gone: the key that asks was revoked meanwhile, and one that it
-- makes would escape from revoke_api_key_family. The last two leave the idempotency key free.
create or replace function ledger.create_api_key(
  p_id uuid,
  p_tenant uuid,
  p_name text,
  p_hash bytea,
  p_last4 text,
  p_scopes text[],
  p_rate_limit int,
  p_expires_at timestamptz,
  p_actor text,
  p_key text,
  p_fingerprint text
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  v_taken jsonb;
  v_creator uuid := substring(p_actor from '^api_key:(.*)$')::uuid;
begin
  -- The tenant's row is the lock under which its keys are counted; it comes before the idempotency
  -- key, as in create_webhook_endpoint.
  perform 1 from tenant where id = p_tenant for no key update;
  if not exists (select 1 from idempotency_key where tenant_id = p_tenant and key = p_key) then
    if (select count(*) >= 500 from api_key
        where tenant_id = p_tenant and revoked_at is null
          and (expires_at is null or expires_at > v_at)) then
      return jsonb_build_object('result', 'limit');
    end if;
    -- A revocation of the family holds this lock until its commit.
    if v_creator is not null and not exists (
      select 1 from api_key where id = v_creator and revoked_at is null for share)
    then
      return jsonb_build_object('result', 'creator_gone');
    end if;
  end if;
  v_taken := take_key(p_tenant, p_key, p_fingerprint, 'api_key', p_id, v_at);
  if v_taken is not null then return v_taken; end if;
  insert into api_key (
    id, tenant_id, name, hash, last4, scopes, rate_limit, expires_at,
    created_at, created_by)
  values (
    p_id, p_tenant, p_name, p_hash, p_last4, p_scopes, p_rate_limit, p_expires_at,
    v_at, v_creator);
  perform write_audit(p_actor, p_tenant, 'api_key.created', p_id::text,
    jsonb_build_object('name', p_name, 'scopes', p_scopes));
  return thing_answer('made', p_id, v_at);
end $$;
