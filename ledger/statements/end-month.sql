-- execute: quittance_owner
-- needs: ledger/audit/write.sql, ledger/statements/months/open.sql

-- Ends the month of a tenant that is not over, at this moment; one that is over ends where it did.
-- Answers {result, month}: ok, not_found, or not_next (p_month is another one, or this one began at
-- this moment).
create or replace function ledger.end_statement_month(p_tenant uuid, p_month text, p_actor text)
returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  plan statement_plan;
  v_at timestamptz;
begin
  select * into plan from statement_plan where tenant_id = p_tenant for no key update;
  if not found then return '{"result": "not_found"}'::jsonb; end if;
  v_at := least(plan.next_to_at, date_trunc('milliseconds', clock_timestamp()));
  if p_month <> plan.next_month or v_at <= plan.next_from_at then
    return '{"result": "not_next"}'::jsonb;
  end if;
  if cardinality(open_months(array[p_tenant], v_at, clock_timestamp())) = 0 then
    raise exception 'the zone % of tenant % is unknown', plan.zone, p_tenant;
  end if;
  perform write_audit(
    p_actor, p_tenant, 'statement_month.ended', plan.next_month,
    jsonb_build_object('early', v_at < plan.next_to_at));
  return jsonb_build_object('result', 'ok', 'month', plan.next_month);
end $$;
