-- execute: quittance_api
-- needs: ledger/audit/write.sql

-- Changes a webhook endpoint; null leaves a field as it is, an empty description removes it. An
-- endpoint that is enabled, or that gets another address, starts over: why it was disabled, its
-- pause, since when it fails and the tries of what waits for it count no more. Of a disabled one
-- the notices of 30 days are kept. False when the tenant has no such endpoint.
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
declare
  v_now timestamptz := clock_timestamp();
  old webhook_endpoint;
  v_restarts boolean;
  v_disables boolean;
begin
  select * into old from webhook_endpoint where id = p_id and tenant_id = p_tenant for update;
  if not found then return false; end if;
  v_restarts := p_status = 'enabled' or p_url <> old.url;
  v_disables := p_status = 'disabled' and old.status = 'enabled';
  update webhook_endpoint set
    url = coalesce(p_url, url),
    description = nullif(coalesce(p_description, description), ''),
    status = coalesce(p_status, status),
    disabled_reason = case p_status
      when 'disabled' then p_reason
      when 'enabled' then null
      else disabled_reason
    end,
    disabled_at = case
      when p_status = 'enabled' then null when v_disables then v_now else disabled_at
    end,
    kept_until = case
      when p_status = 'enabled' then null
      when v_disables then v_now + interval '30 days'
      else kept_until
    end,
    is_restarting = is_restarting or coalesce(v_restarts, false),
    failing_since = case when v_restarts then null else failing_since end,
    paused_until = case when v_restarts then null else paused_until end,
    pauses = case when v_restarts then 0 else pauses end,
    updated_at = v_now
  where id = p_id;
  perform write_audit(p_actor, p_tenant, 'webhook_endpoint.changed', p_id::text,
    jsonb_strip_nulls(jsonb_build_object('url', p_url, 'status', p_status, 'reason', p_reason)));
  return true;
end $$;
