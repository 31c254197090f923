-- execute: quittance_api
-- needs: ledger/audit/write.sql, ledger/commit/new-event.sql
-- needs: ledger/commit/write-subject-events.sql

-- Sends a webhook endpoint, and no other, a notice that says nothing. Returns ok, not_found, or
-- state_conflict for one that is disabled: nothing is sent to it.
create or replace function ledger.test_webhook_endpoint(p_id uuid, p_tenant uuid, p_actor text)
returns text
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  endpoint webhook_endpoint;
begin
  select * into endpoint from webhook_endpoint where id = p_id and tenant_id = p_tenant for update;
  if not found then return 'not_found'; end if;
  if endpoint.status <> 'enabled' then return 'state_conflict'; end if;
  update webhook_endpoint set version = version + 1 where id = p_id;
  perform write_audit(p_actor, p_tenant, 'webhook_endpoint.tested', p_id::text, '{}');
  perform write_one_event(
    row(p_tenant, 'webhook_endpoint', p_id, endpoint.version + 1, endpoint.status, 'tested',
      endpoint.status, '{}')::new_event,
    v_at);
  return 'ok';
end $$;
