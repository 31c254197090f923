-- execute: quittance_api
-- needs: ledger/accounts/funding-of.sql, ledger/accounts/open.sql

-- The tenant's funding account of a currency, or a new one. Only who opens one takes the tenant's
-- lock, and looks once more under it: of many that ask at once one opens an account, and all get
-- it.
create or replace function ledger.open_funding_account(
  p_id uuid,
  p_tenant uuid,
  p_currency text,
  p_actor text
) returns uuid
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_id uuid := funding_account_of(p_tenant, p_currency);
begin
  if v_id is not null then return v_id; end if;
  perform from tenant where id = p_tenant for no key update;
  v_id := funding_account_of(p_tenant, p_currency);
  if v_id is not null then return v_id; end if;
  perform open_account(
    p_id, p_tenant, 'Funding', 'funding', p_currency, null, null, null, p_actor, null, null);
  return p_id;
end $$;
