-- execute: quittance_api
-- needs: ledger/audit/write.sql

-- Deletes a webhook endpoint with a thousand notices that it still waits for. There may be
-- millions: forget_orphans deletes the others. False when the tenant has no such endpoint.
create or replace function ledger.delete_webhook_endpoint(p_id uuid, p_tenant uuid, p_actor text)
returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
begin
  delete from webhook_endpoint where id = p_id and tenant_id = p_tenant;
  if not found then return false; end if;
  delete from notice_due
  where (endpoint_id, transfer_id, version) in (
    select notice.endpoint_id, notice.transfer_id, notice.version
    from notice_due notice
    where notice.endpoint_id = p_id
    limit 1000
  );
  insert into deleted_endpoint (endpoint_id, tenant_id, deleted_at)
  values (p_id, p_tenant, clock_timestamp());
  perform write_audit(p_actor, p_tenant, 'webhook_endpoint.deleted', p_id::text, '{}');
  return true;
end $$;
