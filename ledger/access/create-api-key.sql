-- execute: quittance_api
-- needs: ledger/access/api-key-terms.sql, ledger/access/idempotency-key.sql

-- Makes an API key. Answers made, replayed, key_reused (take_key), or why there is none
-- (why_no_api_key), which leaves the idempotency key free.
create or replace function ledger.create_api_key(
  p_id uuid,
  p_tenant uuid,
  p_hash bytea,
  p_last4 text,
  p_terms jsonb,
  p_actor text,
  p_key text,
  p_fingerprint text
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  v_taken jsonb;
  v_refusal text;
  v_key api_key;
begin
  -- The tenant's row comes before the idempotency key, as in create_webhook_endpoint.
  perform 1 from tenant where id = p_tenant for no key update;
  if not exists (select 1 from idempotency_key where tenant_id = p_tenant and key = p_key) then
    v_refusal := why_no_api_key(p_tenant, p_actor, v_at);
    if v_refusal is not null then return jsonb_build_object('result', v_refusal); end if;
  end if;
  v_taken := take_key(p_tenant, p_key, p_fingerprint, 'api_key', p_id, v_at);
  if v_taken is not null then return v_taken; end if;
  v_key.id := p_id;
  v_key.tenant_id := p_tenant;
  v_key.hash := p_hash;
  v_key.last4 := p_last4;
  v_key.created_at := v_at;
  perform insert_api_key(v_key, jsonb_populate_record(null::api_key_terms, p_terms), p_actor);
  return thing_answer('made', p_id, v_at);
end $$;
