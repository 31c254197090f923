-- execute: nobody
-- needs: ledger/ids.sql

-- Opens the accounts that the platform keeps for a tenant in a currency, unless they are there: one
-- that clears each network, one for suspense and one for fees. A network that is being registered
-- (register_rail) waits for this commit or is seen by it, so none is left out.
create or replace function ledger.open_platform_accounts(
  p_tenant uuid,
  p_currency text,
  p_at timestamptz
) returns void
language plpgsql set search_path = ledger, pg_temp as $$
begin
  perform pg_advisory_xact_lock_shared(7202);
  with wanted as (
    select 'clearing' as kind, rail.name as rail, format('clearing:%s:out', rail.name) as name
    from rail
    where rail.name <> 'book'
    union all
    values ('suspense', null, 'suspense'), ('fees', null, 'fees')
  ), opened as (
    insert into account (id, tenant_id, name, kind, currency, rail, created_at, updated_at)
    select uuid_v7(p_at), p_tenant, wanted.name, wanted.kind, p_currency, wanted.rail, p_at, p_at
    from wanted
    on conflict (tenant_id, currency, kind, coalesce(rail, ''))
      where kind in ('clearing', 'bank', 'fees', 'suspense') do nothing
    returning id, kind
  )
  -- What was earned in fees may be given back, and no more: drawing on an account without a floor
  -- makes money.
  insert into balance (account_id, tenant_id, kind, currency, normal, floor, created_at)
  select
    opened.id,
    p_tenant,
    opened.kind,
    p_currency,
    1,
    case opened.kind when 'fees' then 0 end,
    p_at
  from opened;
end $$;
