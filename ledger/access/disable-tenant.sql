-- execute: quittance_owner
-- needs: ledger/audit/write.sql

-- Disables a tenant, or enables it again; again is harmless. While it is disabled none of its keys
-- is taken, and what is open goes on. For an operator. False when there is no such tenant.
create or replace function ledger.disable_tenant(p_id uuid, p_disabled boolean, p_actor text)
returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  old tenant;
begin
  select * into old from tenant where id = p_id for no key update;
  if not found then return false; end if;
  if (old.disabled_at is not null) = p_disabled then return true; end if;
  update tenant set disabled_at = case when p_disabled then clock_timestamp() end where id = p_id;
  perform write_change(
    p_actor, p_id, case when p_disabled then 'tenant.disabled' else 'tenant.enabled' end,
    p_id::text,
    jsonb_build_object('disabled', not p_disabled), jsonb_build_object('disabled', p_disabled));
  return true;
end $$;
