-- execute: quittance_api
-- needs: ledger/audit/write.sql

-- Revokes a key of a tenant; again is harmless. False when the tenant has no such key.
create or replace function ledger.revoke_api_key(p_id uuid, p_tenant uuid, p_actor text)
returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_revoked_at timestamptz;
begin
  select revoked_at into v_revoked_at
  from api_key where id = p_id and tenant_id = p_tenant for update;
  if not found then return false; end if;
  if v_revoked_at is null then
    update api_key set revoked_at = now() where id = p_id;
    perform write_audit(p_actor, p_tenant, 'api_key.revoked', p_id::text, '{}');
  end if;
  return true;
end $$;
