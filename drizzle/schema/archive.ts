import { bigint, boolean, date, integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytea, count, instant, ledger, xid8 } from './columns.ts';

/** A line of segments that the store has whole. */
export const archiveEpoch = ledger.table('archive_epoch', {
  epoch: integer('epoch').primaryKey(),
  fromXid: xid8('from_xid'),
  abandoned: jsonb('abandoned'),
  reason: text('reason').notNull(),
  actor: text('actor').notNull(),
  createdAt: instant('created_at').notNull(),
});

/** What the transactions of a range committed, and its place in the tree. */
export const archiveSegment = ledger.table('archive_segment', {
  n: bigint('n', { mode: 'number' }).primaryKey(),
  epoch: integer('epoch').notNull(),
  fromXid: xid8('from_xid').notNull(),
  toXid: xid8('to_xid').notNull(),
  status: text('status').$type<'begun' | 'finished'>().notNull(),
  begunAt: instant('begun_at').notNull(),
  finishedAt: instant('finished_at'),
  records: integer('records'),
  manifestSha256: bytea('manifest_sha256'),
  treeSize: count('tree_size'),
  treeHashes: bytea('tree_hashes').array(),
  root: bytea('root'),
  checkpoint: text('checkpoint'),
  copiedAt: instant('copied_at'),
  removed: integer('removed').notNull(),
});

/** Up to which segment rows of reads and refused sign-ins are removed. */
export const archiveRemoval = ledger.table('archive_removal', {
  one: boolean('one').primaryKey(),
  n: bigint('n', { mode: 'number' }).notNull(),
  doneN: bigint('done_n', { mode: 'number' }).notNull(),
});

/** What the store has of a segment. */
export const archiveObject = ledger.table(
  'archive_object',
  {
    n: bigint('n', { mode: 'number' }).notNull(),
    format: text('format').$type<'segment' | 'slices' | 'manifest' | 'checkpoint'>().notNull(),
    key: text('key').notNull(),
    versionId: text('version_id').notNull(),
    sha256: bytea('sha256').notNull(),
    bytes: integer('bytes').notNull(),
  },
  (table) => [primaryKey({ columns: [table.n, table.format] })],
);

/** The last slice of each tenant. */
export const archiveTenant = ledger.table('archive_tenant', {
  tenantId: uuid('tenant_id').primaryKey(),
  n: bigint('n', { mode: 'number' }).notNull(),
  sha256: bytea('sha256').notNull(),
  records: count('records').notNull(),
});

/** The checkpoint of a day, which every tenant is told. */
export const archivePublication = ledger.table('archive_publication', {
  day: date('day').primaryKey(),
  n: bigint('n', { mode: 'number' }).notNull(),
  begunAt: instant('begun_at').notNull(),
  finishedAt: instant('finished_at'),
  removed: integer('removed').notNull().default(0),
  clearedAt: instant('cleared_at'),
});

/** Which tenants were told it, for some days. */
export const archivePublicationTenant = ledger.table(
  'archive_publication_tenant',
  { day: date('day').notNull(), tenantId: uuid('tenant_id').notNull(), id: uuid('id').notNull() },
  (table) => [primaryKey({ columns: [table.day, table.tenantId] })],
);

/** What commitments to personal data are made with. */
export const archiveSalt = ledger.table('archive_salt', {
  subjectId: uuid('subject_id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  salt: bytea('salt').notNull(),
  createdAt: instant('created_at').notNull(),
});

/** Who read which account, balance or statement in a minute. */
export const archiveAccess = ledger.table('archive_access', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  minute: instant('minute').notNull(),
  actor: text('actor').notNull(),
  subjectType: text('subject_type').$type<'account' | 'balance' | 'statement'>().notNull(),
  subjectId: uuid('subject_id'),
  count: integer('count').notNull(),
  xid: xid8('xid').notNull(),
});

/** Sign-ins that were refused in ten seconds, by cause and source. */
export const archiveRefusedSignIn = ledger.table('archive_refused_sign_in', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id'),
  windowAt: instant('window_at').notNull(),
  reason: text('reason').notNull(),
  last4: text('last4'),
  sourceHash: bytea('source_hash'),
  count: integer('count').notNull(),
  firstAt: instant('first_at').notNull(),
  lastAt: instant('last_at').notNull(),
  xid: xid8('xid').notNull(),
});
