-- execute: quittance_owner
-- needs: ledger/audit/write.sql

-- Sets how many requests a second all keys of a tenant may make together; null is the default of
-- the API. For an operator. False when there is no such tenant.
create or replace function ledger.limit_tenant(p_id uuid, p_rate_limit int, p_actor text)
returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_before int;
begin
  select rate_limit into v_before from tenant where id = p_id for no key update;
  if not found then return false; end if;
  update tenant set rate_limit = p_rate_limit where id = p_id;
  perform write_change(
    p_actor, p_id, 'tenant.limited', p_id::text,
    jsonb_build_object('rate_limit', v_before), jsonb_build_object('rate_limit', p_rate_limit));
  return true;
end $$;
