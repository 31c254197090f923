-- execute: nobody

-- The first instant after a month, by UTC.
create or replace function ledger.end_of_month(p_month date) returns timestamptz
language sql immutable
return (p_month + interval '1 month') at time zone 'UTC';

-- The end of a tenant's newest closed month: nothing is dated before it. Null: none is closed.
create or replace function ledger.closed_until(p_tenant uuid) returns timestamptz
language sql stable
return (
  select ledger.end_of_month(max(period.month))
  from ledger.period
  where period.tenant_id = p_tenant
);

-- The number of a tenant's lock for its periods. Two tenants may have the same; then one waits for
-- the other for the moment of a commit.
create or replace function ledger.period_lock(p_tenant uuid) returns bigint
language sql immutable
return hashtextextended('period ' || p_tenant::text, 0);

-- Keeps the periods of these tenants as they are until this transaction ends. To be called before
-- what is closed is read, in a statement of its own.
create or replace function ledger.keep_periods(p_tenants uuid[]) returns void
language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(tenant.number)
  from (
    select distinct period_lock(id) as number from unnest(p_tenants) id order by number
  ) tenant;
end $$;
