import { bigint, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { RailName } from '../../domain/rail.ts';
import { instant, ledger } from './columns.ts';

export const rail = ledger.table('rail', {
  name: text('name').$type<RailName>().primaryKey(),
  breaker: text('breaker').$type<'closed' | 'open'>().notNull(),
  probeAt: instant('probe_at'),
  pausedBy: text('paused_by'),
  windowStartedAt: instant('window_started_at').notNull(),
  good: integer('good').notNull(),
  bad: integer('bad').notNull(),
  badSources: text('bad_sources').array().notNull(),
  probedTenants: text('probed_tenants').array().notNull(),
  probedBanks: text('probed_banks').array().notNull(),
  changedAt: instant('changed_at').notNull(),
  takenAt: instant('taken_at').notNull(),
  termsVersion: integer('terms_version').notNull(),
  termsAt: instant('terms_at').notNull(),
  requestTimeoutMs: integer('request_timeout_ms').notNull(),
  leaseMarginMs: integer('lease_margin_ms').notNull(),
  quietPeriodMs: integer('quiet_period_ms').notNull(),
  inquiryWaitsMs: integer('inquiry_waits_ms').array().notNull(),
  giveUpMs: bigint('give_up_ms', { mode: 'number' }).notNull(),
  retryMs: integer('retry_ms').notNull(),
  deduplicatesMs: bigint('deduplicates_ms', { mode: 'number' }),
  breakerFailures: integer('breaker_failures').notNull(),
  breakerWindowMs: integer('breaker_window_ms').notNull(),
  breakerOpenMs: integer('breaker_open_ms').notNull(),
  turnAccountId: uuid('turn_account_id'),
  tenants: text('tenants').array().notNull(),
});

export const bankBreaker = ledger.table(
  'bank_breaker',
  {
    rail: text('rail').$type<RailName>().notNull(),
    bank: text('bank').notNull(),
    breaker: text('breaker').$type<'closed' | 'open'>().notNull(),
    probeAt: instant('probe_at'),
    good: integer('good').notNull(),
    bad: integer('bad').notNull(),
    tenants: text('tenants').array().notNull(),
    badTenants: text('bad_tenants').array().notNull(),
    windowStartedAt: instant('window_started_at').notNull(),
    changedAt: instant('changed_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.rail, table.bank] })],
);
