-- execute: quittance_api
-- needs: ledger/access/end-one-api-key.sql

-- Lets a key of a tenant end at an instant; null: now. Never later than it would have: again is
-- harmless. False when the tenant has no such key.
create or replace function ledger.end_api_key(
  p_id uuid,
  p_tenant uuid,
  p_at timestamptz,
  p_actor text
) returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  old api_key;
begin
  select * into old from api_key where id = p_id and tenant_id = p_tenant for no key update;
  if not found then return false; end if;
  perform end_one_api_key(
    old, coalesce(p_at, date_trunc('milliseconds', clock_timestamp())), 'changed', p_actor);
  return true;
end $$;
