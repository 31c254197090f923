-- execute: quittance_api
-- needs: ledger/audit/write.sql

-- Writes into the audit that a link to a statement was made, in which format and to which part.
-- False: the tenant has no such statement, or it is not ready.
create or replace function ledger.note_statement_link(
  p_tenant uuid,
  p_statement uuid,
  p_actor text,
  p_format text,
  p_part int
) returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
begin
  if not exists (
    select
    from statement
    where id = p_statement and tenant_id = p_tenant and status = 'ready'
  ) then
    return false;
  end if;
  perform write_audit(
    p_actor, p_tenant, 'statement.link_made', p_statement::text,
    jsonb_build_object('format', p_format, 'part', p_part));
  return true;
end $$;
