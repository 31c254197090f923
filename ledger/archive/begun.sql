-- execute: nobody
-- needs: ledger/archive/range.sql, ledger/rfc3339.sql

-- A segment as its maker needs it: what it follows, and the tree that it is added to.
create or replace function ledger.archive_segment_begun(
  segment ledger.archive_segment,
  the_epoch ledger.archive_epoch,
  p_horizon xid8
) returns jsonb
language sql stable set search_path = ledger, pg_temp as $$
  select jsonb_build_object(
    'status', 'begun',
    'is_more', has_records(segment.to_xid, p_horizon),
    'segment', jsonb_build_object(
      'n', segment.n,
      'epoch', segment.epoch,
      'from_xid', segment.from_xid::text,
      'to_xid', segment.to_xid::text,
      'begun_at', rfc3339(segment.begun_at),
      'abandoned', case when previous.epoch is distinct from segment.epoch
        then the_epoch.abandoned end,
      'previous', case when previous.n is not null then jsonb_build_object(
        'n', previous.n, 'sha256', encode(previous.manifest_sha256, 'hex')) end,
      'tree', jsonb_build_object(
        'size', case when previous.epoch = segment.epoch then previous.tree_size else 0 end,
        'hashes', case when previous.epoch = segment.epoch then (
          select jsonb_agg(encode(hash, 'hex') order by place)
          from unnest(previous.tree_hashes) with ordinality whole (hash, place)
        ) else '[]' end)))
  from (select) one
  left join archive_segment previous on previous.n = segment.n - 1
$$;
