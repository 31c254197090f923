-- execute: quittance_owner
-- needs: ledger/audit/write.sql

-- Makes a tenant. For an operator.
create or replace function ledger.create_tenant(p_id uuid, p_name text, p_actor text) returns void
language plpgsql security definer set search_path = ledger, pg_temp as $$
begin
  insert into tenant (id, name) values (p_id, p_name);
  perform write_change(
    p_actor, p_id, 'tenant.created', p_id::text, null, jsonb_build_object('name', p_name));
end $$;
