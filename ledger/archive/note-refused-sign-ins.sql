-- execute: quittance_api

-- Writes how often a sign-in was refused, by reason, key and network. Members of a row: id,
-- tenant_id (null: no key of ours), window_at (when it was begun to count), reason, last4,
-- source_hash (hex; null with last4: more of them than are counted apart), count, first_at,
-- last_at. A row that is there was written by the same call before, whose commit was not known: it
-- stays as it is. Returns how many were written.
create or replace function ledger.note_refused_sign_ins(p_rows jsonb) returns int
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_written int;
begin
  if jsonb_array_length(p_rows) > 200 then
    raise exception 'at most 200 rows at a time';
  end if;
  insert into archive_refused_sign_in (
    id, tenant_id, window_at, reason, last4, source_hash, count, first_at, last_at)
  select
    refused.id,
    refused.tenant_id,
    refused.window_at,
    refused.reason,
    refused.last4,
    decode(refused.source_hash, 'hex'),
    refused.count,
    refused.first_at,
    refused.last_at
  from jsonb_to_recordset(p_rows) refused (
    id uuid,
    tenant_id uuid,
    window_at timestamptz,
    reason text,
    last4 text,
    source_hash text,
    count int,
    first_at timestamptz,
    last_at timestamptz)
  on conflict (id) do nothing;
  get diagnostics v_written = row_count;
  return v_written;
end $$;
