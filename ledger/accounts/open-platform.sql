-- execute: nobody
-- needs: ledger/ids.sql

-- Opens the accounts that the platform keeps for a tenant in a currency, unless they are there.
create or replace function ledger.open_platform_accounts(
  p_tenant uuid,
  p_currency text,
  p_at timestamptz
) returns void
language plpgsql set search_path = ledger, pg_temp as $$
declare
  wanted record;
  v_id uuid;
begin
  for wanted in
    select * from (values
      ('clearing', 'instant', 'clearing:instant:out'),
      ('suspense', null, 'suspense')) x(kind, rail, name)
  loop
    insert into account (id, tenant_id, name, kind, currency, rail, created_at, updated_at)
    values (uuid_v7(p_at), p_tenant, wanted.name, wanted.kind, p_currency, wanted.rail, p_at, p_at)
    on conflict (tenant_id, currency, kind, coalesce(rail, ''))
      where kind in ('clearing', 'bank', 'fees', 'suspense') do nothing
    returning id into v_id;
    if found then
      insert into balance (account_id, tenant_id, kind, currency, normal)
      values (v_id, p_tenant, wanted.kind, p_currency, 1);
    end if;
  end loop;
end $$;
