-- The archive. It goes on where statements.sql ends, on its connection.
--
-- A hundred thousand segments that are finished, up to transaction 3: the fiftieth has the first
-- one, with 200,000 accesses and as many refused sign-ins, the last one the second; and what is in
-- none yet: transactions 3 to 1,002, each of 10 batches of tenant 5 with an entry and
-- two events, and 20 acts; then the million rows of book.sql, by later ones. 200,000 rows of
-- accesses and of refused sign-ins are by later ones too.
insert into ledger.archive_segment (
  n, epoch, from_xid, to_xid, status, begun_at, finished_at, records, manifest_sha256, tree_size,
  tree_hashes, root, checkpoint, copied_at)
select
  n, 1, case when n <= 50 then '1'::xid8 else '2'::xid8 end,
  case when n < 50 then '1'::xid8 when n = 100000 then '3'::xid8 else '2'::xid8 end,
  'finished', at, at, case when n = 50 then 400000 else 1 end, sha256('m'), n,
  array[sha256('h')], sha256('r'), 'size', case when n % 288 = 0 then at end
from (
  select n, now() - (100000 - n) * interval '5 minutes' - interval '2 hours' as at
  from generate_series(1, 100000) n
) segment;
-- A year of checkpoints that were published, each to all tenants, up to two days ago.
insert into ledger.archive_publication (day, n, begun_at, finished_at)
select (at at time zone 'UTC')::date, 100000 - 288 * n, at, at
from (
  select n, now() - n * interval '1 day' as at from generate_series(2, 340) n
) published;
insert into ledger.archive_publication_tenant (day, tenant_id, id)
select publication.day, tenant.id, gen_random_uuid()
from ledger.archive_publication publication
cross join ledger.tenant;
insert into ledger.archive_tenant (tenant_id, n, sha256, records)
select pg_temp.size_id(1, n), 100000, sha256('s'), 1 from generate_series(1, 20000) n;
insert into ledger.archive_salt (subject_id, tenant_id, salt, created_at)
select pg_temp.size_id(3, n), pg_temp.size_id(1, 5), sha256('s'), now()
from generate_series(1, 100000) n;
insert into ledger.batch (id, xid, created_at, commands, entries)
overriding system value
select 1000000 + n, (3 + n / 10)::text::xid8, at, 1, 1
from (
  select
    n,
    greatest(
      now() - interval '3 hours' + n * interval '1 millisecond', date_trunc('month', now(), 'UTC')
    ) as at
  from generate_series(0::bigint, 9999) n
) batch;
insert into ledger.entry (id, tenant_id, effective_at, batch_id, created_at)
select pg_temp.size_id(7, 900000000 + id), pg_temp.size_id(1, 5), created_at, id, created_at
from ledger.batch
where id >= 1000000;
insert into ledger.posting (
  account_id, seq, id, tenant_id, entry_id, leg, side, currency, amount, signed, balance_after,
  effective_at, created_at)
select
  pg_temp.size_id(3, 900000 + side.account), batch.id,
  pg_temp.size_id(9, 900000000 + 2 * batch.id + side.account), pg_temp.size_id(1, 5),
  pg_temp.size_id(7, 900000000 + batch.id), 1, side.name, 'USD', 1, side.signed, side.signed,
  batch.created_at, batch.created_at
from ledger.batch
cross join (values (0, 'credit', 1), (1, 'debit', -1)) side (account, name, signed)
where batch.id >= 1000000;
insert into ledger.event (
  id, tenant_id, subject_type, subject_id, version, from_state, cause, to_state, batch_id, xid,
  created_at)
select
  gen_random_uuid(), pg_temp.size_id(1, 5), 'entry', gen_random_uuid(), 1, null, 'posted', 'posted',
  batch.id, batch.xid, batch.created_at
from ledger.batch
cross join generate_series(1, 2) twice
where batch.id >= 1000000;
insert into ledger.audit (id, tenant_id, actor, action, subject, detail, created_at, xid)
select
  gen_random_uuid(), pg_temp.size_id(1, 5), 'olga', 'account.changed', 'x', '{}', now(),
  (3 + n / 20)::text::xid8
from generate_series(0, 19999) n;
insert into ledger.archive_access (
  id, tenant_id, minute, actor, subject_type, subject_id, count, xid)
select
  gen_random_uuid(), pg_temp.size_id(1, 5), now(), 'size', 'account', gen_random_uuid(), 1, by.xid
from generate_series(1, 200000)
cross join (values ('1'::xid8), (pg_current_xact_id())) by (xid);
insert into ledger.archive_refused_sign_in (
  id, window_at, reason, last4, count, first_at, last_at, xid)
select gen_random_uuid(), now(), 'unknown_key', 'size', 1, now(), now(), by.xid
from generate_series(1, 200000)
cross join (values ('1'::xid8), (pg_current_xact_id())) by (xid);
