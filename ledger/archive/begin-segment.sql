-- execute: quittance_worker
-- needs: ledger/archive/begun.sql, ledger/archive/range.sql, ledger/milliseconds.sql

-- Fixes the range of the next segment, by a commit before any work: from where the last one ended
-- up to the horizon, below which every transaction has ended, so that nothing can still appear
-- there. At most about p_records records. One that is begun is answered again until it is
-- finished. Without anything to record there is a segment after p_empty_ms, which says so. Returns
--   {status: begun, segment, is_more}   is_more: there is something behind it already
--   {status: nothing, wait_ms}
--   {status: refused}                   the horizon is below the end of the last segment: this
--                                       database counts transactions from the beginning again, as
--                                       after a logical restore
create or replace function ledger.begin_archive_segment(
  p_records int,
  p_empty_ms bigint
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_horizon constant xid8 := pg_snapshot_xmin(pg_current_snapshot());
  v_now constant timestamptz := date_trunc('milliseconds', clock_timestamp());
  v_empty constant interval := milliseconds(p_empty_ms);
  last archive_segment;
  the_epoch archive_epoch;
  fresh archive_segment;
begin
  -- The row of the epoch is the lock: two that begin at once are one after the other.
  select * into the_epoch from archive_epoch order by epoch desc limit 1 for no key update;
  select * into fresh from archive_segment where status = 'begun';
  if found then
    return archive_segment_begun(fresh, the_epoch, v_horizon);
  end if;
  select * into last from archive_segment order by n desc limit 1;
  fresh.from_xid := case
    when last.epoch is distinct from the_epoch.epoch
    then coalesce(the_epoch.from_xid, last.to_xid, '0')
    else last.to_xid
  end;
  if fresh.from_xid > v_horizon then
    return '{"status": "refused"}'::jsonb;
  end if;
  fresh.to_xid := archive_range_end(fresh.from_xid, v_horizon, p_records);
  -- A begin that lies ahead was written by a wrong clock, and is waited for no longer.
  if last.begun_at > v_now - v_empty and last.begun_at <= v_now
    and not has_records(fresh.from_xid, fresh.to_xid)
  then
    return jsonb_build_object(
      'status', 'nothing', 'wait_ms', milliseconds_until(last.begun_at + v_empty, v_now));
  end if;
  insert into archive_segment (n, epoch, from_xid, to_xid, begun_at)
  values (coalesce(last.n, 0) + 1, the_epoch.epoch, fresh.from_xid, fresh.to_xid, v_now)
  returning * into fresh;
  return archive_segment_begun(fresh, the_epoch, v_horizon);
end $$;
