-- execute: quittance_api
-- needs: ledger/access/idempotency-key.sql, ledger/audit/write.sql

-- Makes an API key. Answers made, replayed or key_reused (take_key).
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
begin
  v_taken := take_key(p_tenant, p_key, p_fingerprint, 'api_key', p_id, v_at);
  if v_taken is not null then return v_taken; end if;
  insert into api_key (
    id, tenant_id, name, hash, last4, scopes, rate_limit, expires_at, created_at)
  values (
    p_id, p_tenant, p_name, p_hash, p_last4, p_scopes, p_rate_limit, p_expires_at, v_at);
  perform write_audit(p_actor, p_tenant, 'api_key.created', p_id::text,
    jsonb_build_object('name', p_name, 'scopes', p_scopes));
  return thing_answer('made', p_id, v_at);
end $$;
