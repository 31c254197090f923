-- execute: nobody
-- needs: ledger/statements/months/place.sql

-- Every tenant has a plan for its statements, from the month on in which it was made.
create or replace function ledger.plan_statements() returns trigger
language plpgsql set search_path = ledger, pg_temp as $$
declare
  v_at constant timestamptz := clock_timestamp();
  v_first constant date := month_at(v_at, 'UTC');
  v_name constant text := left(new.name, 120);
begin
  insert into statement_plan (
    tenant_id, brand, next_month, next_from_at, next_to_at, due_at, created_at, updated_at)
  select
    new.id,
    jsonb_build_object(
      'name', v_name, 'address', '[]'::jsonb, 'inquiry', v_name, 'accent', '#1f2937'),
    to_char(v_first, 'YYYY-MM'),
    start_of_month(v_first, 'UTC'),
    over.at,
    over.at + interval '15 minutes',
    v_at,
    v_at
  from (select start_of_month((v_first + interval '1 month')::date, 'UTC') as at) over;
  return null;
end $$;

create or replace trigger has_statements after insert on ledger.tenant
  for each row execute function ledger.plan_statements();
