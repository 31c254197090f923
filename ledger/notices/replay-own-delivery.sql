-- execute: quittance_api
-- needs: ledger/ids.sql, ledger/notices/replay-delivery.sql

-- As replay_delivery, for the tenant of the delivery: null also when it is not of this endpoint and
-- this tenant.
create or replace function ledger.replay_own_delivery(
  p_delivery uuid,
  p_endpoint uuid,
  p_tenant uuid,
  p_actor text
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_at timestamptz := uuid_time(p_delivery);
begin
  perform
  from delivery
  where id = p_delivery
    and endpoint_id = p_endpoint
    and tenant_id = p_tenant
    and created_at between v_at - interval '1 day' and v_at + interval '1 day';
  if not found then return null; end if;
  return replay_delivery(p_delivery, p_actor);
end $$;
