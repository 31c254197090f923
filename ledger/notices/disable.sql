-- execute: quittance_worker
-- needs: ledger/notices/change-webhook-endpoint.sql

-- Disables an endpoint that takes no more notices. False, and nothing is changed, when it is
-- disabled or gone, or when it started over since: what was seen before counts no more.
create or replace function ledger.disable_endpoint(p_endpoint uuid, p_reason text) returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  endpoint webhook_endpoint;
begin
  select * into endpoint
  from webhook_endpoint
  where id = p_endpoint and status = 'enabled' and not is_restarting
  for update;
  if not found then return false; end if;
  return change_webhook_endpoint(jsonb_build_object(
    'id', p_endpoint,
    'tenant_id', endpoint.tenant_id,
    'status', 'disabled',
    'reason', p_reason,
    'actor', 'delivery')) = 'ok';
end $$;
