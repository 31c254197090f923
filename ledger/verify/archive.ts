import { attachedFrom } from './attached.ts';
import type { Check } from './run.ts';

/**
 * What the ledger knows of its archive. That the objects themselves are whole is what `verify --archive` asks, without the database. A
 * segment's records are counted along the index of its batches; how many rows were removed of it stands beside it.
 */
export const archive: Check = {
  name: 'archive',
  promise:
    'The segments of the archive follow each other without a gap, each is added to the tree of its epoch, and has as many records as its transactions committed. What was removed of them is in a finished segment.',
  counted: 'segments',
  smallestBy: 'number of the segment',
  examined: 'select count(*) from ledger.archive_segment',
  breaches: `
    with segment as (
      select s.*, lag(s.n) over w as n_before, lag(s.to_xid) over w as xid_before, lag(s.epoch) over w as epoch_before, lag(s.tree_size) over w as size_before,
        lag(s.status) over w as status_before
      from ledger.archive_segment s window w as (order by s.n)
    ), kept as (
      select s.n, s.removed + kept.rows as records, kept.rows as kept
        from ledger.archive_segment s cross join lateral (
          select (select count(*) from ledger.archive_access a where a.xid >= s.from_xid and a.xid < s.to_xid)
            + (select count(*) from ledger.archive_refused_sign_in r where r.xid >= s.from_xid and r.xid < s.to_xid) as rows) kept
        where s.status = 'finished'
    ), counted as (
      select s.n, k.kept, k.records + (select count(*) from ledger.audit a where a.xid >= s.from_xid and a.xid < s.to_xid)
        + coalesce((
          select sum((select count(*) from ledger.entry e where e.batch_id = b.id and e.created_at = b.created_at)
            + (select count(*) + count(*) filter (where e.subject_type = 'statement') from ledger.event e where e.batch_id = b.id and e.created_at = b.created_at))
          from ledger.batch b where b.xid >= s.from_xid and b.xid < s.to_xid), 0) as records,
        not exists (select from ledger.batch b where b.xid >= s.from_xid and b.xid < s.to_xid and b.created_at < ${attachedFrom}) as is_attached
      from kept k join ledger.archive_segment s on s.n = k.n
    ), stored as (
      select o.n, string_agg(o.format, ' ' order by o.format) as formats, max(encode(o.sha256, 'hex')) filter (where o.format = 'manifest') as manifest,
        bool_and(o.key = format('%s-%s.%s', s.epoch, lpad(o.n::text, 8, '0'), case o.format when 'segment' then 'jsonl.gz' when 'slices' then 'slices' when 'manifest' then 'json' else 'note' end)) as named
      from ledger.archive_object o join ledger.archive_segment s on s.n = o.n group by o.n
    )
    select s.n::text as id, format('segment %s of epoch %s (%s) is of transactions from %s up to %s, behind segment %s (%s) of epoch %s, which ended at %s; it has place %s in its tree, behind %s',
      s.n, s.epoch, s.status, s.from_xid, s.to_xid, s.n_before, s.status_before, s.epoch_before, s.xid_before, s.tree_size, s.size_before) as witness
    from segment s
    where s.n <> coalesce(s.n_before, 0) + 1 or s.epoch < s.epoch_before or s.status_before = 'begun' or (s.epoch = s.epoch_before and s.from_xid <> s.xid_before)
      or (s.n_before is null and s.from_xid > '0') or s.tree_size <> case when s.epoch = s.epoch_before then s.size_before else 0 end + 1
      or cardinality(s.tree_hashes) <> length(replace(s.tree_size::bit(64)::text, '0', ''))
    union all
    select s.n::text, format('segment %s: %s records are counted, its transactions committed %s', s.n, s.records, c.records)
    from segment s join counted c on c.n = s.n where c.is_attached and s.records <> c.records
    union all
    select s.n::text, format('segment %s (%s, %s records) has the objects %s and the manifest %s; their manifest is %s', s.n, s.status, s.records, coalesce(o.formats, 'none'),
      encode(s.manifest_sha256, 'hex'), o.manifest)
    from segment s left join stored o on o.n = s.n
    where coalesce(o.formats, '') <> case when s.status = 'begun' then '' when s.records = 0 then 'checkpoint manifest' else 'checkpoint manifest segment slices' end
      or o.manifest is distinct from encode(s.manifest_sha256, 'hex') or not coalesce(o.named, true)
    union all
    select s.n::text, format('segment %s: its checkpoint says %s', s.n, split_part(s.checkpoint, E'\\n', 2))
    from segment s where s.status = 'finished'
      and (split_part(s.checkpoint, E'\\n', 2), split_part(s.checkpoint, E'\\n', 3)) is distinct from (s.tree_size::text, encode(s.root, 'base64'))
    union all
    select t.n::text, format('the last slice of tenant %s is said to be in segment %s, which is %s', t.tenant_id, t.n, coalesce(s.status, 'not there'))
    from ledger.archive_tenant t left join segment s on s.n = t.n
    where s.status is distinct from 'finished' or coalesce(s.records, 0) = 0 or t.records < 1
    union all
    select r.n::text, format('rows are said to be removed up to segment %s, which is %s', r.n, coalesce(s.status, 'not there'))
    from (select coalesce(max(n), -1) as n from ledger.archive_removal) r left join segment s on s.n = r.n
    where r.n <> 0 and s.status is distinct from 'finished'
    union all
    select s.n::text, format('segment %s has lost %s rows, and rows are removed up to segment %s', s.n, s.removed, r.n)
    from segment s join ledger.archive_removal r on r.n < s.n where s.removed > 0
    union all
    select c.n::text, format('segment %s has %s rows of reads and refused sign-ins, all of which are said to be removed', c.n, c.kept)
    from counted c join ledger.archive_removal r on r.done_n >= c.n join segment s on s.n = c.n
    where c.kept > 0 and s.epoch >= (select coalesce(max(e.epoch), 1) from ledger.archive_epoch e where e.from_xid is not null)`,
};
