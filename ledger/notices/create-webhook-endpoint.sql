-- execute: quittance_api
-- needs: ledger/access/idempotency-key.sql, ledger/audit/write.sql, ledger/commit/new-event.sql
-- needs: ledger/commit/write-subject-events.sql
-- needs: ledger/notices/endpoint-values.sql

-- Makes a webhook endpoint: at most twenty a tenant, because every event writes one row for each.
-- Members of p_endpoint: id, tenant_id, actor, url, description, secret, event_types (null: all).
-- Answers made, replayed, key_reused (take_key), or limit, which leaves the key free.
create or replace function ledger.create_webhook_endpoint(
  p_endpoint jsonb,
  p_key text,
  p_fingerprint text
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  new webhook_endpoint := jsonb_populate_record(null::webhook_endpoint, p_endpoint);
  v_taken jsonb;
begin
  -- The tenant's row is the lock under which its endpoints are counted. It comes before the key,
  -- because a key that was written cannot be taken back; who holds a key never waits for this lock,
  -- so the two cannot wait for each other.
  perform 1 from tenant where id = new.tenant_id for no key update;
  if (select count(*) from webhook_endpoint where tenant_id = new.tenant_id) >= 20
    and not exists (select 1 from idempotency_key where tenant_id = new.tenant_id and key = p_key)
  then
    return jsonb_build_object('result', 'limit');
  end if;
  v_taken := take_key(new.tenant_id, p_key, p_fingerprint, 'webhook_endpoint', new.id, v_at);
  if v_taken is not null then return v_taken; end if;
  insert into webhook_endpoint (
    id, tenant_id, url, description, secret, event_types, created_at, updated_at)
  values (
    new.id, new.tenant_id, new.url, new.description, new.secret, new.event_types, v_at, v_at)
  returning * into new;
  perform write_change(
    p_endpoint ->> 'actor', new.tenant_id, 'webhook_endpoint.created', new.id::text,
    null, endpoint_values(new));
  perform write_one_event(
    row(new.tenant_id, 'webhook_endpoint', new.id, 1, null, 'created', 'enabled', '{}')::new_event,
    v_at);
  return thing_answer('made', new.id, v_at);
end $$;
