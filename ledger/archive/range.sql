-- execute: nobody

-- Where a segment may end that begins with p_from: at p_horizon, or before what makes it larger
-- than p_records of a kind. One transaction is never split, so it may be larger by what one wrote;
-- one that is too large by itself has a segment of its own. A batch counts for its commands and
-- entries, which may have a few events each.
create or replace function ledger.archive_range_end(
  p_from xid8,
  p_horizon xid8,
  p_records int
) returns xid8
language sql stable set search_path = ledger, pg_temp as $$
  select least(p_horizon, min(greatest(too_many.xid, following.xid)))
  from (values ((p_from::text::bigint + 1)::text::xid8)) following (xid)
  cross join (
    (
      select xid
      from (
        select xid, sum(greatest(commands + entries, 1)) over (order by xid, id) as records
        from (
          select id, xid, commands, entries
          from batch
          where xid >= p_from and xid < p_horizon
          order by xid, id
          limit p_records + 1
        ) batch
      ) counted
      where records > p_records
      order by xid
      limit 1
    )
    union all
    (
      select xid from audit where xid >= p_from and xid < p_horizon
      order by xid offset p_records limit 1
    )
    union all
    (
      select xid from archive_access where xid >= p_from and xid < p_horizon
      order by xid offset p_records limit 1
    )
    union all
    (
      select xid from archive_refused_sign_in where xid >= p_from and xid < p_horizon
      order by xid offset p_records limit 1
    )
  ) too_many
$$;

-- Whether transactions from p_from up to p_to (not included) committed anything to record.
create or replace function ledger.has_records(p_from xid8, p_to xid8) returns boolean
language sql stable set search_path = ledger, pg_temp as $$
  select exists (select from batch where xid >= p_from and xid < p_to)
    or exists (select from audit where xid >= p_from and xid < p_to)
    or exists (select from archive_access where xid >= p_from and xid < p_to)
    or exists (select from archive_refused_sign_in where xid >= p_from and xid < p_to)
$$;
