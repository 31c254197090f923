-- execute: quittance_worker
-- needs: ledger/statements/months/open.sql, ledger/statements/months/queues.sql

-- Opens the months that are over, by this clock and by that of the caller (p_clock): what one of
-- them alone believes is not opened, because nothing takes it back. Then says what is to be made,
-- at most p_limit (1,000) of each: months that are not closed, each once in five minutes, and
-- tenants with statements beside those of a month. Returns {due: [{tenant_id, month}], is_more,
-- unknown_zones}. A tenant whose zone this database does not know is looked at again in a minute,
-- and stops no other.
create or replace function ledger.open_statement_months(p_limit int, p_clock timestamptz)
returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_limit constant int := least(p_limit, 1000);
  v_over uuid[];
  v_unknown uuid[];
  v_queues uuid[];
  v_months jsonb;
begin
  v_over := array(
    select plan.tenant_id
    from statement_plan plan
    where plan.due_at <= least(v_now, p_clock)
    order by plan.due_at, plan.tenant_id
    limit v_limit
    for no key update skip locked
  );
  v_unknown := array(
    select unnest(v_over) except select unnest(open_months(v_over, null, v_now))
  );
  update statement_plan set due_at = v_now + interval '1 minute' where tenant_id = any (v_unknown);
  -- A wrong clock wrote it.
  update statement_month set offered_at = '-infinity'
  where status <> 'closed' and offered_at > v_now + interval '5 minutes';
  with chosen as (
    select month.tenant_id, month.month
    from statement_month month
    where month.status <> 'closed' and month.offered_at < v_now - interval '5 minutes'
    order by month.offered_at, month.tenant_id, month.month
    limit v_limit
    for no key update skip locked
  ), offered as (
    update statement_month month set offered_at = v_now
    from chosen
    where month.tenant_id = chosen.tenant_id and month.month = chosen.month
    returning month.tenant_id, month.month
  )
  select coalesce(
    jsonb_agg(
      jsonb_build_object('tenant_id', offered.tenant_id, 'month', offered.month)
      order by offered.month, offered.tenant_id),
    '[]')
  into v_months
  from offered;
  v_queues := statement_queues(v_limit, v_now);
  return jsonb_build_object(
    'due', v_months || coalesce((
      select jsonb_agg(jsonb_build_object('tenant_id', tenant_id, 'month', null))
      from unnest(v_queues) tenant_id), '[]'),
    'is_more', cardinality(v_over) = v_limit or jsonb_array_length(v_months) = v_limit,
    'unknown_zones', to_jsonb(v_unknown));
end $$;
