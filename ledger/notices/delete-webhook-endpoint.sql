-- execute: quittance_api
-- needs: ledger/audit/write.sql, ledger/commit/new-event.sql
-- needs: ledger/commit/write-subject-events.sql
-- needs: ledger/notices/endpoint-values.sql

-- Deletes a webhook endpoint with a thousand notices that it still waits for. There may be
-- millions: forget_orphans deletes the others. False when the tenant has no such endpoint.
create or replace function ledger.delete_webhook_endpoint(p_id uuid, p_tenant uuid, p_actor text)
returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  endpoint webhook_endpoint;
begin
  delete from webhook_endpoint where id = p_id and tenant_id = p_tenant returning * into endpoint;
  if not found then return false; end if;
  delete from notice_due
  where (endpoint_id, subject_id, version) in (
    select notice.endpoint_id, notice.subject_id, notice.version
    from notice_due notice
    where notice.endpoint_id = p_id
    limit 1000
  );
  insert into deleted_endpoint (endpoint_id, tenant_id, deleted_at)
  values (p_id, p_tenant, v_at);
  perform write_change(
    p_actor, p_tenant, 'webhook_endpoint.deleted', p_id::text, endpoint_values(endpoint), null);
  perform write_one_event(
    row(p_tenant, 'webhook_endpoint', p_id, endpoint.version + 1, endpoint.status, 'deleted',
      'deleted', '{}')::new_event,
    v_at);
  return true;
end $$;
