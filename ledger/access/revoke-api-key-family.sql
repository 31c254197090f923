-- execute: quittance_api
-- needs: ledger/access/revoke-api-key.sql

-- Revokes a key of a tenant and every key that it made, they made, and so on; again is harmless.
-- False when the tenant has no such key. A key that one of them makes at this moment is either
-- found here or refused (create_api_key).
create or replace function ledger.revoke_api_key_family(p_id uuid, p_tenant uuid, p_actor text)
returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_found boolean;
  v_parents uuid[] := array[p_id];
begin
  -- All that makes keys of a tenant, or revokes several, begins with this lock.
  perform 1 from tenant where id = p_tenant for no key update;
  v_found := revoke_api_key(p_id, p_tenant, p_actor);
  if not v_found then return false; end if;
  -- Generation by generation: each is read after its makers are revoked.
  while cardinality(v_parents) > 0 loop
    select coalesce(array_agg(key.id order by key.id), '{}') into v_parents
    from api_key key where key.created_by = any(v_parents) and key.tenant_id = p_tenant;
    perform revoke_api_key(child.id, p_tenant, p_actor)
    from (select x.id from unnest(v_parents) x(id) order by x.id) child;
  end loop;
  return true;
end $$;
