-- execute: quittance_worker
-- needs: ledger/archive/numbering.sql

-- Removes rows of reads and of refused sign-ins that are in the archive for p_days (at least one):
-- p_rows of each kind at most. Begins where the last call ended, with at most 100 segments, and
-- counts on each of them what it has lost. Segments of an earlier numbering of transactions are
-- passed over: their rows are archived once more, and removed with that segment. A segment that was
-- finished ahead of this clock was so under a wrong one, and is waited for no longer. Returns
-- {removed, is_more}: is_more while a further call may find something.
create or replace function ledger.remove_archived_records(
  p_days int,
  p_rows int
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_segments_max constant int := 100;
  v_since constant int := archive_numbered_since();
  v_now constant timestamptz := clock_timestamp();
  the_border archive_removal;
  v_n bigint;
  v_from xid8;
  v_to xid8;
  v_is_full boolean;
  v_removed int;
begin
  if p_days < 1 then raise exception 'archived rows are kept at least a day'; end if;
  if p_rows not between 1 and 10000 then raise exception '1 to 10000 rows at a time'; end if;
  -- The row of the border is the lock: two that remove at once are one after the other.
  select * into the_border from archive_removal for no key update;
  if the_border.done_n = the_border.n then
    select coalesce(min(next.n) filter (where next.is_kept) - 1, max(next.n)) into v_n
    from (
      select
        n,
        status <> 'finished'
          or finished_at between v_now - make_interval(days => p_days) and v_now as is_kept
      from archive_segment
      where n > the_border.n
      order by n
      limit v_segments_max
    ) next;
    if v_n is null or v_n = the_border.n then
      return '{"removed": 0, "is_more": false}'::jsonb;
    end if;
    the_border.n := v_n;
    update archive_removal set n = v_n;
  end if;
  select min(from_xid), max(to_xid) into v_from, v_to
  from archive_segment
  where n > the_border.done_n and n <= the_border.n and epoch >= v_since;
  with accesses as materialized (
    select id
    from archive_access
    where xid >= v_from and xid < v_to
    order by xid
    limit p_rows
  ), sign_ins as materialized (
    select id
    from archive_refused_sign_in
    where xid >= v_from and xid < v_to
    order by xid
    limit p_rows
  ), gone_accesses as (
    delete from archive_access using accesses
    where archive_access.id = accesses.id
    returning xid
  ), gone_sign_ins as (
    delete from archive_refused_sign_in using sign_ins
    where archive_refused_sign_in.id = sign_ins.id
    returning xid
  ), counted as (
    select xid, count(*) as rows
    from (select xid from gone_accesses union all select xid from gone_sign_ins) gone
    group by xid
  ), marked as (
    update archive_segment segment set removed = segment.removed + lost.rows
    from (
      select its.n, sum(counted.rows) as rows
      from counted
      join archive_segment its
        on its.n > the_border.done_n
        and its.n <= the_border.n
        and its.epoch >= v_since
        and its.from_xid <= counted.xid
        and its.to_xid > counted.xid
      group by its.n
    ) lost
    where segment.n = lost.n
  )
  select
    (select count(*) from accesses) = p_rows or (select count(*) from sign_ins) = p_rows,
    coalesce(sum(rows), 0)
  into v_is_full, v_removed
  from counted;
  if not v_is_full then
    update archive_removal set done_n = n;
  end if;
  return jsonb_build_object('removed', v_removed, 'is_more', true);
end $$;
