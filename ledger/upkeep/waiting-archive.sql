-- execute: nobody
-- needs: ledger/upkeep/age.sql

-- What waits for the archive: the first row of the book, and of the audit, behind the last finished
-- segment. A step along an index each, however much there is. Returns
--   oldest_ms        how old the older of the two is; 0 when there is none
--   unpublished_ms   for how long no checkpoint was published to all tenants: since the last one,
--                    or since the first segment; 0 when there is no segment
create or replace function ledger.waiting_archive(p_now timestamptz) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'oldest_ms', coalesce(ledger.age_ms(least(first_batch.at, first_act.at), p_now), 0),
    'unpublished_ms', coalesce(
      (
        -- Those of days that lie ahead are passed over: a wrong clock wrote them.
        select ledger.age_ms(published.finished_at, p_now)
        from ledger.archive_publication published
        where published.finished_at <= p_now
        order by published.day desc
        limit 1
      ),
      (
        select ledger.age_ms(first.finished_at, p_now)
        from ledger.archive_segment first
        where first.status = 'finished'
        order by first.n
        limit 1
      ),
      0))
  from (
    -- Where the next one begins, as in begin_archive_segment.
    select case
      when last.epoch is distinct from newest.epoch
      then coalesce(newest.from_xid, last.to_xid, '0')
      else last.to_xid
    end as xid
    from (select epoch, from_xid from ledger.archive_epoch order by epoch desc limit 1) newest
    left join (
      select epoch, to_xid
      from ledger.archive_segment
      where status = 'finished'
      order by n desc
      limit 1
    ) last on true
  ) next
  left join lateral (
    select batch.created_at as at
    from ledger.batch
    where batch.xid >= next.xid
    order by batch.xid
    limit 1
  ) first_batch on true
  left join lateral (
    select act.created_at as at
    from ledger.audit act
    where act.xid >= next.xid
    order by act.xid
    limit 1
  ) first_act on true
$$;
