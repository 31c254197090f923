-- execute: nobody

-- Where a segment may end that begins with p_from: below p_horizon, and below what makes it larger
-- than p_records. One transaction is never split, so it may be larger by what that one wrote. A
-- batch counts for its commands and entries, which may have a few events each.
create or replace function ledger.archive_range_end(
  p_from xid8,
  p_horizon xid8,
  p_records int
) returns xid8
language sql stable set search_path = ledger, pg_temp as $$
  select min(last.xid)
  from (
    select p_horizon as xid
    union all
    (
      select xid
      from (
        select
          batch.xid,
          batch.commands + batch.entries as own,
          sum(batch.commands + batch.entries) over (order by batch.xid, batch.id) as records
        from (
          select id, xid, commands, entries
          from batch
          where xid >= p_from and xid < p_horizon
          order by xid, id
          limit p_records
        ) batch
      ) counted
      where records > p_records and xid > p_from
      order by xid
      limit 1
    )
    union all
    (
      select xid
      from (
        select xid from batch where xid >= p_from and xid < p_horizon order by xid
        offset p_records limit 1
      ) further
      where xid > p_from
    )
    union all
    (
      select xid
      from (
        select xid from audit where xid >= p_from and xid < p_horizon order by xid
        offset p_records limit 1
      ) further
      where xid > p_from
    )
    union all
    (
      select xid
      from (
        select xid from archive_access where xid >= p_from and xid < p_horizon order by xid
        offset p_records limit 1
      ) further
      where xid > p_from
    )
    union all
    (
      select xid
      from (
        select xid from archive_refused_sign_in where xid >= p_from and xid < p_horizon
        order by xid
        offset p_records limit 1
      ) further
      where xid > p_from
    )
  ) last
$$;

-- Whether transactions from p_from up to p_to (not included) committed anything to record.
create or replace function ledger.has_records(p_from xid8, p_to xid8) returns boolean
language sql stable set search_path = ledger, pg_temp as $$
  select exists (select from batch where xid >= p_from and xid < p_to)
    or exists (select from audit where xid >= p_from and xid < p_to)
    or exists (select from archive_access where xid >= p_from and xid < p_to)
    or exists (select from archive_refused_sign_in where xid >= p_from and xid < p_to)
$$;
