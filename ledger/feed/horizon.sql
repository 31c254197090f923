-- execute: quittance_api, quittance_worker, quittance_reader
-- needs: ledger/rfc3339.sql

-- How far the feed of events may be read. Returns
--   xid             every transaction below it has ended, so that no event can still appear there
--   withheld_since  when the oldest batch was written that is committed and not below it; null when
--                   there is none
-- Asked for in the statement that reads the events, or before it.
create or replace function ledger.feed_horizon() returns jsonb
language sql stable security definer set search_path = ledger, pg_temp as $$
  select jsonb_build_object(
    'xid', horizon.xid::text,
    'withheld_since', (
      select rfc3339(batch.created_at)
      from batch
      where batch.xid >= horizon.xid
      order by batch.xid
      limit 1))
  from (select pg_snapshot_xmin(pg_current_snapshot()) as xid offset 0) horizon
$$;
