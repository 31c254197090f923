-- execute: nobody
-- needs: ledger/upkeep/age.sql

-- How long ago the oldest segment of the archive was finished whose rows of reads and refused
-- sign-ins were not removed; 0 when there is none. Numbers of segments have no gap.
create or replace function ledger.records_kept_ms(p_now timestamptz) returns bigint
language sql stable as $$
  select coalesce((
    select ledger.age_ms(segment.finished_at, p_now)
    from ledger.archive_removal
    join ledger.archive_segment segment on segment.n = archive_removal.done_n + 1
  ), 0)
$$;
