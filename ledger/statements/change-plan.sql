-- execute: quittance_api
-- needs: ledger/audit/write.sql, ledger/milliseconds.sql
-- needs: ledger/statements/change-plan/values.sql, ledger/statements/months/open.sql
-- needs: ledger/statements/months/place.sql

-- Changes how a tenant's statements are made. Members of p_change: tenant_id, actor, asked_at (by
-- the clock of the program that asks; a month is over when it is so by both clocks), and what is to
-- change, where a member that is absent or null leaves a field as it is: zone, locale, quiet,
-- brand, keep_years, version (the one that it must still have). A month that is over is opened with
-- the zone that it had; the one that is not over ends by the new one. Answers {result, version}:
-- ok, not_found, changed_since, or unknown_zone (no name of a zone that this database has).
create or replace function ledger.change_statement_plan(p_change jsonb) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_tenant constant uuid := (p_change ->> 'tenant_id')::uuid;
  v_zone constant text := p_change ->> 'zone';
  v_now constant timestamptz :=
    least(clock_timestamp(), (p_change ->> 'asked_at')::timestamptz);
  old statement_plan;
  plan statement_plan;
  v_placed placed_month;
begin
  select * into old from statement_plan where tenant_id = v_tenant for no key update;
  if not found then return '{"result": "not_found"}'::jsonb; end if;
  if old.version <> (p_change ->> 'version')::int then
    return '{"result": "changed_since"}'::jsonb;
  end if;
  if v_zone <> old.zone and not exists (select from pg_timezone_names where name = v_zone) then
    return '{"result": "unknown_zone"}'::jsonb;
  end if;
  plan := old;
  while v_zone <> old.zone and plan.next_to_at <= v_now loop
    exit when cardinality(open_months(array[v_tenant], null, v_now)) = 0;
    select * into plan from statement_plan where tenant_id = v_tenant;
  end loop;
  v_placed := place_month(
    first_of_month(plan.next_month), plan.next_from_at, coalesce(v_zone, old.zone));
  update statement_plan set
    zone = coalesce(v_zone, zone),
    locale = coalesce(p_change ->> 'locale', locale),
    quiet = coalesce(p_change ->> 'quiet', quiet),
    brand = coalesce(nullif(p_change -> 'brand', 'null'), brand),
    keep_years = coalesce((p_change ->> 'keep_years')::smallint, keep_years),
    next_month = case when v_zone <> old.zone then v_placed.month else next_month end,
    next_to_at = case when v_zone <> old.zone then v_placed.to_at else next_to_at end,
    due_at = case
      when v_zone <> old.zone then v_placed.to_at + milliseconds(settle_ms)
      else due_at
    end,
    version = version + 1,
    updated_at = v_now
  where tenant_id = v_tenant
  returning * into plan;
  perform write_change(
    p_change ->> 'actor', v_tenant, 'statement_plan.changed', v_tenant::text,
    statement_plan_values(old), statement_plan_values(plan));
  return jsonb_build_object('result', 'ok', 'version', plan.version);
end $$;
