-- execute: quittance_api, quittance_owner
-- needs: ledger/audit/write.sql

-- Sets how many statements of a month may be taken a minute: 0 pauses it, null is as many as can.
-- False: there is no such month that is not closed.
create or replace function ledger.set_statement_pace(
  p_tenant uuid,
  p_month text,
  p_pace int,
  p_actor text
) returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_before int;
begin
  select pace into v_before
  from statement_month
  where tenant_id = p_tenant and month = p_month and status <> 'closed'
  for no key update;
  if not found then return false; end if;
  update statement_month set pace = p_pace, paced_at = null
  where tenant_id = p_tenant and month = p_month;
  perform write_change(
    p_actor, p_tenant, 'statement_month.paced', p_month,
    jsonb_build_object('pace', v_before), jsonb_build_object('pace', p_pace));
  return true;
end $$;
