-- execute: quittance_api
-- needs: ledger/audit/write.sql

-- Revokes a key of a tenant; again is harmless. False when the tenant has no such key.
create or replace function ledger.revoke_api_key(p_id uuid, p_tenant uuid, p_actor text) returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare v_was timestamptz; v_found boolean;
begin
  select revoked_at, true into v_was, v_found from api_key where id = p_id and tenant_id = p_tenant for update;
  if v_found is null then return false; end if;
  if v_was is null then
    update api_key set revoked_at = now() where id = p_id;
    perform write_audit(p_actor, p_tenant, 'api_key.revoked', p_id::text, '{}');
  end if;
  return true;
end $$;
