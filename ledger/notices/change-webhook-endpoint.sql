-- execute: quittance_api, quittance_worker
-- needs: ledger/audit/write.sql

-- Changes a webhook endpoint; null leaves a field as it is, an empty description removes it.
-- Enabling it forgets why it was disabled. False when the tenant has no such endpoint.
create or replace function ledger.change_webhook_endpoint(
  p_id uuid,
  p_tenant uuid,
  p_url text,
  p_description text,
  p_status text,
  p_reason text,
  p_actor text
) returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
begin
  update webhook_endpoint set
    url = coalesce(p_url, url),
    description = nullif(coalesce(p_description, description), ''),
    status = coalesce(p_status, status),
    disabled_reason = case p_status
      when 'disabled' then p_reason
      when 'enabled' then null
      else disabled_reason
    end,
    updated_at = clock_timestamp()
  where id = p_id and tenant_id = p_tenant;
  if not found then return false; end if;
  perform write_audit(p_actor, p_tenant, 'webhook_endpoint.changed', p_id::text,
    jsonb_strip_nulls(jsonb_build_object('url', p_url, 'status', p_status, 'reason', p_reason)));
  return true;
end $$;
