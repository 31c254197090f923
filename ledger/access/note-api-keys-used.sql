-- execute: quittance_api

-- Notes that these keys were used, each once a minute at most. Rows that somebody else holds are
-- left out: it is noted the next time. Answers how many were written.
create or replace function ledger.note_api_keys_used(p_ids uuid[]) returns int
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_now timestamptz := date_trunc('milliseconds', clock_timestamp());
  v_written int;
begin
  if cardinality(p_ids) > 500 then
    raise exception 'at most 500 keys at a time';
  end if;
  update api_key set last_used_at = v_now
  where id in (
    select stale.id from api_key stale
    where stale.id = any (p_ids)
      and (stale.last_used_at is null or stale.last_used_at <= v_now - interval '1 minute')
    order by stale.id
    for no key update skip locked);
  get diagnostics v_written = row_count;
  return v_written;
end $$;
