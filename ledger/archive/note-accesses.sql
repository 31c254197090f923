-- execute: quittance_api

-- Writes how often somebody read an account, a balance or a statement in a minute. Members of a
-- row: id, tenant_id, minute, actor, subject_type, subject_id (null: a list of them, or more of
-- them than are counted apart), count. A row that is there was written by the same call before,
-- whose commit was not known: it stays as it is. Returns how many were written.
create or replace function ledger.note_accesses(p_rows jsonb) returns int
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_written int;
begin
  if jsonb_array_length(p_rows) > 2000 then
    raise exception 'at most 2000 rows at a time';
  end if;
  insert into archive_access (id, tenant_id, minute, actor, subject_type, subject_id, count)
  select
    access.id,
    access.tenant_id,
    access.minute,
    access.actor,
    access.subject_type,
    access.subject_id,
    access.count
  from jsonb_to_recordset(p_rows) access (
    id uuid,
    tenant_id uuid,
    minute timestamptz,
    actor text,
    subject_type text,
    subject_id uuid,
    count int)
  on conflict (id) do nothing;
  get diagnostics v_written = row_count;
  return v_written;
end $$;
