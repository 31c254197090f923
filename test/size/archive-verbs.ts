import { v7 as uuidV7 } from 'uuid';
import { tenant } from './commands.ts';
import { api, operator, type VerbCase, worker } from './verb-case.ts';

const hash = (of: string) => `repeat('${of}', 32)`;
const begun = {
  before:
    "insert into ledger.archive_segment (n, epoch, from_xid, to_xid, begun_at) values (100001, 1, '3', '103', now())",
  after:
    'set session_replication_role = replica; delete from ledger.archive_segment where n = 100001; set session_replication_role = origin',
};
const finished = (tenants: number) => `select ledger.finish_archive_segment(jsonb_build_object(
  'n', 100001, 'epoch', 1, 'records', 3000, 'manifest_sha256', ${hash('ab')}, 'root', ${hash('cd')}, 'checkpoint', 'size',
  'tree', jsonb_build_object('size', 100001, 'hashes', jsonb_build_array(${hash('ef')})),
  'objects', (select jsonb_agg(jsonb_build_object('format', format, 'key', format, 'version_id', 'v1', 'sha256', ${hash('ab')}, 'bytes', 1000))
    from unnest(array['segment', 'slices', 'manifest', 'checkpoint']) format),
  'tenants', (select jsonb_agg(jsonb_build_object('tenant_id', id, 'sha256', ${hash('ab')}, 'records', 1)) from (
    select id from ledger.tenant order by id limit ${tenants}) x)))`;
/** 2,500 tenants more, of which 1,900 and those of the book were told today's checkpoint. */
const inPublication = {
  before: `insert into ledger.tenant (id, name) select ('01990000-0004-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'x' from generate_series(1, 2500) n;
    insert into ledger.archive_publication (day, n, begun_at) values (now() at time zone 'UTC', 100000, now());
    insert into ledger.archive_publication_tenant (day, tenant_id, id)
      select now() at time zone 'UTC', id, gen_random_uuid() from ledger.tenant where id <= '01990000-0004-7000-8000-000000001900'`,
  after: `set session_replication_role = replica;
    delete from ledger.archive_publication_tenant where day = (now() at time zone 'UTC')::date;
    delete from ledger.archive_publication where day = (now() at time zone 'UTC')::date;
    delete from ledger.statement_plan where tenant_id in (select id from ledger.tenant where name = 'x');
    delete from ledger.tenant where name = 'x'; set session_replication_role = origin`,
};
const salts = (from: number, count: number) =>
  `select ledger.archive_salts(array_agg(pg_temp_id), array_agg(${tenant(5)})) from (
    select ('01990000-0003-7000-8000-' || lpad(n::text, 12, '0'))::uuid as pg_temp_id from generate_series(${from}, ${from + count - 1}) n) x`;
const accesses = (count: number) => `select ledger.note_accesses((select jsonb_agg(jsonb_build_object(
  'id', gen_random_uuid(), 'tenant_id', ${tenant(5)}, 'minute', now(), 'actor', 'api_key:${uuidV7()}', 'subject_type', 'account',
  'subject_id', gen_random_uuid(), 'count', 1)) from generate_series(1, ${count})))`;
const refused = (count: number) => `select ledger.note_refused_sign_ins((select jsonb_agg(jsonb_build_object(
  'id', gen_random_uuid(), 'tenant_id', null, 'window_at', now(), 'reason', 'unknown_key', 'last4', 'abcd', 'source_hash', null,
  'count', 1, 'first_at', now(), 'last_at', now())) from generate_series(1, ${count})))`;

/** The verbs of the archive. */
export const archiveVerbs: Record<string, readonly VerbCase[]> = {
  begin_archive_segment: [
    worker('behind 100,000 segments', 'select ledger.begin_archive_segment(5000, 3600000)', 2_000),
    { ...worker('one that is begun', 'select ledger.begin_archive_segment(5000, 3600000)', 100), ...begun },
  ],
  finish_archive_segment: [
    { ...worker('of 1,000 tenants', finished(1_000), 35_000), ...begun },
    { ...worker('of one', finished(1), 200), ...begun },
  ],
  archive_salts: [
    worker('1,000 that are there', salts(1, 1_000), 8_000),
    worker('1,000 new ones', salts(200_000, 1_000), 12_000),
  ],
  publish_checkpoint: [
    { ...worker('500 of 2,500 tenants', 'select ledger.publish_checkpoint(500)', 20_000), ...inPublication },
    worker('to the tenants of the book', 'select ledger.publish_checkpoint(500)', 70_000),
  ],
  note_archive_copy: [worker('one', 'select ledger.note_archive_copy(99999)', 50)],
  note_accesses: [api('2,000', accesses(2_000), 40_000)],
  note_refused_sign_ins: [api('200', refused(200), 4_000)],
  remove_archived_records: [
    worker('10,000 of 200,000 of each kind', 'select ledger.remove_archived_records(7, 10000)', 250_000),
    worker('none: the oldest are kept', 'select ledger.remove_archived_records(10000, 10000)', 150),
  ],
  remove_publication_tenants: [
    worker('10,000 of 340 days of all tenants', 'select ledger.remove_publication_tenants(7, 10000)', 100_000),
    worker('none: the oldest are kept', 'select ledger.remove_publication_tenants(10000, 10000)', 1_000),
  ],
  begin_archive_epoch: [operator('one', `select ledger.begin_archive_epoch(null, 'size', 'olga')`, 200)],
};
