import { date, integer, jsonb, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import type {
  QuietMonths,
  StatementBrand,
  StatementKind,
  StatementLocale,
  StatementStatus,
} from '../../domain/statement.ts';
import { bytea, count, exactInstant, instant, ledger, pgSnapshot, xid8 } from './columns.ts';

/** How a tenant's statements are made, and the month that is not over yet. */
export const statementPlan = ledger.table('statement_plan', {
  tenantId: uuid('tenant_id').primaryKey(),
  version: integer('version').notNull(),
  zone: text('zone').notNull(),
  locale: text('locale').$type<StatementLocale>().notNull(),
  quiet: text('quiet').$type<QuietMonths>().notNull(),
  brand: jsonb('brand').$type<StatementBrand>().notNull(),
  keepYears: smallint('keep_years').notNull(),
  settleMs: integer('settle_ms').notNull(),
  countsFrom: instant('counts_from'),
  nextMonth: text('next_month').notNull(),
  nextFromAt: instant('next_from_at').notNull(),
  nextToAt: instant('next_to_at').notNull(),
  dueAt: exactInstant('due_at').notNull(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
});

/** A tenant's month whose statements are made. */
export const statementMonth = ledger.table(
  'statement_month',
  {
    tenantId: uuid('tenant_id').notNull(),
    month: text('month').notNull(),
    fromAt: instant('from_at').notNull(),
    toAt: instant('to_at').notNull(),
    zone: text('zone').notNull(),
    quiet: text('quiet').$type<QuietMonths>().notNull(),
    status: text('status').$type<'waiting' | 'cutting' | 'making' | 'closed'>().notNull(),
    cutAfter: xid8('cut_after'),
    cutAt: instant('cut_at'),
    accounts: integer('accounts').notNull(),
    pace: integer('pace'),
    pacedAt: exactInstant('paced_at'),
    offeredAt: exactInstant('offered_at').notNull(),
    closingAfter: uuid('closing_after'),
    digest: bytea('digest'),
    openedAt: instant('opened_at').notNull(),
    closedAt: instant('closed_at'),
    /** What the event is about that tells of its close. */
    id: uuid('id'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.month] })],
);

/** How far the statements of a month are: the sum over the stripes. */
export const statementTally = ledger.table(
  'statement_tally',
  {
    tenantId: uuid('tenant_id').notNull(),
    month: text('month').notNull(),
    stripe: count('stripe').generatedAlwaysAsIdentity().notNull(),
    ready: integer('ready').notNull(),
    attention: integer('attention').notNull(),
    minute: instant('minute'),
    inMinute: integer('in_minute').notNull(),
    inMinuteBefore: integer('in_minute_before').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.month, table.stripe] })],
);

export const statement = ledger.table('statement', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  accountId: uuid('account_id').notNull(),
  kind: text('kind').$type<StatementKind>().notNull(),
  number: integer('number'),
  edition: smallint('edition').notNull(),
  replacesId: uuid('replaces_id'),
  month: text('month'),
  day: date('day'),
  sequenceOfDay: smallint('sequence_of_day'),
  fromAt: instant('from_at').notNull(),
  toAt: instant('to_at').notNull(),
  zone: text('zone').notNull(),
  locale: text('locale').$type<StatementLocale>().notNull(),
  accountName: text('account_name').notNull(),
  accountReference: text('account_reference'),
  currency: text('currency').notNull(),
  brand: jsonb('brand').$type<StatementBrand>().notNull(),
  keepYears: smallint('keep_years').notNull(),
  fromSeq: count('from_seq').notNull(),
  toSeq: count('to_seq').notNull(),
  fromPostedAt: instant('from_posted_at'),
  toPostedAt: instant('to_posted_at'),
  opening: count('opening').notNull(),
  closing: count('closing').notNull(),
  held: count('held').notNull(),
  summedSeq: count('summed_seq').notNull(),
  summedAt: instant('summed_at'),
  summedBalance: count('summed_balance').notNull(),
  moneyIn: count('money_in').notNull(),
  moneyOut: count('money_out').notNull(),
  countIn: integer('count_in').notNull(),
  countOut: integer('count_out').notNull(),
  lateCount: integer('late_count').notNull(),
  lateAmount: count('late_amount').notNull(),
  status: text('status').$type<StatementStatus>().notNull(),
  dueAt: exactInstant('due_at').notNull(),
  lease: uuid('lease'),
  tries: integer('tries').notNull(),
  attentionReason: text('attention_reason'),
  documentSha256: bytea('document_sha256'),
  renderer: text('renderer'),
  createdAt: instant('created_at').notNull(),
  readyAt: instant('ready_at'),
  /** A `pg_snapshot` as Postgres prints it. */
  cutSnapshot: pgSnapshot('cut_snapshot'),
});

/** What is stored of a statement. `part`: 0 for the whole, or the manifest of its parts. */
export const statementObject = ledger.table(
  'statement_object',
  {
    statementId: uuid('statement_id').notNull(),
    format: text('format').$type<'json' | 'pdf'>().notNull(),
    part: integer('part').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    key: text('key').notNull(),
    versionId: text('version_id').notNull(),
    sha256: bytea('sha256').notNull(),
    bytes: integer('bytes').notNull(),
    mode: text('mode').$type<'compliance' | 'governance'>().notNull(),
    retainUntil: instant('retain_until').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.statementId, table.format, table.part] })],
);

/** How an account was called until then. */
export const formerAccountName = ledger.table(
  'former_account_name',
  {
    accountId: uuid('account_id').notNull(),
    endedAt: exactInstant('ended_at').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    name: text('name').notNull(),
    xid: xid8('xid').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.endedAt] })],
);
