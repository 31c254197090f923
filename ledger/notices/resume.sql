-- execute: quittance_owner
-- needs: ledger/audit/write.sql

-- Ends the pause of an endpoint that was down, and lets what waits for it start over. Answers its
-- status: of one that is disabled nothing is sent until it is enabled. Null when there is no such
-- endpoint.
create or replace function ledger.resume_endpoint(p_endpoint uuid, p_actor text) returns text
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  endpoint webhook_endpoint;
begin
  update webhook_endpoint set
    failing_since = null, paused_until = null, pauses = 0, is_restarting = true
  where id = p_endpoint
  returning * into endpoint;
  if endpoint.id is null then return null; end if;
  perform write_audit(
    p_actor, endpoint.tenant_id, 'webhook_endpoint.resumed', p_endpoint::text, '{}');
  return endpoint.status;
end $$;
