-- execute: quittance_api
-- needs: ledger/access/api-key-terms.sql, ledger/access/end-one-api-key.sql
-- needs: ledger/access/idempotency-key.sql

-- Makes a key that replaces another, with its terms, and lets that one end after the overlap.
-- p_expires_at: when the new one ends; null: when the old one would have ended. Answers made,
-- replayed, key_reused (take_key), not_found, ended (the old one works no more), replaced (another
-- key that works replaces it already: `id`), or why there is none (why_no_api_key). Only the first
-- three take the idempotency key.
create or replace function ledger.rotate_api_key(
  p_old uuid,
  p_id uuid,
  p_tenant uuid,
  p_hash bytea,
  p_last4 text,
  p_expires_at timestamptz,
  p_overlap_ms bigint,
  p_actor text,
  p_key text,
  p_fingerprint text
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  v_taken jsonb;
  v_refusal text;
  v_replaced_by uuid;
  old api_key;
  v_key api_key;
  v_terms api_key_terms;
begin
  -- All that makes and revokes keys of a tenant in several rows begins with this lock.
  perform 1 from tenant where id = p_tenant for no key update;
  select * into old from api_key where id = p_old and tenant_id = p_tenant for no key update;
  if not exists (select 1 from idempotency_key where tenant_id = p_tenant and key = p_key) then
    if old.id is null then return jsonb_build_object('result', 'not_found'); end if;
    if old.revoked_at is not null or old.expires_at <= v_at then
      return jsonb_build_object('result', 'ended');
    end if;
    select id into v_replaced_by from api_key
    where replaces_id = p_old and revoked_at is null and (expires_at is null or expires_at > v_at);
    if found then
      return jsonb_build_object('result', 'replaced', 'id', v_replaced_by);
    end if;
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
  v_key.replaces_id := p_old;
  v_terms := row(
    old.name, old.scopes, old.rate_limit, coalesce(p_expires_at, old.expires_at),
    old.account_ids, old.amount_max, old.addresses
  )::api_key_terms;
  perform insert_api_key(v_key, v_terms, p_actor);
  perform end_one_api_key(old, v_at + p_overlap_ms * interval '1 millisecond', 'rotated', p_actor);
  return thing_answer('made', p_id, v_at);
end $$;
