-- execute: nobody
-- needs: ledger/ids.sql, ledger/statements/months/place.sql

-- Opens the month that is not over yet of each of these plans, which the caller has locked: where
-- it ends (p_end; null: where its zone says), the next one begins. Plans whose zone this database
-- does not know stay as they are. Returns the tenants of the others.
create or replace function ledger.open_months(
  p_tenants uuid[],
  p_end timestamptz,
  p_at timestamptz
) returns uuid[]
language plpgsql set search_path = ledger, pg_temp as $$
declare
  v_opened uuid[];
begin
  with ending as (
    select plan.*, coalesce(p_end, plan.next_to_at) as end_at
    from statement_plan plan
    where plan.tenant_id = any (p_tenants)
  ), placed as materialized (
    select
      ending.*,
      place_month(
        (first_of_month(ending.next_month) + interval '1 month')::date, ending.end_at, ending.zone
      ) as following
    from ending
  ), opened as (
    insert into statement_month (
      tenant_id, month, from_at, to_at, zone, quiet, opened_at, id
    )
    select tenant_id, next_month, next_from_at, end_at, zone, quiet, p_at, uuid_v7(p_at)
    from placed
    where (following).to_at is not null
    returning tenant_id
  ), moved as (
    update statement_plan plan set
      next_month = (placed.following).month,
      next_from_at = placed.end_at,
      next_to_at = (placed.following).to_at,
      due_at = (placed.following).to_at + make_interval(secs => plan.settle_ms / 1000.0)
    from placed
    where plan.tenant_id = placed.tenant_id and (placed.following).to_at is not null
  )
  select array_agg(tenant_id) into v_opened from opened;
  return coalesce(v_opened, '{}');
end $$;
