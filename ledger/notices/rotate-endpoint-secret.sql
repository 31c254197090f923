-- execute: quittance_api
-- needs: ledger/access/idempotency-key.sql, ledger/audit/write.sql, ledger/commit/new-event.sql
-- needs: ledger/commit/write-subject-events.sql, ledger/rfc3339.sql

-- Gives a webhook endpoint another secret; the one before signs beside it for a while, and one
-- before that no more. Members of p_rotation: id, tenant_id, actor, secret, overlap_ms. Answers
-- made, replayed, key_reused (take_key), or not_found, which leaves the key free.
create or replace function ledger.rotate_endpoint_secret(
  p_rotation jsonb,
  p_key text,
  p_fingerprint text
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  v_id uuid := (p_rotation ->> 'id')::uuid;
  v_tenant uuid := (p_rotation ->> 'tenant_id')::uuid;
  v_until timestamptz := v_at
    + make_interval(secs => (p_rotation ->> 'overlap_ms')::bigint / 1000.0);
  v_taken jsonb;
  endpoint webhook_endpoint;
begin
  -- Before the key, as in create_webhook_endpoint.
  perform from webhook_endpoint where id = v_id and tenant_id = v_tenant for update;
  if not found then return jsonb_build_object('result', 'not_found'); end if;
  v_taken := take_key(v_tenant, p_key, p_fingerprint, 'webhook_endpoint', v_id, v_at);
  if v_taken is not null then return v_taken; end if;
  update webhook_endpoint set
    secret = p_rotation ->> 'secret',
    old_secret = secret,
    old_secret_until = v_until,
    version = version + 1,
    updated_at = v_at
  where id = v_id
  returning * into endpoint;
  perform write_audit(p_rotation ->> 'actor', v_tenant, 'webhook_endpoint.secret_rotated',
    v_id::text, jsonb_build_object('old_secret_until', v_until));
  perform write_one_event(
    row(v_tenant, 'webhook_endpoint', v_id, endpoint.version, endpoint.status, 'secret_rotated',
      endpoint.status, jsonb_build_object('old_secret_until', rfc3339(v_until)))::new_event,
    v_at);
  return thing_answer('made', v_id, v_at);
end $$;
