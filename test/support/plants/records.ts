import type { Plant } from './plant.ts';

/** Writes into the log what became of the notices of a transfer. */
const logged = (columns: string, values: string) => `
  insert into ledger.delivery (id, endpoint_id, event_id, tenant_id, subject_type, subject_id, try, took_ms, created_at, ${columns})
  select gen_random_uuid(), endpoint_id, event_id, tenant_id, subject_type, subject_id, 1, 1, now(), ${values}
  from ledger.notice_due where subject_id = $book`;

/** Notices of a transfer that vanish, and what the log says of them. */
export const vanished = {
  gone: 'delete from ledger.notice_due where subject_id = $book',
  failed: logged('outcome, error', "'failed', 'x'"),
  delivered: logged('outcome', "'delivered'"),
};

const { gone, failed } = vanished;

/** Faults of what stands around transfers: keys, tenants, batches, notices and partitions. */
export const records: readonly Plant[] = [
  ['a key is lost', 'keys', 'delete from ledger.idempotency_key where transfer_id = $book'],
  [
    'a key names another transfer',
    'keys',
    'update ledger.idempotency_key set transfer_id = gen_random_uuid() where transfer_id = $book',
  ],
  [
    'a transfer has two keys',
    'keys',
    "insert into ledger.idempotency_key select tenant_id, key || '2', fingerprint, transfer_id, null, null, created_at from ledger.idempotency_key where transfer_id = $book",
  ],
  [
    'a key names a thing that nobody made',
    'keys',
    "insert into ledger.idempotency_key select tenant_id, key || '2', fingerprint, null, null, gen_random_uuid(), created_at from ledger.idempotency_key where transfer_id = $book",
  ],
  [
    'an account has two keys',
    'keys',
    'insert into ledger.idempotency_key select tenant_id, key || n, fingerprint, null, null, $ada, created_at from ledger.idempotency_key, generate_series(1, 2) n where transfer_id = $book',
  ],
  [
    'a transfer strays to another tenant',
    'tenants',
    'update ledger.transfer set tenant_id = (select id from ledger.tenant where id <> $tenant limit 1) where id = $scheduled',
  ],
  [
    'an event strays to another tenant',
    'tenants',
    'update ledger.event set tenant_id = (select id from ledger.tenant where id <> $tenant limit 1) where subject_id = $scheduled',
  ],
  [
    'a batch is lost',
    'batches',
    'delete from ledger.batch where id = (select batch_id from ledger.event where subject_id = $accepted and version = 2)',
  ],
  [
    'a batch counts wrongly',
    'batches',
    'update ledger.batch set entries = entries + 1 where id = (select max(id) from ledger.batch)',
  ],
  ['a notice is lost', 'notices', gone],
  ['the log says that a notice failed, and it is due no more', 'notices', `${failed}; ${gone}`],
  [
    'the partitions end with this month',
    'partitions',
    `do $do$ begin execute format('drop table ledger.posting_%s', to_char((now() + interval '1 month') at time zone 'UTC', 'YYYY_MM')); end $do$`,
  ],
  [
    'the partitions of the log of deliveries end with this month',
    'partitions',
    `do $do$ begin execute format('drop table ledger.delivery_%s', to_char((now() + interval '1 month') at time zone 'UTC', 'YYYY_MM')); end $do$`,
  ],
  [
    'a partitioned table is new, and nobody makes its partitions',
    'partitions',
    'create table ledger.receipt (at timestamptz not null) partition by range (at)',
  ],
  ['a refused entry is forgotten', 'keys', 'delete from ledger.entry_request where id = $refusedEntry'],
  [
    'one key is kept twice, for two transfers',
    'keys',
    `alter table ledger.idempotency_key drop constraint idempotency_key_pkey;
    update ledger.idempotency_key set key = (select key from ledger.idempotency_key where transfer_id = $book) where transfer_id = $accepted;
    update ledger.transfer set idempotency_key = (select idempotency_key from ledger.transfer where id = $book) where id = $accepted`,
  ],
  [
    'a key names a transfer and an entry',
    'keys',
    `alter table ledger.idempotency_key drop constraint idempotency_key_check;
    update ledger.idempotency_key set entry_id = (select entry_id from ledger.transfer where id = $book) where transfer_id = $book`,
  ],
];
