-- execute: quittance_worker
-- needs: ledger/accounts/open-platform.sql

-- Registers a network, unless it has its row: the row, and an account that clears it for every
-- tenant in each of its currencies. Without the row no transfer may name it.
-- Returns whether it is new.
create or replace function ledger.register_rail(p_rail text) returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_at timestamptz := date_trunc('milliseconds', clock_timestamp());
begin
  if exists (select from rail where name = p_rail) then
    return false;
  end if;
  -- Nobody opens the platform's accounts of a tenant meanwhile.
  perform pg_advisory_xact_lock(7202);
  insert into rail (name) values (p_rail) on conflict (name) do nothing;
  if not found then
    return false;
  end if;
  perform open_platform_accounts(known.tenant_id, known.currency, v_at)
  from (select distinct tenant_id, currency from account where kind = 'suspense') known;
  return true;
end $$;
