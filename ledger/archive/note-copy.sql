-- execute: quittance_worker

-- Notes that the checkpoint of a segment is in the second store. False when it is noted already.
create or replace function ledger.note_archive_copy(p_n bigint) returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
begin
  update archive_segment set copied_at = clock_timestamp()
  where n = p_n and status = 'finished' and copied_at is null;
  return found;
end $$;
